/**
 * What a sign is shown with: emoji of Unicode 6.0 (2010), so that old phones have them, and of those that are coloured
 * without a variation selector; plain things, far apart in shape and name. The order is part of the protocol: a
 * picture that is changed changes people's signs.
 */
import type { PhraseLanguage } from "./language.ts"

/** Always shown with its name, read out by a screen reader and told over a telephone alike. */
export interface Picture {
  readonly emoji: string
  readonly names: Readonly<Record<PhraseLanguage, string>>
}

export interface SignColour {
  /** Okabe and Ito (2008): told apart with any of the common colour deficiencies; yet never without its name. */
  readonly hex: `#${string}`
  readonly names: Readonly<Record<PhraseLanguage, string>>
}

const picture = (emoji: string, en: string, ru: string): Picture => ({ emoji, names: { en, ru } })
const colour = (hex: `#${string}`, en: string, ru: string): SignColour => ({ hex, names: { en, ru } })

/** 32: five bits. */
export const PICTURES: readonly Picture[] = [
  picture("🐌", "snail", "улитка"),
  picture("🐧", "penguin", "пингвин"),
  picture("🐢", "turtle", "черепаха"),
  picture("🐙", "octopus", "осьминог"),
  picture("🐝", "bee", "пчела"),
  picture("🐟", "fish", "рыба"),
  picture("🐫", "camel", "верблюд"),
  picture("🐼", "panda", "панда"),
  picture("🌵", "cactus", "кактус"),
  picture("🌲", "spruce", "ёлка"),
  picture("🌻", "sunflower", "подсолнух"),
  picture("🍁", "maple", "клён"),
  picture("🍉", "watermelon", "арбуз"),
  picture("🍇", "grapes", "виноград"),
  picture("🌽", "corn", "кукуруза"),
  picture("🍞", "bread", "хлеб"),
  picture("☕", "cup", "чашка"),
  picture("☔", "umbrella", "зонт"),
  picture("⛵", "sail", "парус"),
  picture("🚂", "train", "поезд"),
  picture("🚲", "bicycle", "велосипед"),
  picture("🎁", "gift", "подарок"),
  picture("⚓", "anchor", "якорь"),
  picture("🔑", "key", "ключ"),
  picture("⏰", "clock", "будильник"),
  picture("📖", "book", "книга"),
  picture("🎩", "hat", "шляпа"),
  picture("🎸", "guitar", "гитара"),
  picture("🏠", "house", "дом"),
  picture("⛄", "snowman", "снеговик"),
  picture("💡", "lamp", "лампа"),
  picture("🎈", "balloon", "шарик"),
]

/** Eight: three bits. */
export const SIGN_COLOURS: readonly SignColour[] = [
  colour("#000000", "black", "чёрный"),
  colour("#e69f00", "orange", "оранжевый"),
  colour("#56b4e9", "pale blue", "светло-синий"),
  colour("#009e73", "green", "зелёный"),
  colour("#f0e442", "yellow", "жёлтый"),
  colour("#0072b2", "dark blue", "тёмно-синий"),
  colour("#a0522d", "brown", "коричневый"),
  colour("#999999", "grey", "серый"),
]

/**
 * Any script to lower-case ASCII letters, so that names can be compared at all.
 *
 * Cyrillic by its own table, Chechen digraphs first; everything else by any-ascii. This is for comparing only:
 * no romanised form is ever shown in place of what somebody wrote.
 */
import anyAscii from "any-ascii"

/** What people type for the palochka Ӏ: the letter itself in both cases, Latin I and l, the digit 1, a bar. */
const PALOCHKA = "\u04cf"
const PALOCHKA_LOOKALIKES = /[\u04c0\u04cfIl1|!ǀ]/
const CYRILLIC = /[\u0400-\u052f]/
/**
 * Ukrainian і is typed for it too, and is a vowel in every Ukrainian name. It is read as a palochka only where one
 * can stand: at the beginning of a word or after a consonant that takes it, and before a vowel or the end.
 */
const UKRAINIAN_AS_PALOCHKA = /(?<=^|[гхкптцчлс])[іІ](?=[аеёиоуыэюя]|$)/giu

/**
 * One letter for the palochka, in Cyrillic words only: `кIант`, `к1ант`, `кlант`, `к|ант`, `кіант` and `кӏант` become one.
 * A Latin word keeps its I and l.
 */
export function unifyPalochka(word: string): string {
  if (!CYRILLIC.test(word)) return word
  let out = ""
  for (const letter of word.replace(UKRAINIAN_AS_PALOCHKA, PALOCHKA))
    out += PALOCHKA_LOOKALIKES.test(letter) ? PALOCHKA : letter
  return out
}

/**
 * Chechen, Ingush and Dagestani digraphs, as Russian documents write the same names: the palochka is
 * heard as the plain consonant (`МагIомед` → `Магомед`). Source: Nichols & Vagapov (2004), Chechen-English and
 * English-Chechen Dictionary, spelling tables.
 */
const DIGRAPHS: readonly (readonly [string, string])[] = [
  ["гӏ", "г"],
  ["хӏ", "х"],
  ["кӏ", "к"],
  ["пӏ", "п"],
  ["тӏ", "т"],
  ["цӏ", "ц"],
  ["чӏ", "ч"],
  ["лӏ", "л"],
  ["сӏ", "с"],
  ["къ", "к"],
  ["кь", "к"],
  ["кх", "к"],
  ["гъ", "г"],
  ["гь", "г"],
  ["хъ", "х"],
  ["хь", "х"],
  ["аь", "а"],
  ["оь", "о"],
  ["уь", "у"],
  ["юь", "ю"],
  ["яь", "я"],
  [PALOCHKA, ""],
]

/** Russian letters as in BGN/PCGN (1947), without apostrophes; Ukrainian, Belarusian and Kazakh ones beside them. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ а: "a", б: "b", в: "v", г: "g", д: "d", е: "e", ё: "yo", ж: "zh", з: "z", и: "i", й: "y", к: "k" },
  ...{ л: "l", м: "m", н: "n", о: "o", п: "p", р: "r", с: "s", т: "t", у: "u", ф: "f", х: "kh", ц: "ts" },
  ...{ ч: "ch", ш: "sh", щ: "shch", ъ: "", ы: "y", ь: "", э: "e", ю: "yu", я: "ya" },
  ...{
    і: "i",
    ї: "yi",
    є: "ye",
    ґ: "g",
    ў: "u",
    қ: "k",
    ғ: "g",
    ң: "n",
    ө: "o",
    ү: "u",
    ұ: "u",
    һ: "h",
    ә: "a",
  },
}

/** Lower-case ASCII of one word; anything that is not a letter or digit is dropped. */
export function asciiWord(word: string): string {
  let text = unifyPalochka(word.normalize("NFC")).toLowerCase()
  if (CYRILLIC.test(text)) {
    for (const [digraph, plain] of DIGRAPHS) text = text.replaceAll(digraph, plain)
    let out = ""
    for (const letter of text) out += LETTERS[letter] ?? letter
    text = out
  }
  return anyAscii(text)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
}

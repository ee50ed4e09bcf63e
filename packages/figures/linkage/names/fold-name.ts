/**
 * Two foldings of a name, light and heavy; the original is always kept beside them.
 *
 * Light: one script, one case, no accents: what "written the same" means. Heavy: also one form for what
 * romanisation and spelling habit vary (kh/x/h, zh/j, ye/e/ie, iu/yu, w/v, soft sign, doubled letters, final
 * h, ck/k, th/t, ph/f): what "probably the same name in another spelling" means.
 */
import { asciiWord } from "./transliterate.ts"

export interface FoldedName {
  /** Words in ASCII, as ordered, joined by a space. Empty when nothing is known. */
  readonly light: string
  /** Per word: every heavy form it may have. Usually one; two where a letter is ambiguous (x: ks or h). */
  readonly keys: readonly (readonly string[])[]
}

/** What people write when they know nothing: not names. Compared after light folding. */
const PLACEHOLDERS = new Set([
  ...[
    "unknown",
    "unk",
    "na",
    "nan",
    "none",
    "null",
    "nil",
    "missing",
    "anonymous",
    "anon",
    "notknown",
    "notstated",
  ],
  ...["neizvestno", "neizvesten", "neizvestna", "neizvestnyy", "neizvestnaya", "netdannykh", "net", "anonim"],
  ...[
    "ubekannt",
    "unbekannt",
    "ukendt",
    "inconnu",
    "inconnue",
    "desconocido",
    "desconocida",
    "xx",
    "xxx",
    "tbd",
  ],
])

/** Whether a value says that nothing is known: empty, dashes, question marks, "unknown" in several languages. */
export function isPlaceholder(value: string): boolean {
  const letters = asciiWord(value)
  return letters === "" || PLACEHOLDERS.has(letters)
}

const WORD_BREAK = /[\s,;/()"«»„“”_-]+/u
/** Titles and particles that some lists add and others omit. */
const TITLES = new Set([
  "mr",
  "mrs",
  "ms",
  "miss",
  "dr",
  "prof",
  "sir",
  "hr",
  "herr",
  "frau",
  "fru",
  "gr",
  "grazhdanin",
])

/** Folds a whole name part, of one word or several. */
export function foldName(value: string): FoldedName {
  if (isPlaceholder(value)) return { light: "", keys: [] }
  const words: string[] = []
  for (const raw of value.split(WORD_BREAK)) {
    const word = asciiWord(raw)
    if (word !== "" && !TITLES.has(word)) words.push(word)
  }
  return { light: words.join(" "), keys: words.map(heavyKeys) }
}

/** Every heavy form of one ASCII word. */
export function heavyKeys(word: string): readonly string[] {
  if (!word.includes("x")) return [heavyKey(word)]
  // "Axmad" is Akhmad, "Maxim" is Maksim: both readings are kept.
  return [...new Set([heavyKey(word.replaceAll("x", "ks")), heavyKey(word.replaceAll("x", "kh"))])]
}

/**
 * Rules in order. Capitals stand for one sound each, so that later rules leave them alone: S sh, C ch, J zh or
 * dzh, T ts.
 */
const HEAVY_RULES: readonly (readonly [RegExp, string])[] = [
  [/shch|sch|sh/g, "S"],
  [/chr/g, "kr"],
  [/tsch|tch|ch/g, "C"],
  [/dzh|dsch|dj|zh/g, "J"],
  [/^j(?=[aeiouy])/, "J"],
  [/kh/g, "h"],
  [/gh/g, "g"],
  [/ph/g, "f"],
  [/th/g, "t"],
  [/dt$/, "t"],
  [/ck/g, "k"],
  [/tz|ts/g, "T"],
  [/c(?=[eiy])/g, "s"],
  [/[cq]/g, "k"],
  [/w/g, "v"],
  [/(?<=[oe])ff?$/, "v"],
  [/ae/g, "a"],
  [/oe/g, "o"],
  [/ue/g, "u"],
  [/ou|oo/g, "u"],
  // ё is written yo, io, e.
  [/(?<=[^aeiouy])(yo|jo)/g, "e"],
  [/[yj]/g, "i"],
  [/ie/g, "e"],
  [/^iu/, "u"],
  [/(.)\1+/g, "$1"],
  [/(?<=[aeiou])h$/, ""],
  // Thomsen and Thomson; not Jason, whose stem would be too short.
  [/(?<=[^aeiou].{2})son$/, "sen"],
]

/** The heavy form of one ASCII word. Idempotent on none of its own output: it is a key, not a spelling. */
function heavyKey(word: string): string {
  let key = word
  for (const [pattern, replacement] of HEAVY_RULES) key = key.replace(pattern, replacement)
  return key === "" ? word : key
}

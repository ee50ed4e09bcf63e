/** Russian in Latin letters: as passports write it (ICAO Doc 9303) and as people type it (ГОСТ 7.79-2000, system B). */

const ICAO: Readonly<Record<string, string>> = {
  а: "a",
  б: "b",
  в: "v",
  г: "g",
  д: "d",
  е: "e",
  ё: "e",
  ж: "zh",
  з: "z",
  и: "i",
  й: "i",
  к: "k",
  л: "l",
  м: "m",
  н: "n",
  о: "o",
  п: "p",
  р: "r",
  с: "s",
  т: "t",
  у: "u",
  ф: "f",
  х: "kh",
  ц: "ts",
  ч: "ch",
  ш: "sh",
  щ: "shch",
  ъ: "ie",
  ы: "y",
  ь: "",
  э: "e",
  ю: "iu",
  я: "ia",
}

const GOST: Readonly<Record<string, string>> = {
  ...ICAO,
  ё: "yo",
  й: "j",
  х: "x",
  ц: "cz",
  щ: "shh",
  ъ: "``",
  ы: "y`",
  ь: "`",
  э: "e`",
  ю: "yu",
  я: "ya",
}

/** Both, without repetition; nothing for a text without Cyrillic letters. */
export function transliterations(text: string): readonly string[] {
  if (!/[а-яё]/i.test(text)) return []
  const lower = text.toLowerCase()
  const by = (table: Readonly<Record<string, string>>): string =>
    [...lower].map((letter) => table[letter] ?? letter).join("")
  return [...new Set([by(ICAO), by(GOST)])]
}

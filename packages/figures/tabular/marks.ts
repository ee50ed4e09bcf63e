/** "On this list" and "not on this list", as people, spreadsheets and data frames write them. */
const MARKS: Readonly<Record<string, 0 | 1>> = {
  ...{ "1": 1, "1.0": 1, true: 1, t: 1, yes: 1, y: 1, ja: 1, j: 1, oui: 1, si: 1, sí: 1, да: 1, так: 1 },
  ...{ wahr: 1, sand: 1, vrai: 1, истина: 1 },
  ...{ "0": 0, "0.0": 0, false: 0, f: 0, no: 0, n: 0, nein: 0, nej: 0, non: 0, нет: 0, ні: 0 },
  ...{ falsch: 0, falsk: 0, faux: 0, ложь: 0 },
}

/** @returns undefined for any other value; an empty one is no 0. */
export const markOf = (value: string): 0 | 1 | undefined => MARKS[value.toLowerCase()]

/** What stands beside an empty cell for "on this list". */
const CROSSES = /^[xх×✓✔☑+*•]$/i
const NOTHING = /^[-–—.]?$/
/** One cell that was typed wrongly does not make a list something else. */
const NEARLY_ALL = 0.9

/**
 * Whether a column says of each row whether it is on a list: marks, crosses beside empty cells, or one word beside empty
 * cells, in nearly all rows. For rules that protect people; what is estimated takes clean columns only.
 */
export function looksLikeMarks(cells: readonly string[]): boolean {
  const written = cells.filter((value) => !NOTHING.test(value))
  if (written.length === 0) return false
  if (written.length < cells.length && new Set(written).size === 1) return true
  const marks = written.filter((value) => markOf(value) !== undefined || CROSSES.test(value))
  return marks.length >= NEARLY_ALL * written.length
}

/** Times in what a relay keeps or says: it has no reason for any (rule T4). Numbers and writing that fall into the drill's week. */
import { readFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import type { Finding } from "./section.ts"

/** Milliseconds since 1970. */
export interface Span {
  readonly from: number
  readonly until: number
}

const isWithin = (ms: number, { from, until }: Span): boolean => ms >= from && ms <= until

/** Seconds, milliseconds, microseconds, nanoseconds since 1970. */
export const isMoment = (value: number, span: Span): boolean =>
  [1000, 1, 1e-3, 1e-6].some((toMs) => isWithin(value * toMs, span))

const WRITTEN = [
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d/g,
  /(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? \d{1,2}[ -][A-Z][a-z]{2}[ -]\d{2,4}/g,
  /\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d/g,
  /(?<![\d.])\d{10}(?:\d{3}){0,3}(?![\d.])/g,
] as const

/** In a log or any other text. */
export function momentsInText(text: string, span: Span, where: string): readonly Finding[] {
  const times = WRITTEN.flatMap((pattern) => [...text.matchAll(pattern)]).filter(
    ([found]) => !/^\d+$/.test(found) || isMoment(Number(found), span),
  ).length
  return times === 0 ? [] : [{ kind: "moment", what: "a written time", form: "text", where, times }]
}

/** In a database that is public anyway: every number, and every text, of every table. */
export function momentsInDatabase(path: string, span: Span, where: string): readonly Finding[] {
  const database = new DatabaseSync(path, { readOnly: true })
  const found = new Map<string, number>()
  const note = (column: string): void => {
    found.set(column, (found.get(column) ?? 0) + 1)
  }
  try {
    for (const { name } of database.prepare("select name from sqlite_schema where type = 'table'").all())
      for (const row of database.prepare(`select * from "${name}"`).iterate())
        for (const [column, value] of Object.entries(row)) {
          if (typeof value === "number" && isMoment(value, span)) note(`${name}.${column}`)
          if (typeof value === "string" && momentsInText(value, span, "").length > 0)
            note(`${name}.${column}`)
        }
  } finally {
    database.close()
  }
  return [...found].map(([column, times]) => ({
    kind: "moment",
    what: column,
    form: "a column",
    where,
    times,
  }))
}

export const momentsInFile = (path: string, span: Span, where: string): readonly Finding[] =>
  momentsInText(readFileSync(path, "latin1"), span, where)

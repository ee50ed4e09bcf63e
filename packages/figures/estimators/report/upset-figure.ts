/**
 * Which lists share whom: a bar for each combination of lists, a dot matrix below it.
 *
 * Source: Lex, Gehlenborg, Strobelt, Vuillemot & Pfister (2014), UpSet, IEEE TVCG 20.
 */
import { bitCount, type CaptureTable, listTotal } from "../capture-table.ts"
import { people } from "../people.ts"
import { escapeHtml } from "./markup.ts"

const MOST = 31
const COLUMN = 30
const ROW = 24
const BARS = 140
/** Where names begin, behind the bars of list totals; pixels. */
const NAMES = 54
/** A wide Cyrillic letter at 12 px. */
const LETTER = 7.8
const MOST_LETTERS = 13

/** @param names shown for the lists, which may be letters instead of names. */
export function upsetFigure(table: CaptureTable, names: readonly string[]): string {
  const patterns = [...table.histories]
    .map((history, i) => ({ history, count: table.counts[i] ?? 0 }))
    .sort((a, b) => b.count - a.count || bitCount(a.history) - bitCount(b.history))
  const shown = patterns.slice(0, MOST)
  const largest = shown[0]?.count ?? 1
  const totals = names.map((_, list) => listTotal(table, list))
  const largestTotal = Math.max(...totals)
  const shownNames = names.map((name) => shorten(name, MOST_LETTERS))
  const left = Math.ceil(NAMES + 10 + LETTER * Math.max(...shownNames.map((name) => name.length)))
  const width = left + shown.length * COLUMN + 10
  const height = BARS + 26 + names.length * ROW + 6
  const top = BARS + 26
  const parts: string[] = []
  shownNames.forEach((name, list) => {
    const y = top + list * ROW
    if (list % 2 === 0) parts.push(`<rect class="band" x="0" y="${y}" width="${width}" height="${ROW}"/>`)
    const bar = (48 * (totals[list] ?? 0)) / largestTotal
    parts.push(
      `<rect class="mark" x="${(48 - bar).toFixed(1)}" y="${y + 7}" width="${bar.toFixed(1)}" height="10"/>`,
      `<text x="${NAMES}" y="${y + 16}">${escapeHtml(name)}</text>`,
    )
  })
  shown.forEach(({ history, count }, i) => {
    const x = left + i * COLUMN + COLUMN / 2
    const tall = Math.max((BARS - 8) * (count / largest), 1)
    parts.push(
      `<rect class="mark" x="${x - 9}" y="${(BARS + 14 - tall).toFixed(1)}" width="18" height="${tall.toFixed(1)}"/>`,
      `<text class="count" x="${x}" y="${(BARS + 10 - tall).toFixed(1)}" text-anchor="middle">${people(count)}</text>`,
    )
    const on = names.map((_, list) => list).filter((list) => history & (1 << list))
    const middle = (list: number): number => top + list * ROW + ROW / 2
    if (on.length > 1)
      parts.push(
        `<line class="link" x1="${x}" x2="${x}" y1="${middle(on[0] ?? 0)}" y2="${middle(on.at(-1) ?? 0)}"/>`,
      )
    names.forEach((_, list) => {
      parts.push(`<circle class="${on.includes(list) ? "on" : "off"}" cx="${x}" cy="${middle(list)}" r="6"/>`)
    })
  })
  const rest = patterns.length - shown.length
  return `<div class="scroll" tabindex="0" role="region" aria-label="Combinations of lists"><svg class="upset" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="How many people are on each combination of lists">${parts.join("")}</svg></div>${rest > 0 ? `<p class="note">${rest} rarer combinations are not drawn.</p>` : ""}`
}

const shorten = (name: string, length: number): string =>
  name.length <= length ? name : `${name.slice(0, length - 1)}…`

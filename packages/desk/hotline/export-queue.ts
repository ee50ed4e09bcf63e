/** The queue as CSV: what a coordinator counts by, and nothing that people wrote. RFC 4180. */
import type { ThreadSummary } from "./model.ts"

const COLUMNS = [
  "label",
  "state",
  "urgency",
  "assignee",
  "unanswered_since",
  "last_reply",
  "messages",
  "put_aside",
] as const

/** No ids, no texts, no notes: a file lies outside the vault, where whoever finds it reads it. Hours, not seconds. */
export function queueCsv(threads: readonly ThreadSummary[]): string {
  const rows = threads.map((thread) => [
    thread.label,
    thread.state,
    thread.urgency,
    thread.assignee,
    hour(thread.unansweredSince),
    hour(thread.lastReply),
    String(thread.messages),
    String(thread.putAside),
  ])
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("")
}

/** "2019-01-14 09h" UTC. */
const hour = (time: number | null): string =>
  time === null ? "" : `${new Date(time * 1000).toISOString().slice(0, 13).replace("T", " ")}h`

/** A colleague's label that begins like a formula stays a text in a spreadsheet. */
function cell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

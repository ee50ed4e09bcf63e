/** What a linkage says of itself: a warning when it speaks against a number, a note when it says how something was read. */
export const NOTE_CODES = [
  // the lists
  "read-as",
  "encoding-guessed",
  "columns-joined",
  "whole-name-completes",
  "date-parts",
  "day-order-unproved",
  "unreadable-dates",
  "short-years",
  "new-year-dates",
  "mostly-absent",
  "name-in-place",
  "shared-identifier",
  "lists-alike",
  "id-repeats",
  "repeated-ids",
  "too-many-columns",
  // which pairs are compared
  "every-pair",
  "no-blocking-rule",
  "unknown-key",
  "rule-too-coarse",
  "block-passed-over",
  "pairs-missed",
  // the model and what it joined
  "nothing-learnt",
  "too-many-matches",
  "few-columns",
  "large-group",
] as const

export type NoteCode = (typeof NOTE_CODES)[number]

/**
 * What a note means for a number of people that is drawn from the linkage:
 * `untenable`, its groups are no people, and no number but a confirmed minimum may be drawn;
 * `missed`, records of one person may stand apart; `mixed-up`, people may stand in one group;
 * `copied`, a list may be no source of its own; `none`, nothing.
 */
export type Effect = "untenable" | "missed" | "mixed-up" | "copied" | "none"

export const EFFECTS = {
  "read-as": "none",
  "encoding-guessed": "none",
  "columns-joined": "none",
  "whole-name-completes": "none",
  "date-parts": "none",
  "day-order-unproved": "missed",
  "unreadable-dates": "missed",
  "short-years": "missed",
  "new-year-dates": "none",
  "mostly-absent": "none",
  "name-in-place": "missed",
  "shared-identifier": "mixed-up",
  "lists-alike": "copied",
  "id-repeats": "mixed-up",
  "repeated-ids": "none",
  "too-many-columns": "missed",
  "every-pair": "none",
  "no-blocking-rule": "missed",
  "unknown-key": "missed",
  "rule-too-coarse": "missed",
  "block-passed-over": "none",
  "pairs-missed": "missed",
  "nothing-learnt": "untenable",
  "too-many-matches": "untenable",
  "few-columns": "mixed-up",
  "large-group": "untenable",
} as const satisfies Readonly<Record<NoteCode, Effect>>

export type UntenableCode = {
  [Code in NoteCode]: (typeof EFFECTS)[Code] extends "untenable" ? Code : never
}[NoteCode]

export const isUntenableCode = (code: NoteCode): code is UntenableCode => EFFECTS[code] === "untenable"

export const isUntenable = (notes: readonly Pick<Note, "code">[]): boolean =>
  notes.some(({ code }) => isUntenableCode(code))

/** What a reader must know about a linkage before its numbers. Warnings stand first in every output. */
export interface Note {
  readonly severity: "warning" | "note"
  /** For programs. */
  readonly code: NoteCode
  /** One or two sentences for a person. */
  readonly text: string
}

export const warning = (code: NoteCode, text: string): Note => ({ severity: "warning", code, text })
export const note = (code: NoteCode, text: string): Note => ({ severity: "note", code, text })

/** 12345 → "12,345": every count in a sentence is printed so. */
export const counted = (value: number): string => Math.round(value).toLocaleString("en-GB")

/** 0.1234 → "12 %". Within one per cent of nothing or of all with one decimal: "100 %" is all of them, never nearly all. */
export function percent(share: number): string {
  const value = share * 100
  if (value > 99 && value < 100) return `${Math.min(value, 99.9).toFixed(1)} %`
  return `${value > 0 && value < 1 ? value.toFixed(1) : Math.round(value)} %`
}

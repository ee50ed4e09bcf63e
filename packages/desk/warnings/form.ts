/** What an officer fills in. Plain data, shared by window and vault; nothing in it is checked yet. */
import type { Certainty, Response, Severity, Urgency } from "@kunak/core/warning/scale"

export interface FormText {
  readonly headline: string
  readonly description: string
  readonly instruction: string
}

export interface DraftForm {
  readonly kind: "approved" | "free" | "withdrawal"
  /** Id of the charter's wording; only for `approved`. */
  readonly wording: number
  /** Ids of the charter's areas. */
  readonly areas: readonly number[]
  /** Calendar day in the charter's zone, "2026-11-22"; only for `approved`. */
  readonly since: string
  /** "" for at once, else a minute in the charter's zone, "2026-11-22T18:00". */
  readonly starts: string
  /** Validity, hours from its start. */
  readonly hours: number
  readonly severity: Severity
  readonly urgency: Urgency
  readonly certainty: Certainty
  readonly responses: readonly Response[]
  /** By language; only for `free`. */
  readonly texts: Readonly<Record<string, FormText>>
  /** For colleagues, never published. */
  readonly note: string
  /** Ids of the public sources it rests on, never published. */
  readonly sources: readonly string[]
  /** Hex hash of the warning that this one replaces; "" for none. */
  readonly replaces: string
}

export const EMPTY_TEXT: FormText = { headline: "", description: "", instruction: "" }

export const isEmptyText = (text: FormText): boolean =>
  text.headline === "" && text.description === "" && text.instruction === ""

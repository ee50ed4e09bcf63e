/** What must not be found: a text that somebody in the drill's week typed, or a key that a vault held. */
import type { Week } from "@kunak/core/time/instant"

/** Who may have it without that being a leak; each with its reason in docs/drill.md. */
export type Holder =
  /** Its disk and memory: placing keys, handles, the line's key, role-wide capabilities. */
  | "duty"
  /** A relay's disk and memory: its own key. */
  | "relay"
  /** A running relay's memory: the capability that a request brings. */
  | "relay-memory"
  /** Behind TLS or Tor; the drill's wire is bare, so that it can be read. */
  | "wire"
  /** The person's browser while its page is open. */
  | "page"

export interface Canary {
  /** The field of the schema that it stands for: "letter.message.text", "vault.week_key.key". */
  readonly field: string
  /** Whole: too short or too common to be cut into fragments. */
  readonly kind: "text" | "whole-text" | "key" | "whole-bytes"
  readonly value: string | Uint8Array
  readonly may: readonly Holder[]
  /** Of a key that serves one week: once that is over, nobody may have it. */
  readonly week?: Week
}

/** What may be where at the end: whoever was given a key for a week has no use for it afterwards. */
export const afterWeeks = (canaries: readonly Canary[], now: Week): readonly Canary[] =>
  canaries.map((canary) =>
    canary.week !== undefined && canary.week < now
      ? { ...canary, field: `${canary.field}, of a week that is over`, may: [] }
      : canary,
  )

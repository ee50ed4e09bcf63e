/** What needs somebody now: one line each, most urgent first. */
import type { Instant } from "@kunak/core/time/instant"

interface About<Kind extends string> {
  readonly kind: Kind
  readonly id: string
  readonly headline: string
}

export type TodayItem =
  | About<"sign" | "not-out-yet">
  | (About<"expiring"> & { readonly expires: Instant })
  | { readonly kind: "delegations-end" | "charter-ends"; readonly days: number; readonly ends: Instant }
  | { readonly kind: "receipt-due"; readonly last: Instant | null }
  | { readonly kind: "edition-stale"; readonly issued: Instant }
  | { readonly kind: "no-edition" }
  | { readonly kind: "relay-down" | "log-trouble"; readonly relay: "A" | "B"; readonly cause: string }
  | { readonly kind: "relay-behind" | "relay-lies"; readonly relay: "A" | "B" }
  | { readonly kind: "not-shown"; readonly count: number }
  | { readonly kind: "clock-wrong"; readonly minutes: number }

export type Urgency = "now" | "soon"

export interface TodayView {
  readonly items: readonly (TodayItem & { readonly urgency: Urgency })[]
  /** The newest edition that this desk has verified; null before the first. */
  readonly edition: { readonly term: number; readonly number: number; readonly issued: Instant } | null
  readonly relays: readonly {
    readonly name: "A" | "B"
    readonly state: "serves" | "behind" | "down" | "unknown"
  }[]
  readonly waitingToLeave: number
  /** While a long log is read after days offline. */
  readonly progress: { readonly read: number; readonly head: number } | null
}

/** What needs somebody now: one line each, most urgent first. */
import type { Instant } from "@kunak/core/time/instant"
import type { ThreadUrgency } from "../hotline/model.ts"

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
  | {
      readonly kind: "relay-down" | "log-trouble" | "ring-trouble"
      readonly relay: "A" | "B"
      readonly cause: string
    }
  | { readonly kind: "relay-behind" | "relay-lies"; readonly relay: "A" | "B" }
  | { readonly kind: "not-shown"; readonly count: number }
  /** Seconds by which this computer's clock is ahead, or behind where negative; by what it is known. */
  | { readonly kind: "clock-wrong"; readonly seconds: number; readonly by: "relays" | "edition" }
  /** Both relays' clocks agree with this computer's: duty's is wrong. */
  | { readonly kind: "edition-ahead"; readonly seconds: number }
  | { readonly kind: "disk-low"; readonly freeBytes: number }
  /** This computer writes memory to the disk in the clear. */
  | { readonly kind: "swap" }
  | HotlineItem

/** `id` is a thread's. */
export type HotlineItem =
  | {
      readonly kind: "unanswered"
      readonly id: string
      readonly label: string
      readonly thread: ThreadUrgency
      readonly since: Instant
      readonly isMine: boolean
    }
  /** Slots that wait for a desk, in hundredths of the ring; hours until it is full at the present rate. */
  | {
      readonly kind: "ring-filling"
      readonly relay: "A" | "B"
      readonly percent: number
      readonly hours: number | null
    }
  | { readonly kind: "unopened"; readonly count: number }
  | { readonly kind: "missed-windows"; readonly count: number }
  /** Positions of a ring that were overwritten before this desk had read them. */
  | { readonly kind: "overwritten"; readonly relay: "A" | "B"; readonly count: number }
  /** Notes under keys that are destroyed: a colleague's clock is wrong. */
  | { readonly kind: "notes-lost"; readonly count: number }
  /** The newest edition has no intake key: the page says that nobody receives. */
  | { readonly kind: "not-receiving" }
  /** Intake keys end so soon. */
  | { readonly kind: "keys-ending"; readonly hours: number }
  /** The enrolment is of before the hotline: what this desk has opened stays in the ring until a colleague says so. */
  | { readonly kind: "cannot-acknowledge" }

export type Urgency = "now" | "soon"

/** What the closing of the organisation leaves to this desk, in the order in which it is done. */
export interface ClosedView {
  /** Issue time of the first edition that said so here; null while the page does not say it yet. */
  readonly since: Instant | null
  /** So long the desk stays on: what came before is opened, and its keys are destroyed. Null while `since` is. */
  readonly stayUntil: Instant | null
  /** Both are done. */
  readonly isOpened: boolean
  /** While this officer's week lasts, two can still withdraw what stands; null when it is over. */
  readonly withdrawsUntil: Instant | null
  /** The signers have taken this officer's key back. */
  readonly isRevoked: boolean
}

export interface TodayView {
  /** Null while the organisation is open. */
  readonly closed: ClosedView | null
  readonly items: readonly (TodayItem & { readonly urgency: Urgency })[]
  /** The newest edition that this desk has verified; null before the first. */
  readonly edition: { readonly term: number; readonly number: number; readonly issued: Instant } | null
  readonly relays: readonly {
    readonly name: "A" | "B"
    readonly state: "serves" | "behind" | "down" | "unknown"
    /** What it served when it last answered. */
    readonly served: { readonly term: number; readonly number: number; readonly issued: Instant } | null
  }[]
  readonly health: HealthView
  readonly waitingToLeave: number
  /** While a long log is read after days offline. */
  readonly progress: { readonly read: number; readonly head: number } | null
}

/** Figures for whoever keeps it running. Nothing in it was asked of a relay for this. */
export interface HealthView {
  /** The duty that keeps the line, as the week's delegation counts them; `seen` is its last sign of life. */
  readonly duty: { readonly number: number | null; readonly seen: Instant } | null
  readonly delegationsEnd: Instant
  readonly charterEnds: Instant
  /** Envelopes that wait for a desk; `hours` until none fits any more, at the rate of the last day. */
  readonly rings: readonly {
    readonly relay: "A" | "B"
    readonly waiting: number
    readonly slots: number
    readonly hours: number | null
  }[]
  /** Seconds that a relay's clock is ahead of this computer's. */
  readonly clocks: readonly { readonly relay: "A" | "B"; readonly seconds: number | null }[]
  /** Room on the vault's disk. */
  readonly freeBytes: number | null
  readonly version: string
}

/**
 * What a visit knows, for the view to show. The exchange behind it is the same for everybody (docs/protocol.md §21):
 * nothing that a person does here changes what is sent, when, or how large.
 */
import type { ThreadRoot } from "@kunak/core/thread/keys"
import type { Instant } from "@kunak/core/time/instant"
import type { RelayState } from "../state/relay-state.ts"

/**
 * waiting: for the next tick that brings an envelope. left: it went out, and no relay has said yet that it has it. half: one relay says that it has it on its disk. handed-over: both say so, or
 * one while the other is silent. opened: the thread's own cells say that a desk has it. Both relays get it in turn until it is opened.
 */
export type MessageProgress = "waiting" | "left" | "half" | "handed-over" | "opened"

/** The text itself stays in the control that it was typed into (docs/protocol.md §21, the page's rule G19). */
export interface SentMessage {
  /** Hexadecimal. */
  readonly id: string
  readonly progress: MessageProgress
  /** Until it leaves for a relay that has not got it; null when no envelope is left for it, or both have it. */
  readonly leavesInSeconds: number | null
}

/** One answer, put together from its parts as they come. */
export interface Reply {
  /** Hexadecimal. */
  readonly id: string
  /** Seconds since 1970. */
  readonly written: number
  readonly expires: number
  /** By place; null where a part has not come yet. */
  readonly parts: readonly (string | null)[]
  readonly isRead: boolean
}

/** What stands in the way of handing a message over, the worst first. */
export type Obstacle =
  /** Nobody's intake key is valid: the line does not receive. The message is kept while the page is open. */
  | "not-receiving"
  /** Neither relay answers: nothing leaves. */
  | "both-down"
  /** The ring is full at the relay that was asked last: to everybody alike. */
  | "busy"
  /** The puzzle took longer than the time between two ticks: this device is slow. */
  | "slow-device"
  /** One relay is down: messages take twice as long, replies can't be read. */
  | "one-down"

export interface VisitState {
  /** Last tick done; −1 before the first. */
  readonly tick: number
  /** The fifteen are done: "reload to go on". */
  readonly isOver: boolean
  /** Seconds until what would be written now leaves; null when no envelope is left for it. */
  readonly nextSendSeconds: number | null
  /** Seconds until the visit's last envelope is closed; below zero afterwards. */
  readonly lastSendSeconds: number
  /** A and B, as their last headers were judged; null before tick 0. */
  readonly relays: readonly [RelayState, RelayState] | null
  readonly obstacle: Obstacle | null
  /** Headers that differ by more than two, or one that does not verify (rule Z4). */
  readonly disagree: boolean
  /**
   * Rows that did not lead to the signed root, in this visit, of an edition that both relays have: one lies or is broken
   * (rule Z2).
   */
  readonly brokenLookUps: number
  /** Complete rounds of look-ups (all four slots of the thread) since the person came in. */
  readonly rounds: number
  readonly messages: readonly SentMessage[]
  /** When a desk last opened something that was written with these words; null where the board does not say (any more). */
  readonly openedAt: Instant | null
  /** Oldest first. */
  readonly replies: readonly Reply[]
}

/** What the view may ask of a visit. */
export interface Visit {
  readonly state: () => VisitState
  /** Called after every change. */
  readonly onChange: (listener: () => void) => void
  /** A person's root takes the dummy's place, without a change on the wire. Null: the dummy again, all forgotten. */
  readonly enter: (root: ThreadRoot | null) => void
  /** Puts a message into every envelope until it is opened. Fails with `too-long` (bytes over) or `empty`. */
  readonly send: (text: string) =>
    | { readonly ok: true; readonly id: string }
    | {
        readonly ok: false
        readonly error: { readonly kind: "empty" } | { readonly kind: "too-long"; readonly over: number }
      }
  /**
   * Takes back what waits. @returns false when it is too late: its envelope is closed half an interval before it leaves, and what
   * has left may have arrived.
   */
  readonly takeBack: (id: string) => boolean
  /** The person has read a reply: said in the next envelope, so that the desk may take it down. */
  readonly markRead: (replyId: string) => void
}

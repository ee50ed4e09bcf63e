/** What a visit holds of a thread, a dummy's or a person's without a difference: docs/protocol.md §21, rule Z3. */
import type { ThreadSlot } from "@kunak/core/board/placement"
import { THREAD_SLOTS } from "@kunak/core/parameters"
import type { ThreadRoot } from "@kunak/core/thread/keys"
import { type Inbox, makeInbox } from "./inbox.ts"
import { makeOutbox, type Outbox } from "./outbox.ts"

export interface VisitThread {
  readonly root: ThreadRoot
  readonly outbox: Outbox
  readonly inbox: Inbox
  rounds: number
  /** Slots looked up since the last complete round, as bits. */
  slotsSeen: number
}

export const makeThread = (root: ThreadRoot): VisitThread => ({
  root,
  outbox: makeOutbox(),
  inbox: makeInbox(),
  rounds: 0,
  slotsSeen: 0,
})

const ALL_SLOTS = 2 ** THREAD_SLOTS - 1

/** Both candidates of a slot were looked up and verified. */
export function countSlot(thread: VisitThread, slot: ThreadSlot): void {
  thread.slotsSeen |= 1 << slot
  if (thread.slotsSeen !== ALL_SLOTS) return
  thread.rounds += 1
  thread.slotsSeen = 0
}

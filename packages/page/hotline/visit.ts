/**
 * What a person does in a visit, apart from the exchange behind it (exchange.ts), which no part of this hurries, delays or changes.
 * docs/protocol.md §21.
 */
import type { Edition } from "@kunak/core/edition/verify"
import { lettersOver } from "@kunak/core/envelope/letter"
import { TICKS } from "@kunak/core/parameters"
import { erase } from "@kunak/core/secret"
import { toLetterText } from "@kunak/core/text/scsu"
import { dummyRoot } from "@kunak/core/thread/keys"
import { tickAt } from "@kunak/core/tick/schedule"
import type { Edges } from "./edges.ts"
import type { LetterBox } from "./letter-box.ts"
import type { Queued } from "./outbox.ts"
import type { Visit, VisitState } from "./visit-state.ts"
import { makeThread, type VisitThread } from "./visit-thread.ts"

export interface VisitParts {
  readonly own: Edition
  /** Both relays' origins, A first. */
  readonly addresses: readonly [string, string]
  readonly edges: Edges
}

/** What the exchange has learned. */
export type HeardState = Pick<VisitState, "relays" | "obstacle" | "disagree" | "brokenLookUps"> & {
  /** Which relay has left two ticks in a row without an answer. */
  readonly isSilent: readonly [boolean, boolean]
}

/** What the person's half and the exchange share. */
export interface VisitCore extends VisitParts {
  /** On the steady clock; null until the exchange begins. */
  startMs: number | null
  thread: VisitThread
  /** Last tick done. */
  done: number
  /** First tick whose envelope is not closed yet. */
  open: number
  /** In the envelope before that, from its closing until it leaves. */
  carried: Queued | null
  heard: () => HeardState
  /** Null until it has come: ticks that need it are left out then. */
  letterBox: LetterBox | null
  /** What goes wrong in a listener is said in the console and does not reach the clock. */
  readonly changed: () => void
}

const SECOND_MS = 1_000
const NOTHING_HEARD: HeardState = {
  relays: null,
  obstacle: null,
  disagree: false,
  brokenLookUps: 0,
  isSilent: [false, false],
}

/** @returns what a person may do at once, and what `runExchange` is given as soon as it is there. */
export function openVisit(parts: VisitParts): { readonly visit: Visit; readonly core: VisitCore } {
  const { own, edges } = parts
  const { random, nowMs } = edges
  const { tickMs } = own.bulletin.chain.current.charter
  const listeners: (() => void)[] = []
  const core: VisitCore = {
    ...parts,
    startMs: null,
    thread: makeThread(dummyRoot(random)),
    done: -1,
    open: 1,
    carried: null,
    heard: () => NOTHING_HEARD,
    letterBox: null,
    changed: () => {
      for (const listener of listeners) void Promise.resolve().then(listener)
    },
  }
  const msUntil = (tick: number): number => {
    const ms = nowMs()
    return (core.startMs ?? ms) + tickAt(tick, tickMs) - ms
  }
  const leavesIn = (tick = TICKS): number | null =>
    tick < TICKS ? Math.max(0, Math.ceil(msUntil(tick) / SECOND_MS)) : null
  const visit: Visit = {
    state: () => {
      const { isSilent, ...heard } = core.heard()
      const { open, carried } = core
      const { outbox } = core.thread
      const departures = outbox.departures(open, carried)
      return {
        ...heard,
        tick: core.done,
        isOver: core.done === TICKS - 1,
        nextSendSeconds: leavesIn(open + outbox.ahead(carried)),
        lastSendSeconds: Math.floor(msUntil(TICKS - 1.5) / SECOND_MS),
        rounds: core.thread.rounds,
        messages: outbox.list(isSilent).map((one) => ({
          ...one,
          leavesInSeconds: leavesIn(departures.get(one.id)),
        })),
        replies: core.thread.inbox.list(),
        openedAt: core.thread.inbox.openedAt(),
      }
    },
    onChange: (listener) => listeners.push(listener),
    enter: (root) => {
      erase(core.thread.root)
      core.thread = makeThread(root ?? dummyRoot(random))
      core.carried = null
      core.changed()
    },
    send: (typed) => {
      const text = toLetterText(typed)
      if (!text) return { ok: false, error: { kind: "empty" } }
      const over = lettersOver(text)
      if (over) return { ok: false, error: { kind: "too-long", over } }
      const id = core.thread.outbox.add(text, random)
      core.changed()
      return { ok: true, id }
    },
    takeBack: (id) => {
      const isTaken = core.thread.outbox.takeBack(id, core.carried)
      if (isTaken) core.changed()
      return isTaken
    },
    markRead: (replyId) => {
      core.thread.inbox.markRead(replyId)
      core.changed()
    },
  }
  return { visit, core }
}

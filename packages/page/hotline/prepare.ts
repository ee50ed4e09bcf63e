/**
 * Both requests of a tick, put together before its moment by the same steps for whoever visits: docs/protocol.md §21.
 */
import type { CharterChain } from "@kunak/core/charter/charter"
import { headerHash } from "@kunak/core/edition/header"
import type { VerifiedHeader } from "@kunak/core/edition/verify"
import type { IntakeKey } from "@kunak/core/intake/intake-key"
import { masksFor } from "@kunak/core/lookup/look-up"
import { encodeTickRequest } from "@kunak/core/tick/codec"
import { wantsHeader } from "@kunak/core/tick/schedule"
import type { Question } from "../exchange/tick.ts"
import type { Edges } from "./edges.ts"
import type { LetterBox } from "./letter-box.ts"
import { type Queued, type RelayPlace, relayAt } from "./outbox.ts"
import type { VisitThread } from "./visit-thread.ts"

export interface TickPlan {
  readonly tick: number
  readonly chain: CharterChain
  /** Both relays' origins, A first. */
  readonly addresses: readonly [string, string]
  /** Under which header each is asked. */
  readonly named: readonly [VerifiedHeader, VerifiedHeader]
  /** Null where nobody receives. */
  readonly sealTo: IntakeKey | null
  readonly thread: VisitThread
  readonly queued: Queued | null
  /** Null until its script has come. */
  readonly letterBox: LetterBox | null
  /** On the steady clock: the puzzle is given up then. */
  readonly deadlineMs: number
}

export interface ReadyTick {
  readonly plan: TickPlan
  readonly questions: readonly [Question, Question]
  /** The two rows; null at tick 0, and where the relays disagree: nothing can be read then. */
  readonly wanted: readonly [number, number] | null
  readonly isSolved: boolean
  /** The envelope is sealed to a key that somebody has. */
  readonly isReceived: boolean
}

const RELAYS: readonly RelayPlace[] = [0, 1]

/** @returns null where this device can't seal (yet). */
export async function prepare(plan: TickPlan, edges: Edges): Promise<ReadyTick | null> {
  const { tick, named, letterBox } = plan
  const { random } = edges
  const to = relayAt(tick)
  const filled = to === null ? null : await letterBox?.fill(plan, to, edges)
  if (to !== null && !filled) return null
  const wanted = filled && named[0] === named[1] ? filled.places : null

  const log2Rows = named.map((one) => one.header.board.log2Rows)
  // Without wanted rows the two relays' masks have nothing to do with each other.
  const masks = RELAYS.map((i) =>
    wanted
      ? masksFor(wanted[i], log2Rows[0] as number, random)
      : { a: random(2 ** (log2Rows[0] as number) / 8), b: random(2 ** (log2Rows[1] as number) / 8) },
  )
  const questions = RELAYS.map((relay): Question => {
    const asked = { wantsHeader: wantsHeader(tick), log2Rows: log2Rows[relay] as number }
    const body = encodeTickRequest({
      ...asked,
      headerHash: headerHash(named[relay].bytes),
      masks: masks.map(({ a, b }) => (relay ? b : a)) as unknown as readonly [Uint8Array, Uint8Array],
      posted: filled && relay === to ? filled.posted : null,
    })
    return { ...asked, address: plan.addresses[relay], body }
  }) as unknown as readonly [Question, Question]
  const { isSolved = false, isReceived = false } = filled ?? {}
  return { plan, questions, wanted, isSolved, isReceived }
}

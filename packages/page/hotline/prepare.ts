/**
 * Both requests of a tick, put together before its moment by the same steps for whoever visits: docs/protocol.md §21.
 */
import { candidates } from "@kunak/core/board/placement"
import type { CharterChain } from "@kunak/core/charter/charter"
import { headerHash } from "@kunak/core/edition/header"
import type { VerifiedHeader } from "@kunak/core/edition/verify"
import type { SealTo } from "@kunak/core/envelope/envelope"
import { masksFor } from "@kunak/core/lookup/look-up"
import { sha256 } from "@kunak/core/suite"
import { encodeTickRequest, PUZZLE_NONCE_BYTES } from "@kunak/core/tick/codec"
import { type Puzzle, PuzzleSolver } from "@kunak/core/tick/puzzle"
import { postsTo, slotAt, wantsHeader } from "@kunak/core/tick/schedule"
import { weekOf } from "@kunak/core/time/instant"
import type { Question } from "../exchange/tick.ts"
import type { Edges } from "./edges.ts"
import type { Queued, RelayPlace } from "./outbox.ts"
import { sealLetter } from "./seal-letter.ts"
import { type VisitThread, withKeys } from "./visit-thread.ts"

export interface TickPlan {
  readonly tick: number
  readonly chain: CharterChain
  /** Both relays' origins, A first. */
  readonly addresses: readonly [string, string]
  /** Under which header each is asked. */
  readonly named: readonly [VerifiedHeader, VerifiedHeader]
  /** Null where nobody receives. */
  readonly sealTo: SealTo | null
  readonly thread: VisitThread
  readonly queued: Queued | null
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

/** Which relay gets an envelope at this tick (rule Z1). */
export const relayAt = (tick: number): RelayPlace | null => {
  const to = postsTo(tick)
  return to && (to === "A" ? 0 : 1)
}

/** @returns null where this device can't seal. */
export async function prepare(plan: TickPlan, edges: Edges): Promise<ReadyTick | null> {
  const { tick, named, thread, queued } = plan
  const { organisationId, current } = plan.chain
  const { random } = edges
  const to = relayAt(tick)
  const { header, bytes } = named[to ?? 0]
  const week = weekOf(header.issued)
  const { places, sealed } = await withKeys(thread, week, async ({ id: threadId, weekKeys, placing }) => {
    const letter = {
      edition: header.id,
      threadId,
      week,
      weekKeys,
      read: thread.inbox.readFor(tick),
      message: queued?.message ?? null,
    }
    return {
      places: await candidates(placing.placement, header.board, slotAt(tick)),
      sealed: to === null ? null : await sealLetter(plan.sealTo, organisationId, letter, random),
    }
  })
  if (to !== null && !sealed) return null

  const nonce =
    sealed &&
    (await solve(
      {
        termKey: current.charter.relays[to ?? 0].termKey,
        headerHash: headerHash(bytes),
        envelopeHash: sha256(sealed.envelope),
        bits: header.board.puzzleBits,
      },
      plan.deadlineMs,
      edges,
    ))
  const posted = sealed && { nonce: nonce ?? random(PUZZLE_NONCE_BYTES), envelope: sealed.envelope }
  const wanted = sealed && named[0] === named[1] ? places : null

  const log2Rows = named.map((one) => one.header.board.log2Rows)
  // Without wanted rows the two relays' masks have nothing to do with each other.
  const masks = RELAYS.map((i) =>
    wanted
      ? masksFor(wanted[i], header.board.log2Rows, random)
      : { a: random(2 ** (log2Rows[0] as number) / 8), b: random(2 ** (log2Rows[1] as number) / 8) },
  )
  const questions = RELAYS.map((relay): Question => {
    const asked = { wantsHeader: wantsHeader(tick), log2Rows: log2Rows[relay] as number }
    const body = encodeTickRequest({
      ...asked,
      headerHash: headerHash(named[relay].bytes),
      masks: masks.map(({ a, b }) => (relay ? b : a)) as unknown as readonly [Uint8Array, Uint8Array],
      posted: relay === to ? posted : null,
    })
    return { ...asked, address: plan.addresses[relay], body }
  }) as unknown as readonly [Question, Question]
  return { plan, questions, wanted, isSolved: nonce !== null, isReceived: sealed?.isReceived === true }
}

/** Tries between two pauses: about 4 ms of a slow phone. Clocks that browsers make coarse can't measure it. */
const SLICE = 256

/** @returns null at the deadline: the envelope then goes out alike, and the relay drops it. */
async function solve(puzzle: Puzzle, deadlineMs: number, edges: Edges): Promise<Uint8Array | null> {
  const solver = new PuzzleSolver(puzzle, edges.random(PUZZLE_NONCE_BYTES))
  while (edges.nowMs() < deadlineMs) {
    const nonce = solver.try(SLICE)
    if (nonce) return nonce
    await edges.pause()
  }
  return null
}

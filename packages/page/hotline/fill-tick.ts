/** What an envelope and a look-up of a tick are made of, by the same steps for whoever visits: docs/protocol.md §21. */
import { candidates } from "@kunak/core/board/placement"
import { headerHash } from "@kunak/core/edition/header"
import { windowStart } from "@kunak/core/intake/intake-key"
import { sha256 } from "@kunak/core/suite"
import { type Posted, PUZZLE_NONCE_BYTES } from "@kunak/core/tick/codec"
import { type Puzzle, PuzzleSolver } from "@kunak/core/tick/puzzle"
import { slotAt } from "@kunak/core/tick/schedule"
import { weekOf } from "@kunak/core/time/instant"
import type { Edges } from "./edges.ts"
import type { RelayPlace } from "./outbox.ts"
import type { TickPlan } from "./prepare.ts"
import { sealLetter } from "./seal-letter.ts"
import { withKeys } from "./visit-keys.ts"

export interface FilledTick {
  readonly posted: Posted
  /** Rows in which an answer may lie. */
  readonly places: readonly [number, number]
  readonly isSolved: boolean
  /** The envelope is sealed to a key that somebody has. */
  readonly isReceived: boolean
}

/** @param to the relay that gets the envelope. @returns null where this device can't seal. */
export async function fillTick(plan: TickPlan, to: RelayPlace, edges: Edges): Promise<FilledTick | null> {
  const { tick, named, thread, queued, deadlineMs } = plan
  const { organisationId, current } = plan.chain
  const { random } = edges
  const { header, bytes } = named[to]
  const week = weekOf(header.issued)
  // Over the end of a week the header that both relays have can be older than the key: desks go by the key's week (rule I5).
  const letterWeek = plan.sealTo ? weekOf(windowStart(plan.sealTo.window)) : week
  const [places, sealed] = await Promise.all([
    withKeys(thread, week, ({ placing }) => candidates(placing.placement, header.board, slotAt(tick))),
    withKeys(thread, letterWeek, ({ id: threadId, weekKeys }) => {
      const letter = {
        edition: header.id,
        threadId,
        week: letterWeek,
        weekKeys,
        read: thread.inbox.readFor(tick),
        message: queued?.message ?? null,
      }
      return sealLetter(plan.sealTo, organisationId, letter, random)
    }),
  ])
  if (!sealed) return null
  const { envelope, isReceived } = sealed
  const puzzle = {
    termKey: current.charter.relays[to].termKey,
    headerHash: headerHash(bytes),
    envelopeHash: sha256(envelope),
    bits: header.board.puzzleBits,
  }
  const nonce = await solve(puzzle, deadlineMs, edges)
  return {
    posted: { nonce: nonce ?? random(PUZZLE_NONCE_BYTES), envelope },
    places,
    isSolved: nonce !== null,
    isReceived,
  }
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

/** What every visit says, whoever visits, and what it hears: docs/protocol.md §21. */
import { randomBytes } from "node:crypto"
import { rowBytes } from "@kunak/core/board/merkle"
import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import { MAX_LOG2_ROWS } from "@kunak/core/parameters"
import {
  decodeTickRequest,
  encodeTickAnswer,
  type TickRequest,
  tickRequestBytes,
} from "@kunak/core/tick/codec"
import type { Answer } from "../answer.ts"
import type { CurrentEdition } from "../current-edition.ts"
import type { KeptEdition } from "../lookup/kept-edition.ts"
import type { RelayRequest } from "../request.ts"
import { admit } from "../ring/admission.ts"
import type { RingRoom } from "../ring/room.ts"
import { SeenEnvelopes } from "../ring/seen-envelopes.ts"

const MAX_BYTES = tickRequestBytes(MAX_LOG2_ROWS, true)
/** Entries of a hundred bytes: 25 MiB. A ring that is smaller is filled before. */
const MOST_SEEN = 262_144

/**
 * The few headers that mean something to a script's own request; what only concerns documents is left out, since
 * every byte here is sent thirty times in a visit. Constant for every answer.
 */
const HEADERS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "Date",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
} as const

const plain = (status: number, body: Uint8Array = new Uint8Array()): Answer => ({
  status,
  headers: HEADERS,
  body,
})
const malformed = plain(400)
const tooLate = plain(408)
/** Before the first edition, no memory left for another body, or a commit whose answer was lost. */
const notYet = plain(503)

export interface TickParts {
  readonly current: CurrentEdition
  readonly room: RingRoom
  /** Of this relay, which puzzles are bound to. */
  readonly termKey: Uint8Array
}

export function tickRoute({ current, room, termKey }: TickParts): (request: RelayRequest) => Promise<Answer> {
  const seen = new SeenEnvelopes(MOST_SEEN)

  const takeEnvelope = async (tick: TickRequest, kept: readonly KeptEdition[]): Promise<boolean | null> => {
    const { posted } = tick
    if (!posted) return room.isOpen() && !seen.isFull
    if (seen.isFull) return false
    return await room.withPlace(async (post) => {
      const admission = admit(posted, tick.headerHash, kept, termKey, seen)
      if (!admission || (await post(posted.envelope))) return
      seen.remove(admission.headerHash, admission.envelopeHash)
    })
  }

  let keptBefore: readonly KeptEdition[] = []
  const forgetOld = (kept: readonly KeptEdition[]): void => {
    if (kept === keptBefore) return
    keptBefore = kept
    seen.keepOnly(new Set(kept.map(({ headerHash }) => toHex(headerHash))))
  }

  return async (request) => {
    const body = await request.readBody(MAX_BYTES)
    if (!body.ok) {
      if (body.error.kind === "too-large") return malformed
      return body.error.kind === "too-busy" ? notYet : tooLate
    }
    const tick = decodeTickRequest(body.value)
    if (!tick) return malformed
    const [kept] = await Promise.all([current.kept(), room.refresh()])
    const newest = kept[0]
    if (!newest) return notYet
    forgetOld(kept)
    const hasRoom = await takeEnvelope(tick, kept)
    // Like an answer that was lost on its way.
    if (hasRoom === null) return notYet
    return plain(
      200,
      encodeTickAnswer({
        hasRoom,
        rows: rowsFor(tick, kept),
        header: tick.wantsHeader ? newest.header : null,
      }),
    )
  }
}

/** Of a header that is not kept, or named with another size: random rows, as many bytes (rule Z6). */
function rowsFor(
  { headerHash, log2Rows, masks: [first, second] }: TickRequest,
  kept: readonly KeptEdition[],
): readonly [Uint8Array, Uint8Array] {
  const table = kept.find((edition) => equalBytes(edition.headerHash, headerHash))?.table
  if (table?.log2Rows === log2Rows) return [table.lookUp(first), table.lookUp(second)]
  const random = (): Uint8Array => randomBytes(rowBytes(log2Rows))
  return [random(), random()]
}

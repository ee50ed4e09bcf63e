/** What a tick says to a relay and hears: docs/protocol.md §21. Sizes follow from the tick's number alone. */
import { isBoardSize, rowBytes } from "../board/merkle.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { ENVELOPE_BYTES, HEADER_BYTES } from "../parameters.ts"
import { HASH_BYTES } from "../suite.ts"

export const PUZZLE_NONCE_BYTES = 8
const VERSION = 1
const WANTS_HEADER = 1
const BRINGS_ENVELOPE = 2
/** Version, what it brings and wants, log2 N, hash of a header. */
const HEAD_BYTES = 3 + HASH_BYTES

export interface Posted {
  readonly nonce: Uint8Array
  readonly envelope: Uint8Array
}

export interface TickRequest {
  readonly wantsHeader: boolean
  readonly log2Rows: number
  readonly headerHash: Uint8Array
  readonly masks: readonly [Uint8Array, Uint8Array]
  readonly posted: Posted | null
}

export const tickRequestBytes = (log2Rows: number, bringsEnvelope: boolean): number =>
  HEAD_BYTES + 2 * (2 ** log2Rows / 8) + (bringsEnvelope ? PUZZLE_NONCE_BYTES + ENVELOPE_BYTES : 0)

export function encodeTickRequest(request: TickRequest): Uint8Array {
  const { posted, log2Rows } = request
  const out = new ByteWriter()
    .u8(VERSION)
    .u8((request.wantsHeader ? WANTS_HEADER : 0) + (posted ? BRINGS_ENVELOPE : 0))
    .u8(log2Rows)
    .fixed(request.headerHash, HASH_BYTES)
  for (const mask of request.masks) out.fixed(mask, 2 ** log2Rows / 8)
  if (posted) out.fixed(posted.nonce, PUZZLE_NONCE_BYTES).fixed(posted.envelope, ENVELOPE_BYTES)
  return out.bytes()
}

/** @returns null for any other length, version or board size. */
export function decodeTickRequest(bytes: Uint8Array): TickRequest | null {
  const from = new ByteReader(bytes)
  const version = from.u8()
  const kind = from.u8()
  const log2Rows = from.u8()
  if (version !== VERSION || kind > 3 || !isBoardSize(log2Rows)) return null
  const bringsEnvelope = (kind & BRINGS_ENVELOPE) !== 0
  if (bytes.length !== tickRequestBytes(log2Rows, bringsEnvelope)) return null
  const headerHash = from.take(HASH_BYTES)
  const mask = (): Uint8Array => from.take(2 ** log2Rows / 8)
  const masks = [mask(), mask()] as const
  const posted = bringsEnvelope
    ? { nonce: from.take(PUZZLE_NONCE_BYTES), envelope: from.take(ENVELOPE_BYTES) }
    : null
  return { wantsHeader: (kind & WANTS_HEADER) !== 0, log2Rows, headerHash, masks, posted }
}

export interface TickAnswer {
  readonly hasRoom: boolean
  readonly rows: readonly [Uint8Array, Uint8Array]
  readonly header: Uint8Array | null
}

export const tickAnswerBytes = (log2Rows: number, wantsHeader: boolean): number =>
  1 + 2 * rowBytes(log2Rows) + (wantsHeader ? HEADER_BYTES : 0)

export function encodeTickAnswer(answer: TickAnswer): Uint8Array {
  const out = new ByteWriter().u8(answer.hasRoom ? 1 : 0)
  for (const row of answer.rows) out.raw(row)
  if (answer.header) out.fixed(answer.header, HEADER_BYTES)
  return out.bytes()
}

/** @returns null for any form but the one that the request fixed. */
export function decodeTickAnswer(
  bytes: Uint8Array,
  log2Rows: number,
  wantsHeader: boolean,
): TickAnswer | null {
  const from = new ByteReader(bytes)
  const room = from.u8()
  const rows = [from.take(rowBytes(log2Rows)), from.take(rowBytes(log2Rows))] as const
  const header = wantsHeader ? from.take(HEADER_BYTES) : null
  return from.end() && room <= 1 ? { hasRoom: room === 1, rows, header } : null
}

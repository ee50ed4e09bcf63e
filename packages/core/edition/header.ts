/** Header of an edition: 4,096 bytes, the only thing that duty signs. docs/protocol.md §10. */
import { isBoardSize } from "../board/merkle.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { OrganisationId } from "../charter/charter.ts"
import { SIGNATURE_BYTES, type SigningKey } from "../keys.ts"
import { HEADER_BYTES, MAX_PUZZLE_BITS } from "../parameters.ts"
import { type ObjectHash, signBody } from "../signature/signed.ts"
import { HASH_BYTES, sha256 } from "../suite.ts"
import type { Instant } from "../time/instant.ts"

/** Terms come from relay A, numbers from duty; together they rise and are never used twice (rule E8). */
export interface EditionId {
  readonly term: number
  readonly number: number
}

export interface EditionHeader {
  readonly organisationId: OrganisationId
  /** The charter in force. */
  readonly charterHash: ObjectHash
  readonly id: EditionId
  readonly issued: Instant
  readonly expires: Instant
  readonly bulletinHash: Uint8Array
  /** Template of the release that the page was rendered from. */
  readonly templateHash: Uint8Array
  readonly board: BoardHeader
  /** Place of the signing key among the delegation's duties. */
  readonly duty: number
  /** The current week's delegation, whole. */
  readonly delegation: Uint8Array
  /** Every revocation that touches the delegation, whole. */
  readonly revocations: readonly Uint8Array[]
  /** Newest receipt; empty without one. */
  readonly receipt: Uint8Array
  /** Officer-signed intake key; empty where nobody receives. */
  readonly intakeKey: Uint8Array
}

/** The board of replies: 2^log2Rows rows, and what a puzzle of this edition costs. */
export interface BoardHeader {
  readonly log2Rows: number
  readonly salt: Uint8Array
  readonly merkleRoot: Uint8Array
  readonly puzzleBits: number
}

const MAGIC = 0x4b4e4b45 // "KNKE"
const VERSION = 1
const SIGNED_BYTES = HEADER_BYTES - SIGNATURE_BYTES
const MAX_REVOCATIONS = 4

/** The 4,032 signed bytes, or null when delegation, revocations, receipt and intake key together do not fit. */
export function encodeHeaderBody(header: EditionHeader): Uint8Array | null {
  const body = new ByteWriter()
    .u32(MAGIC)
    .u8(VERSION)
    .fixed(header.organisationId, HASH_BYTES)
    .fixed(header.charterHash, HASH_BYTES)
    .u32(header.id.term)
    .u32(header.id.number)
    .u32(header.issued)
    .u32(header.expires)
    .fixed(header.bulletinHash, HASH_BYTES)
    .fixed(header.templateHash, HASH_BYTES)
    .u8(header.board.log2Rows)
    .fixed(header.board.salt, HASH_BYTES)
    .fixed(header.board.merkleRoot, HASH_BYTES)
    .u8(header.board.puzzleBits)
    .u8(header.duty)
    .short(header.delegation)
    .list(header.revocations, (out, bytes) => out.short(bytes))
    .short(header.receipt)
    .short(header.intakeKey)
    .bytes()
  if (body.length > SIGNED_BYTES || header.revocations.length > MAX_REVOCATIONS) return null
  const padded = new Uint8Array(SIGNED_BYTES)
  padded.set(body)
  return padded
}

/** Body and duty's signature: 4,096 bytes. */
export async function signHeader(body: Uint8Array, key: SigningKey<"duty">): Promise<Uint8Array> {
  return new ByteWriter()
    .fixed(body, SIGNED_BYTES)
    .raw(await signBody("edition", body, key))
    .bytes()
}

/** Splits a header into its fields. Nothing is trusted yet. @returns null for any other form (rule E1). */
export function decodeHeader(
  bytes: Uint8Array,
): { readonly header: EditionHeader; readonly body: Uint8Array; readonly signature: Uint8Array } | null {
  if (bytes.length !== HEADER_BYTES) return null
  const body = bytes.slice(0, SIGNED_BYTES)
  const from = new ByteReader(body)
  if (from.u32() !== MAGIC || from.u8() !== VERSION) return null
  const header: EditionHeader = {
    organisationId: from.take(HASH_BYTES) as OrganisationId,
    charterHash: from.take(HASH_BYTES) as ObjectHash,
    id: { term: from.u32(), number: from.u32() },
    issued: from.u32() as Instant,
    expires: from.u32() as Instant,
    bulletinHash: from.take(HASH_BYTES),
    templateHash: from.take(HASH_BYTES),
    board: {
      log2Rows: from.u8(),
      salt: from.take(HASH_BYTES),
      merkleRoot: from.take(HASH_BYTES),
      puzzleBits: from.u8(),
    },
    duty: from.u8(),
    delegation: from.short(),
    revocations: from.list(MAX_REVOCATIONS, (r) => r.short()),
    receipt: from.short(),
    intakeKey: from.short(),
  }
  const padding = from.take(from.left)
  if (!from.end() || padding.some((byte) => byte !== 0) || !isSound(header.board)) return null
  return { header, body, signature: bytes.slice(SIGNED_BYTES) }
}

const isSound = ({ log2Rows, puzzleBits }: BoardHeader): boolean =>
  isBoardSize(log2Rows) && puzzleBits <= MAX_PUZZLE_BITS

/** By which a look-up and a puzzle name an edition. */
export const headerHash = (header: Uint8Array): Uint8Array => sha256(header)

/** Order of editions: by term, then by number. */
export const compareEditionIds = (a: EditionId, b: EditionId): number =>
  a.term - b.term || a.number - b.number

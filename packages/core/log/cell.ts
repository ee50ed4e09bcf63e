/** Cells of the staff log: equal, sealed, in order. docs/protocol.md §15. */
import { concatBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { OrganisationId } from "../charter/charter.ts"
import type { Random } from "../keys.ts"
import { LOG_CELL_BYTES } from "../parameters.ts"
import type { Secret } from "../secret.ts"
import { AES_KEY_BYTES, aeadOpen, aeadSeal, HASH_BYTES, NONCE_BYTES, sha256, TAG_BYTES } from "../suite.ts"

/** Two compartments in one log: `staff` for desks, `line` for desks and duties. A relay can't tell them apart. */
export type Compartment = "staff" | "line"
export type LogKeys = Readonly<Partial<Record<Compartment, Secret<Uint8Array>>>>
export const LOG_KEY_BYTES = AES_KEY_BYTES

const VERSION = 1
const PLAINTEXT_BYTES = LOG_CELL_BYTES - NONCE_BYTES - TAG_BYTES
const FRAME_BYTES = 1 + 8 + 1 + 1 + 2
/** Bytes of an entry that one cell carries. */
export const CELL_PAYLOAD_BYTES = PLAINTEXT_BYTES - FRAME_BYTES

/** One part of an entry. A dummy has no parts and no bytes. */
export interface Part {
  readonly entryId: Uint8Array
  readonly part: number
  readonly parts: number
  readonly bytes: Uint8Array
}

/** Where a cell stands: sealed to it, so that a relay can neither reorder, replay nor fork unseen (rule L2). */
export interface CellPlace {
  readonly organisationId: OrganisationId
  readonly position: number
  /** SHA-256 of the cell before; 32 zeros at position 0. */
  readonly previousHash: Uint8Array
}

const context = (place: CellPlace, compartment: Compartment): Uint8Array =>
  new ByteWriter()
    .text(`kunak/1 log ${compartment}`)
    .fixed(place.organisationId, HASH_BYTES)
    .u64(place.position)
    .fixed(place.previousHash, HASH_BYTES)
    .bytes()

export const hashCell = (cell: Uint8Array): Uint8Array => sha256(cell)

export async function sealCell(
  part: Part,
  place: CellPlace,
  compartment: Compartment,
  key: Secret<Uint8Array>,
  random: Random,
): Promise<Uint8Array> {
  const frame = new ByteWriter()
    .u8(VERSION)
    .fixed(part.entryId, 8)
    .u8(part.part)
    .u8(part.parts)
    .short(part.bytes)
    .bytes()
  const plaintext = new Uint8Array(PLAINTEXT_BYTES)
  plaintext.set(frame)
  const nonce = random(NONCE_BYTES)
  return concatBytes(nonce, await aeadSeal(key, nonce, context(place, compartment), plaintext))
}

/** @returns null when none of the keys opens it at this place, whatever the cause. */
export async function openCell(
  cell: Uint8Array,
  place: CellPlace,
  keys: LogKeys,
): Promise<{ readonly compartment: Compartment; readonly part: Part } | null> {
  if (cell.length !== LOG_CELL_BYTES) return null
  for (const [name, key] of Object.entries(keys)) {
    const compartment = name as Compartment
    const nonce = cell.slice(0, NONCE_BYTES)
    const plaintext =
      key && (await aeadOpen(key, nonce, context(place, compartment), cell.slice(NONCE_BYTES)))
    if (plaintext) return readFrame(plaintext, compartment)
  }
  return null
}

function readFrame(plaintext: Uint8Array, compartment: Compartment) {
  const from = new ByteReader(plaintext)
  if (from.u8() !== VERSION) return null
  const part = { entryId: from.take(8), part: from.u8(), parts: from.u8(), bytes: from.short() }
  return from.failed ? null : { compartment, part }
}

/** An entry cut to cells. @throws RangeError beyond 255 parts. */
export function splitEntry(entry: Uint8Array, random: Random): readonly Part[] {
  const parts = Math.max(1, Math.ceil(entry.length / CELL_PAYLOAD_BYTES))
  if (parts > 255) throw new RangeError("an entry of more than 255 cells")
  const entryId = random(8)
  return Array.from({ length: parts }, (_, part) => ({
    entryId,
    part,
    parts,
    bytes: entry.slice(part * CELL_PAYLOAD_BYTES, (part + 1) * CELL_PAYLOAD_BYTES),
  }))
}

/** What is written when there is nothing to say: the log's rhythm is the same (rule L3). */
export const dummyPart = (random: Random): Part => ({
  entryId: random(8),
  part: 0,
  parts: 0,
  bytes: new Uint8Array(),
})

/** Parts of replies: sealed once, by the desk that wrote them, under a key of the thread. docs/protocol.md §20. */
import { concatBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { MESSAGE_ID_BYTES } from "../envelope/letter.ts"
import type { PublicKey, Random } from "../keys.ts"
import { MAX_PART_TEXT_BYTES, MAX_PARTS, PART_BYTES } from "../parameters.ts"
import type { Secret } from "../secret.ts"
import { aeadOpen, aeadSeal, NONCE_BYTES, sha256, TAG_BYTES } from "../suite.ts"
import { decodeScsu, encodeScsu } from "../text/scsu.ts"
import { derivationInfo, type ThreadId } from "../thread/keys.ts"
import type { Instant } from "../time/instant.ts"

export const REPLY_ID_BYTES = 8
const MAX_OPENED = 4
const PLAINTEXT_BYTES = PART_BYTES - NONCE_BYTES - TAG_BYTES
const VERSION = 1
/** Sequences rise by so many; below that each officer has a place of their own in each thread. */
export const SEQUENCE_STRIDE = 65_536

/**
 * Rule O1: an officer's place in a thread's sequences, the same in every week and at every desk. Not the place in the
 * delegation: two officers who change places with the week would take one number, and one reply replace the other.
 */
export const sequencePlace = (threadId: ThreadId, officer: PublicKey<"officer">): number => {
  const [high, low] = sha256(derivationInfo("sequence", concatBytes(threadId, officer)))
  return 256 * (high as number) + (low as number)
}

/**
 * Of a reply of so many parts, rising, above all that are known of the thread.
 * @throws RangeError where sequences are used up: after 65,535 parts, or because somebody's desk lies.
 */
export function nextSequences(
  highestKnown: number,
  threadId: ThreadId,
  officer: PublicKey<"officer">,
  parts: number,
): readonly number[] {
  const counter = Math.floor(highestKnown / SEQUENCE_STRIDE) + 1
  if (counter + parts > SEQUENCE_STRIDE) throw new RangeError("no sequence is left in this thread")
  const place = sequencePlace(threadId, officer)
  return Array.from({ length: parts }, (_, i) => SEQUENCE_STRIDE * (counter + i) + place)
}

/** Sequence of a part that only says what was opened. */
export const OPENED_ONLY = 0

export interface Part {
  /** From 1; `OPENED_ONLY` for one without a text. */
  readonly sequence: number
  readonly replyId: Uint8Array
  /** From 0, of `parts`. */
  readonly place: number
  readonly parts: number
  readonly written: Instant
  readonly expires: Instant
  /** Message ids, the newest last. */
  readonly opened: readonly Uint8Array[]
  readonly openedAt: Instant
  readonly text: string
}

const aad = (threadId: ThreadId): Uint8Array => derivationInfo("part", threadId)

/** @throws RangeError for what a caller should have split or left out. */
function encodePart(part: Part): Uint8Array {
  const text = encodeScsu(part.text)
  if (!text || text.length > MAX_PART_TEXT_BYTES || part.opened.length > MAX_OPENED)
    throw new RangeError("no part")
  const bytes = new ByteWriter()
    .u8(VERSION)
    .u32(part.sequence)
    .fixed(part.replyId, REPLY_ID_BYTES)
    .u8(part.place)
    .u8(part.parts)
    .u32(part.written)
    .u32(part.expires)
    .list(part.opened, (out, id) => out.fixed(id, MESSAGE_ID_BYTES))
    .u32(part.openedAt)
    .short(text)
    .bytes()
  const padded = new Uint8Array(PLAINTEXT_BYTES)
  padded.set(bytes)
  return padded
}

function decodePart(bytes: Uint8Array): Part | null {
  const from = new ByteReader(bytes)
  const isKnown = from.u8() === VERSION
  const part = {
    sequence: from.u32(),
    replyId: from.take(REPLY_ID_BYTES),
    place: from.u8(),
    parts: from.u8(),
    written: from.u32() as Instant,
    expires: from.u32() as Instant,
    opened: from.list(MAX_OPENED, (r) => r.take(MESSAGE_ID_BYTES)),
    openedAt: from.u32() as Instant,
  }
  const text = decodeScsu(from.short())
  const isFilled = from.zeros()
  const isSound =
    part.parts >= 1 &&
    part.parts <= MAX_PARTS &&
    part.place < part.parts &&
    (text === "") === (part.sequence === OPENED_ONLY)
  return from.end() && isKnown && isFilled && isSound && text !== null ? { ...part, text } : null
}

/** @param replyKey of the week in which it is written. 996 bytes. */
export async function sealPart(
  part: Part,
  threadId: ThreadId,
  replyKey: Secret<Uint8Array>,
  random: Random,
): Promise<Uint8Array> {
  const nonce = random(NONCE_BYTES)
  return concatBytes(nonce, await aeadSeal(replyKey, nonce, aad(threadId), encodePart(part)))
}

/** @returns null when none of the weeks' keys opens it, or it is no part: whatever the cause. */
export async function openPart(
  sealed: Uint8Array,
  threadId: ThreadId,
  replyKeys: readonly Secret<Uint8Array>[],
): Promise<Part | null> {
  if (sealed.length !== PART_BYTES) return null
  for (const key of replyKeys) {
    const plaintext = await aeadOpen(
      key,
      sealed.slice(0, NONCE_BYTES),
      aad(threadId),
      sealed.slice(NONCE_BYTES),
    )
    if (plaintext) return decodePart(plaintext)
  }
  return null
}

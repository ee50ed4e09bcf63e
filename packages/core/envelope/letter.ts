/** What an envelope holds: docs/protocol.md §19. With nothing to say it has the same form and size. */
import { equalBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { EditionId } from "../edition/header.ts"
import { ENVELOPE_BYTES, MAX_LETTER_TEXT_BYTES, WEEKS_HELD } from "../parameters.ts"
import { reveal, Secret } from "../secret.ts"
import { KEM_ENC_BYTES, TAG_BYTES } from "../suite.ts"
import { decodeScsu, encodeScsu } from "../text/scsu.ts"
import { THREAD_ID_BYTES, THREAD_KEY_BYTES, type ThreadId, type WeekKey } from "../thread/keys.ts"
import { isWeek, type Week } from "../time/instant.ts"

export const MESSAGE_ID_BYTES = 8
export const KEY_ID_BYTES = 8
export const ENVELOPE_HEAD_BYTES = 1 + KEY_ID_BYTES
export const LETTER_BYTES = ENVELOPE_BYTES - ENVELOPE_HEAD_BYTES - KEM_ENC_BYTES - TAG_BYTES
/** Parts that one letter can say were read. */
export const MAX_READ = 16

const VERSION = 1
const NO_MESSAGE = new Uint8Array(MESSAGE_ID_BYTES)

export interface Message {
  /** Random, not zero. */
  readonly id: Uint8Array
  /** Not empty; at most `MAX_LETTER_TEXT_BYTES` of SCSU. */
  readonly text: string
}

export interface Letter {
  /** The edition that the writer saw. */
  readonly edition: EditionId
  readonly threadId: ThreadId
  /** Of the intake key's window (rule I5); the keys are of this week and the two after it. */
  readonly week: Week
  readonly weekKeys: readonly WeekKey[]
  /** Sequences of parts that the person has read, rising. */
  readonly read: readonly number[]
  /** Null with nothing to say. */
  readonly message: Message | null
}

/** By how many bytes of SCSU a text is over the limit; 0 when it fits. Its letters, where a letter is a byte. */
export const lettersOver = (text: string): number =>
  Math.max(0, (encodeScsu(text)?.length ?? 0) - MAX_LETTER_TEXT_BYTES)

/** Without the zeros that fill it up. @throws RangeError for what a caller should have checked. */
export function encodeLetterCore(letter: Letter): Uint8Array {
  const { message } = letter
  const text = message ? encodeScsu(message.text) : new Uint8Array()
  if (!text || text.length > MAX_LETTER_TEXT_BYTES) throw new RangeError("no letter's text")
  if (letter.read.length > MAX_READ || letter.weekKeys.length !== WEEKS_HELD)
    throw new RangeError("no letter")
  const out = new ByteWriter()
    .u8(VERSION)
    .u32(letter.edition.term)
    .u32(letter.edition.number)
    .fixed(letter.threadId, THREAD_ID_BYTES)
    .u32(letter.week)
  for (const key of letter.weekKeys) out.fixed(reveal(key), THREAD_KEY_BYTES)
  return out
    .list(letter.read, (w, sequence) => w.u32(sequence))
    .fixed(message?.id ?? NO_MESSAGE, MESSAGE_ID_BYTES)
    .short(text)
    .bytes()
}

/** 2,951 bytes. */
export function encodeLetter(letter: Letter): Uint8Array {
  const padded = new Uint8Array(LETTER_BYTES)
  padded.set(encodeLetterCore(letter))
  return padded
}

/** As an envelope holds it. @returns null for any other form (rule I5). */
export function decodeLetter(bytes: Uint8Array): Letter | null {
  if (bytes.length !== LETTER_BYTES) return null
  const from = new ByteReader(bytes)
  const letter = readLetter(from)
  const isFilled = from.zeros()
  return from.end() && isFilled ? letter : null
}

/** Without the zeros, as the staff log holds it. */
export function decodeLetterCore(bytes: Uint8Array): Letter | null {
  const from = new ByteReader(bytes)
  const letter = readLetter(from)
  return from.end() ? letter : null
}

function readLetter(from: ByteReader): Letter | null {
  const isKnown = from.u8() === VERSION
  const letter = {
    edition: { term: from.u32(), number: from.u32() },
    threadId: from.take(THREAD_ID_BYTES) as ThreadId,
    week: from.u32() as Week,
    weekKeys: Array.from({ length: WEEKS_HELD }, () => new Secret(from.take(THREAD_KEY_BYTES)) as WeekKey),
    read: from.list(MAX_READ, (r) => r.u32()),
  }
  const id = from.take(MESSAGE_ID_BYTES)
  const text = decodeScsu(from.short())
  const isRising = letter.read.every((sequence, i) => i === 0 || sequence > (letter.read[i - 1] ?? 0))
  if (from.failed || !isKnown || !isRising || text === null || !isWeek(letter.week)) return null
  const isNothing = equalBytes(id, NO_MESSAGE)
  if (isNothing !== (text === "")) return null
  return { ...letter, message: isNothing ? null : { id, text } }
}

/**
 * What desks tell each other about people who write, under keys that end with the intake key's six hours (rule L7).
 * docs/protocol.md §22.
 */

import { REPLY_ID_BYTES } from "../board/part.ts"
import { concatBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { OrganisationId } from "../charter/charter.ts"
import { decodeLetterCore, encodeLetterCore, KEY_ID_BYTES, type Letter } from "../envelope/letter.ts"
import { asPublicKey, PUBLIC_KEY_BYTES, type PublicKey, type Random } from "../keys.ts"
import { MAX_PARTS } from "../parameters.ts"
import type { Secret } from "../secret.ts"
import { aeadOpen, aeadSeal, NONCE_BYTES } from "../suite.ts"
import { derivationInfo, derive, THREAD_ID_BYTES, type ThreadId } from "../thread/keys.ts"
import type { Instant } from "../time/instant.ts"

export type RelayName = "A" | "B"

/** A letter, and where its envelope lay. */
export interface OpenedLetter {
  readonly relay: RelayName
  readonly position: number
  readonly letter: Letter
}

export interface ReplyNote {
  readonly threadId: ThreadId
  readonly replyId: Uint8Array
  readonly officer: PublicKey<"officer">
  readonly written: Instant
  readonly expires: Instant
  /** Of its parts, in order. */
  readonly sequences: readonly number[]
  readonly text: string
}

export const FACT_FIELDS = [
  "assignee",
  "state",
  "urgency",
  "check-question",
  "note",
  "deleted",
  "label",
] as const
export type FactField = (typeof FACT_FIELDS)[number]

/** One field of a thread, as somebody set it: the latest counts (rule L9). */
export interface FactNote {
  readonly threadId: ThreadId
  readonly officer: PublicKey<"officer">
  readonly time: Instant
  readonly field: FactField
  readonly value: Uint8Array
}

export type Note =
  | { readonly kind: "letters"; readonly letters: readonly OpenedLetter[] }
  | ({ readonly kind: "reply" } & ReplyNote)
  | ({ readonly kind: "fact" } & FactNote)

const MAX_LETTERS = 32
const MAX_REPLY_TEXT_BYTES = 60_000
export const MAX_FACT_BYTES = 4_000

export function encodeNote(note: Note): Uint8Array {
  const out = new ByteWriter()
  switch (note.kind) {
    case "letters":
      return out
        .u8(1)
        .list(note.letters, (w, { relay, position, letter }) =>
          w
            .u8(relay === "A" ? 0 : 1)
            .u64(position)
            .short(encodeLetterCore(letter)),
        )
        .bytes()
    case "reply":
      return out
        .u8(2)
        .fixed(note.threadId, THREAD_ID_BYTES)
        .fixed(note.replyId, REPLY_ID_BYTES)
        .fixed(note.officer, PUBLIC_KEY_BYTES)
        .u32(note.written)
        .u32(note.expires)
        .list(note.sequences, (w, sequence) => w.u32(sequence))
        .short(new TextEncoder().encode(note.text))
        .bytes()
    case "fact":
      return out
        .u8(3)
        .fixed(note.threadId, THREAD_ID_BYTES)
        .fixed(note.officer, PUBLIC_KEY_BYTES)
        .u32(note.time)
        .u8(FACT_FIELDS.indexOf(note.field) + 1)
        .short(note.value)
        .bytes()
  }
}

/** @returns null for any other form: later kinds are passed over (rule L5). */
export function decodeNote(bytes: Uint8Array): Note | null {
  const from = new ByteReader(bytes)
  const note = readNote(from)
  return from.end() ? note : null
}

function readNote(from: ByteReader): Note | null {
  switch (from.u8()) {
    case 1:
      return { kind: "letters", letters: from.list(MAX_LETTERS, readLetter) }
    case 2: {
      const note = {
        kind: "reply",
        threadId: from.take(THREAD_ID_BYTES) as ThreadId,
        replyId: from.take(REPLY_ID_BYTES),
        officer: asPublicKey<"officer">(from.take(PUBLIC_KEY_BYTES)),
        written: from.u32() as Instant,
        expires: from.u32() as Instant,
        sequences: from.list(MAX_PARTS, (r) => r.u32()),
        text: readText(from),
      } as const
      return note
    }
    case 3: {
      const head = {
        kind: "fact",
        threadId: from.take(THREAD_ID_BYTES) as ThreadId,
        officer: asPublicKey<"officer">(from.take(PUBLIC_KEY_BYTES)),
        time: from.u32() as Instant,
      } as const
      const field = FACT_FIELDS[from.u8() - 1]
      const value = from.short()
      return field && value.length <= MAX_FACT_BYTES ? { ...head, field, value } : null
    }
    default:
      return null
  }
}

function readLetter(from: ByteReader): OpenedLetter {
  const side = from.u8()
  const position = from.u64()
  const letter = decodeLetterCore(from.short())
  if (side > 1 || !letter) from.fail()
  return { relay: side === 0 ? "A" : "B", position, letter: letter as Letter }
}

/** As people type it: emoji keep their joiners, so rule B3 does not hold here. */
function readText(from: ByteReader): string {
  const bytes = from.short()
  if (bytes.length > MAX_REPLY_TEXT_BYTES) from.fail()
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    from.fail()
    return ""
  }
}

/** A note as it stands in the log. */
export interface SealedNote {
  readonly keyId: Uint8Array
  readonly nonce: Uint8Array
  readonly ciphertext: Uint8Array
}

const aad = (organisationId: OrganisationId, keyId: Uint8Array): Uint8Array =>
  derivationInfo("note", concatBytes(organisationId, keyId))

/** The key under which notes of an intake key's window stand; it ends with the seed. */
export const noteKeyOf = (intakeSeed: Secret<Uint8Array>): Promise<Secret<Uint8Array>> =>
  derive(intakeSeed, "notes")

export async function sealNote(
  note: Uint8Array,
  noteKey: Secret<Uint8Array>,
  keyId: Uint8Array,
  organisationId: OrganisationId,
  random: Random,
): Promise<SealedNote> {
  const nonce = random(NONCE_BYTES)
  return {
    keyId: keyId.slice(0, KEY_ID_BYTES),
    nonce,
    ciphertext: await aeadSeal(noteKey, nonce, aad(organisationId, keyId), note),
  }
}

/** The note's bytes. @returns null when the key does not open it. */
export const openNote = (
  sealed: SealedNote,
  noteKey: Secret<Uint8Array>,
  organisationId: OrganisationId,
): Promise<Uint8Array | null> =>
  aeadOpen(noteKey, sealed.nonce, aad(organisationId, sealed.keyId), sealed.ciphertext)

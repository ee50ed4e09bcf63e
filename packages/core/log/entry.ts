/** What the cells of the staff log say. docs/protocol.md §15. */
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { KEY_ID_BYTES } from "../envelope/letter.ts"
import { type IntakeWindow, isWindow } from "../intake/intake-key.ts"
import { type IntakeWrap, WRAPPED_SEED_BYTES } from "../intake/intake-wrap.ts"
import { asPublicKey, PUBLIC_KEY_BYTES, type PublicKey } from "../keys.ts"
import { MAX_OFFICERS, PART_BYTES, WEEKS_HELD } from "../parameters.ts"
import { reveal, Secret } from "../secret.ts"
import { KEM_ENC_BYTES, NONCE_BYTES, TAG_BYTES } from "../suite.ts"
import { type PlacingKeys, THREAD_KEY_BYTES } from "../thread/keys.ts"
import { type Instant, isWeek, type Week } from "../time/instant.ts"
import { decodeWarning, encodeWarning } from "../warning/codec.ts"
import type { SignedWarning } from "../warning/warning.ts"
import type { Compartment } from "./cell.ts"
import type { SealedNote } from "./note.ts"

export const DRAFT_ID_BYTES = 16
/** By which duty tells one thread's parts from another's: random, no thread id. */
export const HANDLE_BYTES = 16

/** A sealed part of a reply on its way to the board, with what duty needs to place it and no more. */
export interface PlacedPart {
  readonly handle: Uint8Array
  /** The first of three. */
  readonly week: Week
  readonly keys: readonly PlacingKeys[]
  /** `OPENED_ONLY` for one without a text. */
  readonly sequence: number
  readonly written: Instant
  readonly expires: Instant
  readonly part: Uint8Array
}

/**
 * line: signed public objects on their way to duty, and duty's lease.
 * staff: drafts and those who have signed them so far; duty can't read these.
 */
export type Entry =
  | { readonly kind: "warning"; readonly warning: SignedWarning }
  | { readonly kind: "receipt"; readonly receipt: Uint8Array; readonly vouched: Uint8Array }
  | { readonly kind: "revocation"; readonly bytes: Uint8Array }
  | { readonly kind: "veto"; readonly bytes: Uint8Array }
  | { readonly kind: "delegation"; readonly bytes: Uint8Array }
  | { readonly kind: "charter"; readonly chain: Uint8Array }
  | {
      readonly kind: "lease"
      readonly duty: PublicKey<"duty">
      readonly term: number
      readonly until: Instant
    }
  /** A draft and its signatures so far; the newest of a draft id counts, its signatures are united. */
  | {
      readonly kind: "draft"
      readonly draftId: Uint8Array
      readonly warning: SignedWarning
      readonly note: string
    }
  | { readonly kind: "draft-discarded"; readonly draftId: Uint8Array }
  /** Public: for the header. */
  | { readonly kind: "intake-key"; readonly bytes: Uint8Array }
  | { readonly kind: "part"; readonly part: PlacedPart }
  /** No sequences: the whole thread. */
  | { readonly kind: "parts-dropped"; readonly handle: Uint8Array; readonly sequences: readonly number[] }
  | { readonly kind: "receive-keys"; readonly bytes: Uint8Array }
  | {
      readonly kind: "intake-wraps"
      readonly keyId: Uint8Array
      readonly window: IntakeWindow
      readonly wraps: readonly IntakeWrap[]
    }
  | { readonly kind: "sealed"; readonly note: SealedNote }

export type EntryKind = Entry["kind"]

const CODES: Readonly<Record<EntryKind, number>> = {
  warning: 1,
  receipt: 2,
  revocation: 3,
  veto: 4,
  delegation: 5,
  charter: 6,
  lease: 7,
  "intake-key": 8,
  part: 9,
  "parts-dropped": 10,
  draft: 32,
  "draft-discarded": 33,
  "receive-keys": 34,
  "intake-wraps": 35,
  sealed: 36,
}

/** Codes from 32 on belong to the staff compartment: an entry in the wrong one is ignored (rule L4). */
export const compartmentOf = (kind: EntryKind): Compartment => (CODES[kind] < 32 ? "line" : "staff")

const MAX_CHAIN = 128 * 1024
const MAX_NOTE = 2000
const MAX_DROPPED = 64

export function encodeEntry(entry: Entry): Uint8Array {
  const out = new ByteWriter().u8(CODES[entry.kind])
  switch (entry.kind) {
    case "warning":
      return out.raw(encodeWarning(entry.warning)).bytes()
    case "receipt":
      return out.short(entry.receipt).long(entry.vouched).bytes()
    case "revocation":
    case "veto":
    case "delegation":
    case "intake-key":
    case "receive-keys":
      return out.raw(entry.bytes).bytes()
    case "charter":
      return out.raw(entry.chain).bytes()
    case "lease":
      return out.fixed(entry.duty, PUBLIC_KEY_BYTES).u32(entry.term).u32(entry.until).bytes()
    case "draft":
      return out
        .fixed(entry.draftId, DRAFT_ID_BYTES)
        .text(entry.note)
        .raw(encodeWarning(entry.warning))
        .bytes()
    case "draft-discarded":
      return out.fixed(entry.draftId, DRAFT_ID_BYTES).bytes()
    case "part":
      return writePart(out, entry.part).bytes()
    case "parts-dropped":
      return out
        .fixed(entry.handle, HANDLE_BYTES)
        .list(entry.sequences, (w, sequence) => w.u32(sequence))
        .bytes()
    case "intake-wraps":
      return out
        .fixed(entry.keyId, KEY_ID_BYTES)
        .u32(entry.window)
        .list(entry.wraps, (w, wrap) =>
          w
            .fixed(wrap.officer, PUBLIC_KEY_BYTES)
            .fixed(wrap.enc, KEM_ENC_BYTES)
            .fixed(wrap.ciphertext, WRAPPED_SEED_BYTES),
        )
        .bytes()
    case "sealed":
      return out
        .fixed(entry.note.keyId, KEY_ID_BYTES)
        .fixed(entry.note.nonce, NONCE_BYTES)
        .raw(entry.note.ciphertext)
        .bytes()
  }
}

function writePart(out: ByteWriter, part: PlacedPart): ByteWriter {
  if (part.keys.length !== WEEKS_HELD) throw new RangeError("keys of three weeks")
  out.fixed(part.handle, HANDLE_BYTES).u32(part.week)
  for (const { cell, placement } of part.keys)
    out.fixed(reveal(cell), THREAD_KEY_BYTES).fixed(reveal(placement), THREAD_KEY_BYTES)
  return out.u32(part.sequence).u32(part.written).u32(part.expires).fixed(part.part, PART_BYTES)
}

function readPart(from: ByteReader): PlacedPart {
  const key = (): Secret<Uint8Array> => new Secret(from.take(THREAD_KEY_BYTES))
  return {
    handle: from.take(HANDLE_BYTES),
    week: from.u32() as Week,
    keys: Array.from({ length: WEEKS_HELD }, () => ({ cell: key(), placement: key() })),
    sequence: from.u32(),
    written: from.u32() as Instant,
    expires: from.u32() as Instant,
    part: from.take(PART_BYTES),
  }
}

/** @returns null for a form this version does not know: later kinds are passed over, not refused. */
export function decodeEntry(bytes: Uint8Array): Entry | null {
  const kind = (Object.keys(CODES) as EntryKind[]).find((name) => CODES[name] === bytes[0])
  const from = new ByteReader(bytes.slice(1))
  switch (kind) {
    case undefined:
      return null
    case "warning": {
      const warning = decodeWarning(bytes.slice(1))
      return warning && { kind, warning }
    }
    case "receipt": {
      const entry = { kind, receipt: from.short(), vouched: from.long(MAX_CHAIN) } as const
      return from.end() ? entry : null
    }
    case "revocation":
    case "veto":
    case "delegation":
    case "intake-key":
    case "receive-keys":
      return { kind, bytes: bytes.slice(1) }
    case "charter":
      return { kind, chain: bytes.slice(1) }
    case "lease": {
      const entry = {
        kind,
        duty: asPublicKey<"duty">(from.take(PUBLIC_KEY_BYTES)),
        term: from.u32(),
        until: from.u32() as Instant,
      } as const
      return from.end() ? entry : null
    }
    case "draft": {
      const draftId = from.take(DRAFT_ID_BYTES)
      const note = from.text(MAX_NOTE)
      const warning = decodeWarning(from.take(from.left))
      return from.end() && warning ? { kind, draftId, note, warning } : null
    }
    case "draft-discarded": {
      const draftId = from.take(DRAFT_ID_BYTES)
      return from.end() ? { kind, draftId } : null
    }
    case "part": {
      const part = readPart(from)
      return from.end() && isWeek(part.week) ? { kind, part } : null
    }
    case "parts-dropped": {
      const handle = from.take(HANDLE_BYTES)
      const sequences = from.list(MAX_DROPPED, (r) => r.u32())
      return from.end() ? { kind, handle, sequences } : null
    }
    case "intake-wraps": {
      const entry = {
        kind,
        keyId: from.take(KEY_ID_BYTES),
        window: from.u32() as IntakeWindow,
        wraps: from.list(MAX_OFFICERS, (r) => ({
          officer: asPublicKey<"officer">(r.take(PUBLIC_KEY_BYTES)),
          enc: r.take(KEM_ENC_BYTES),
          ciphertext: r.take(WRAPPED_SEED_BYTES),
        })),
      } as const
      return from.end() && isWindow(entry.window) ? entry : null
    }
    case "sealed": {
      const note = {
        keyId: from.take(KEY_ID_BYTES),
        nonce: from.take(NONCE_BYTES),
        ciphertext: from.take(from.left),
      }
      return from.end() && note.ciphertext.length > TAG_BYTES ? { kind, note } : null
    }
  }
}

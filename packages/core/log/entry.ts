/** What the cells of the staff log say. docs/protocol.md §15. */
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { asPublicKey, PUBLIC_KEY_BYTES, type PublicKey } from "../keys.ts"
import type { Instant } from "../time/instant.ts"
import { decodeWarning, encodeWarning } from "../warning/codec.ts"
import type { SignedWarning } from "../warning/warning.ts"
import type { Compartment } from "./cell.ts"

export const DRAFT_ID_BYTES = 16

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

export type EntryKind = Entry["kind"]

const CODES: Readonly<Record<EntryKind, number>> = {
  warning: 1,
  receipt: 2,
  revocation: 3,
  veto: 4,
  delegation: 5,
  charter: 6,
  lease: 7,
  draft: 32,
  "draft-discarded": 33,
}

/** Codes from 32 on belong to the staff compartment: an entry in the wrong one is ignored (rule L4). */
export const compartmentOf = (kind: EntryKind): Compartment => (CODES[kind] < 32 ? "line" : "staff")

const MAX_CHAIN = 128 * 1024
const MAX_NOTE = 2000

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
  }
}

/** A warning on its own, checkable without a network by whoever has the organisation's charter. docs/protocol.md §14. */
import { fromBase32, toBase32 } from "../bytes/base32.ts"
import { fromBase45, toBase45 } from "../bytes/base45.ts"
import { equalBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { Language } from "../charter/charter.ts"
import type { Delegation } from "../delegation/delegation.ts"
import { delegationByHash } from "../delegation/delegation.ts"
import { sha256 } from "../suite.ts"
import { readLanguageTag } from "../text/language-tag.ts"
import { readWarning, writeWarning } from "../warning/codec.ts"
import type { SignedWarning, Warning } from "../warning/warning.ts"

/** The warning with one language's text, the delegation of its officers, and an all-clear's proposal. */
export interface ForwardPayload {
  readonly language: Language
  readonly warning: SignedWarning
  /** Null where charter signers signed. */
  readonly delegation: Uint8Array | null
  /** Null but for an all-clear. */
  readonly proposal: SignedWarning | null
}

const VERSION = 1
/** First bytes of SHA-256 over the rest: a letter lost on the way is told apart from another organisation. */
const CHECKSUM_BYTES = 4

export function makePayload(
  warning: Warning,
  language: Language,
  delegations: readonly Delegation[],
  proposal: Warning | null = null,
): ForwardPayload {
  const oneText = ({ signed, texts }: Warning): SignedWarning => ({
    ...signed,
    texts: signed.texts.length === 0 ? [] : texts.filter((text) => text.language === language).slice(0, 1),
  })
  return {
    language,
    warning: oneText(warning),
    delegation: delegationByHash(delegations, warning.core.delegationHash)?.bytes ?? null,
    proposal: proposal && oneText(proposal),
  }
}

export function encodePayload(payload: ForwardPayload): Uint8Array {
  const out = new ByteWriter().u8(VERSION).text(payload.language)
  writeWarning(out, payload.warning)
  out.short(payload.delegation ?? new Uint8Array())
  out.list(payload.proposal ? [payload.proposal] : [], writeWarning)
  const bytes = out.bytes()
  return new ByteWriter().raw(bytes).raw(sha256(bytes).slice(0, CHECKSUM_BYTES)).bytes()
}

/** @returns null when letters were lost or changed, or it never was a payload (rule F2). */
export function decodePayload(bytes: Uint8Array): ForwardPayload | null {
  const body = bytes.slice(0, Math.max(0, bytes.length - CHECKSUM_BYTES))
  if (!equalBytes(sha256(body).slice(0, CHECKSUM_BYTES), bytes.slice(body.length))) return null
  const from = new ByteReader(body)
  if (from.u8() !== VERSION) return null
  const language = readLanguageTag(from)
  const warning = readWarning(from)
  const delegation = from.short()
  const [proposal] = from.list(1, readWarning)
  if (!from.end()) return null
  return {
    language,
    warning,
    delegation: delegation.length > 0 ? delegation : null,
    proposal: proposal ?? null,
  }
}

const QR_PREFIX = "KUNAK1:"

/** Text for a QR code's alphanumeric mode: any scanner reads it, and it can be pasted like a text block. */
export const toQrText = (payload: ForwardPayload): string => QR_PREFIX + toBase45(encodePayload(payload))

const LINE = 48
const BEGIN = "KUNAK1["
const END = "]KUNAK1"

/** Lower-case base32 in short lines between two marks that messengers leave alone. */
export function toCodeLines(payload: ForwardPayload): string {
  const lines = toBase32(encodePayload(payload)).match(new RegExp(`.{1,${LINE}}`, "g")) ?? []
  return [BEGIN, ...lines, END].join("\n")
}

/** A code found in pasted or scanned text. */
export interface FoundCode {
  /** Null when a code is there but damaged. */
  readonly payload: ForwardPayload | null
  /** What stands before and after the code; nothing where a code alone was scanned. */
  readonly before: string
  readonly after: string
}

/** Longer than any message: what is pasted beyond it is not read. */
const MAX_PASTED = 100_000

/** The first code in a text, or null when there is none. Spaces, line ends and marks of quotation inside do not matter (rule F4). */
export function findCode(pasted: string): FoundCode | null {
  const text = pasted.slice(0, MAX_PASTED)
  const marked = /KUNAK1\[([\s>a-z2-7]*)\]KUNAK1/i.exec(text)
  if (marked) {
    const bytes = fromBase32((marked[1] ?? "").replace(/[\s>]/g, ""))
    return found(bytes, text.slice(0, marked.index), text.slice(marked.index + marked[0].length))
  }
  const scanned = /KUNAK1:([0-9A-Z $%*+\-./:]+)/.exec(text)
  if (scanned) {
    // Words beside it are compared like those of a text block: else a genuine code would vouch for any of them.
    const [before, after] = [text.slice(0, scanned.index), text.slice(scanned.index + scanned[0].length)]
    const asScanned = found(fromBase45(scanned[1] ?? ""), before, after)
    return asScanned.payload ? asScanned : found(fromBase45((scanned[1] ?? "").trimEnd()), before, after)
  }
  const cutOff = text.search(/KUNAK1[[:\]]|\]KUNAK1/i)
  return cutOff >= 0 ? { payload: null, before: text.slice(0, cutOff), after: "" } : null
}

const found = (bytes: Uint8Array | null, before: string, after: string): FoundCode => ({
  payload: bytes && decodePayload(bytes),
  before,
  after,
})

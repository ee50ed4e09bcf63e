import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { OrganisationId } from "../charter/charter.ts"
import { type ObjectHash, readSignatures, writeSignatures } from "../signature/signed.ts"
import { HASH_BYTES, sha256 } from "../suite.ts"
import { readLanguageTag } from "../text/language-tag.ts"
import type { Instant } from "../time/instant.ts"
import { CERTAINTIES, RESPONSES, SEVERITIES, URGENCIES } from "./scale.ts"
import { readOrdinal, readResponses, writeOrdinal, writeResponses } from "./scale-codec.ts"
import {
  type SignedWarning,
  type TextHash,
  WARNING_ID_BYTES,
  type WarningContent,
  type WarningCore,
  type WarningId,
  type WarningKind,
  type WarningText,
} from "./warning.ts"

const MAGIC = 0x4b4e4b57 // "KNKW"
const VERSION = 1
const KINDS: readonly WarningKind[] = ["approved", "free", "withdrawal", "all-clear-proposal", "all-clear"]
const MAX_LANGUAGES = 6
/** Ten areas are a region; more is noise. */
export const MAX_AREAS = 10

/** UTF-8 bytes of each field of a free text; letters (UTF-16 units) are limited by the text block as a whole. */
export const MAX_TEXT_BYTES = { headline: 400, description: 3000, instruction: 3000 }

export function encodeWarningCore(core: WarningCore): Uint8Array {
  const out = new ByteWriter()
    .u32(MAGIC)
    .u8(VERSION)
    .fixed(core.organisationId, HASH_BYTES)
    .fixed(core.charterHash, HASH_BYTES)
    .fixed(core.delegationHash, HASH_BYTES)
    .fixed(core.id, WARNING_ID_BYTES)
    .u16(core.sequence)
    .fixed(core.supersedes, HASH_BYTES)
    .u32(core.signedAt)
    .u32(core.effective)
    .u32(core.expires)
  writeOrdinal(out, SEVERITIES, core.severity)
  writeOrdinal(out, URGENCIES, core.urgency)
  writeOrdinal(out, CERTAINTIES, core.certainty)
  writeResponses(out, core.responses)
  out.list(core.areas, (w, area) => w.u16(area))
  writeOrdinal(out, KINDS, core.content.kind)
  writeContent(out, core.content)
  return out.bytes()
}

function writeContent(out: ByteWriter, content: WarningContent): void {
  switch (content.kind) {
    case "approved":
      out.u16(content.wording).u32(content.since)
      return
    case "withdrawal":
      return
    default:
      out.list(content.texts, (w, text) => w.text(text.language).fixed(text.hash, HASH_BYTES))
  }
}

/** @returns null for anything but a core in its one canonical form (rules B1–B3, W1). */
export function decodeWarningCore(body: Uint8Array): WarningCore | null {
  const from = new ByteReader(body)
  if (from.u32() !== MAGIC || from.u8() !== VERSION) return null
  const core: WarningCore = {
    organisationId: from.take(HASH_BYTES) as OrganisationId,
    charterHash: from.take(HASH_BYTES) as ObjectHash,
    delegationHash: from.take(HASH_BYTES) as ObjectHash,
    id: from.take(WARNING_ID_BYTES) as WarningId,
    sequence: from.u16(),
    supersedes: from.take(HASH_BYTES) as ObjectHash,
    signedAt: from.u32() as Instant,
    effective: from.u32() as Instant,
    expires: from.u32() as Instant,
    severity: readOrdinal(from, SEVERITIES),
    urgency: readOrdinal(from, URGENCIES),
    certainty: readOrdinal(from, CERTAINTIES),
    responses: readResponses(from, RESPONSES),
    areas: from.list(MAX_AREAS, (r) => r.u16()),
    content: readContent(from),
  }
  const rising = core.areas.every((area, i) => i === 0 || area > (core.areas[i - 1] ?? 0))
  return from.end() && rising ? core : null
}

function readContent(from: ByteReader): WarningContent {
  const kind = readOrdinal(from, KINDS)
  if (kind === "approved") return { kind, wording: from.u16(), since: from.u32() as Instant }
  if (kind === "withdrawal") return { kind }
  const texts = from.list(
    MAX_LANGUAGES,
    (r): TextHash => ({ language: readLanguageTag(r), hash: r.take(HASH_BYTES) }),
  )
  if (texts.length === 0 || !isRising(texts)) from.fail()
  return { kind, texts }
}

const isRising = (texts: readonly { readonly language: string }[]): boolean =>
  texts.every(({ language }, i) => i === 0 || language > (texts[i - 1]?.language ?? ""))

export const encodeWarningText = (text: WarningText): Uint8Array => writeText(new ByteWriter(), text).bytes()

const writeText = (out: ByteWriter, text: WarningText): ByteWriter =>
  out.text(text.language).text(text.headline).text(text.description).text(text.instruction)

const readText = (from: ByteReader): WarningText => ({
  language: readLanguageTag(from),
  headline: from.text(MAX_TEXT_BYTES.headline),
  description: from.text(MAX_TEXT_BYTES.description),
  instruction: from.text(MAX_TEXT_BYTES.instruction),
})

export const textHash = (text: WarningText): TextHash => ({
  language: text.language,
  hash: sha256(encodeWarningText(text)),
})

/** Texts in the order of their languages, whatever order they were written in. */
export function writeWarning(out: ByteWriter, warning: SignedWarning): ByteWriter {
  writeSignatures(out.short(warning.body), warning.signatures)
  return out.list(
    [...warning.texts].sort((a, b) => (a.language < b.language ? -1 : 1)),
    writeText,
  )
}

export function readWarning(from: ByteReader): SignedWarning {
  const warning = {
    body: from.short(),
    signatures: readSignatures(from),
    texts: from.list(MAX_LANGUAGES, readText),
  }
  if (!isRising(warning.texts)) from.fail()
  return warning
}

export const encodeWarning = (warning: SignedWarning): Uint8Array =>
  writeWarning(new ByteWriter(), warning).bytes()

export function decodeWarning(bytes: Uint8Array): SignedWarning | null {
  const from = new ByteReader(bytes)
  const warning = readWarning(from)
  return from.end() ? warning : null
}

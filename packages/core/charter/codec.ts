import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { asPublicKey, PUBLIC_KEY_BYTES } from "../keys.ts"
import {
  EDITION_LIFE_SECONDS,
  HEADER_EVERY_TICKS,
  MAX_LOG2_SLOTS,
  MIN_DEMONSTRATION_TICK_MS,
  MIN_LOG2_SLOTS,
  TICK_MS,
} from "../parameters.ts"
import { HASH_BYTES } from "../suite.ts"
import { readLanguageTag } from "../text/language-tag.ts"
import type { Instant } from "../time/instant.ts"
import { CERTAINTIES, RESPONSES, SEVERITIES, URGENCIES } from "../warning/scale.ts"
import { readOrdinal, readResponses, writeOrdinal, writeResponses } from "../warning/scale-codec.ts"
import type { Area, Charter, CharterLanguage, Relay, Wording } from "./charter.ts"

const MAGIC = 0x4b4e4b43 // "KNKC"
const VERSION = 1
const DEMONSTRATION = 1
const CLOSED = 2
/** Keeps a charter, and with it every page, small. */
const MAX = {
  signers: 9,
  languages: 6,
  areas: 200,
  wordings: 16,
  templates: 4,
  address: 120,
  name: 200,
  text: 1500,
}

const writeRelay = (out: ByteWriter, relay: Relay): ByteWriter =>
  out.fixed(relay.termKey, PUBLIC_KEY_BYTES).text(relay.web).text(relay.onion)

const readRelay = (from: ByteReader): Relay => ({
  termKey: asPublicKey<"relay-term">(from.take(PUBLIC_KEY_BYTES)),
  // Without TLS only on the machine itself: a demonstration, a test.
  web: readOrigin(from, /^(https:\/\/[a-z0-9.-]+|http:\/\/(127\.0\.0\.1|localhost))(:\d{1,5})?$/),
  onion: readOrigin(from, /^(http:\/\/[a-z2-7]{56}\.onion)?$/),
})

/** An origin as browsers write it, so that it can stand in a content security policy as it is. */
function readOrigin(from: ByteReader, form: RegExp): string {
  const origin = from.text(MAX.address)
  const written = origin === "" ? "" : URL.parse(origin)?.origin
  if (!form.test(origin) || written !== origin) from.fail()
  return origin
}

const writeLanguage = (out: ByteWriter, language: CharterLanguage): ByteWriter =>
  out
    .text(language.tag)
    .text(language.organisation)
    .text(language.contact)
    .text(language.zoneName)
    .text(language.reviewer)
    .fixed(language.reviewedTexts, HASH_BYTES)

function readLanguage(from: ByteReader): CharterLanguage {
  return {
    tag: readLanguageTag(from),
    organisation: from.text(MAX.name),
    contact: from.text(MAX.text),
    zoneName: from.text(MAX.name),
    reviewer: from.text(MAX.name),
    reviewedTexts: from.take(HASH_BYTES),
  }
}

/** The signed body of a charter. @throws RangeError for values outside the format: the ceremony checks first. */
export function encodeCharter(charter: Charter): Uint8Array {
  const out = new ByteWriter()
    .u32(MAGIC)
    .u8(VERSION)
    .u8((charter.demonstration ? DEMONSTRATION : 0) + (charter.closed ? CLOSED : 0))
    .u32(charter.sequence)
    .fixed(charter.previous, HASH_BYTES)
    .u32(charter.issued)
    .u32(charter.expires)
    .u8(charter.threshold)
    .list(charter.signers, (w, key) => w.fixed(key, PUBLIC_KEY_BYTES))
  for (const relay of charter.relays) writeRelay(out, relay)
  return out
    .u16(charter.offsetMinutes + 1440)
    .list(charter.languages, writeLanguage)
    .list(charter.areas, (w, area) => {
      w.u16(area.id).u16(area.parent)
      for (const name of area.names) w.text(name)
    })
    .list(charter.wordings, writeWording)
    .list(charter.templates, (w, hash) => w.fixed(hash, HASH_BYTES))
    .u16(charter.editionSeconds)
    .u16(charter.tickMs)
    .u8(charter.log2Slots)
    .bytes()
}

function writeWording(out: ByteWriter, wording: Wording): void {
  out.u16(wording.id)
  writeOrdinal(out, SEVERITIES, wording.severity)
  writeOrdinal(out, URGENCIES, wording.urgency)
  writeOrdinal(out, CERTAINTIES, wording.certainty)
  writeResponses(out, wording.responses)
  out.u16(wording.maxHours)
  for (const { headline, description, instruction } of wording.texts) {
    out.text(headline).text(description).text(instruction)
  }
}

/** @returns null for anything but the one canonical form of a charter (rules B1–B3, C2). */
export function decodeCharter(body: Uint8Array): Charter | null {
  const from = new ByteReader(body)
  if (from.u32() !== MAGIC || from.u8() !== VERSION) return null
  const flags = from.u8()
  if (flags > (DEMONSTRATION | CLOSED)) from.fail()
  const head = {
    demonstration: (flags & DEMONSTRATION) !== 0,
    closed: (flags & CLOSED) !== 0,
    sequence: from.u32(),
    previous: from.take(HASH_BYTES),
    issued: from.u32() as Instant,
    expires: from.u32() as Instant,
    threshold: from.u8(),
    signers: from.list(MAX.signers, (r) => asPublicKey<"charter-signing">(r.take(PUBLIC_KEY_BYTES))),
    relays: [readRelay(from), readRelay(from)] as const,
    offsetMinutes: from.u16() - 1440,
    languages: from.list(MAX.languages, readLanguage),
  }
  const count = head.languages.length
  const charter: Charter = {
    ...head,
    areas: from.list(
      MAX.areas,
      (r): Area => ({
        id: r.u16(),
        parent: r.u16(),
        names: Array.from({ length: count }, () => r.text(MAX.name)),
      }),
    ),
    wordings: from.list(MAX.wordings, (r) => readWording(r, count)),
    templates: from.list(MAX.templates, (r) => r.take(HASH_BYTES)),
    editionSeconds: from.u16(),
    tickMs: from.u16(),
    log2Slots: from.u8(),
  }
  return from.end() && isSound(charter) ? charter : null
}

function readWording(from: ByteReader, languages: number): Wording {
  return {
    id: from.u16(),
    severity: readOrdinal(from, SEVERITIES),
    urgency: readOrdinal(from, URGENCIES),
    certainty: readOrdinal(from, CERTAINTIES),
    responses: readResponses(from, RESPONSES),
    maxHours: from.u16(),
    texts: Array.from({ length: languages }, () => ({
      headline: from.text(MAX.name * 2),
      description: from.text(MAX.text * 2),
      instruction: from.text(MAX.text * 2),
    })),
  }
}

const allDistinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length

/** Rule C2: what a well-formed charter must also be. */
function isSound(charter: Charter): boolean {
  const ids = new Set(charter.areas.map((area) => area.id))
  return (
    charter.languages.length > 0 &&
    allDistinct(charter.languages.map((language) => language.tag)) &&
    // Nobody alone changes the charter, delegates or gives an all-clear.
    charter.threshold >= 2 &&
    charter.threshold <= Math.min(charter.signers.length, 5) &&
    allDistinct(charter.signers.map(String)) &&
    charter.issued < charter.expires &&
    Math.abs(charter.offsetMinutes) <= 14 * 60 &&
    charter.editionSeconds >= 1 &&
    charter.editionSeconds <= EDITION_LIFE_SECONDS / 2 &&
    // Relays keep five editions, and a visit asks for the newest at every fifth tick: what it names must still be there.
    2_000 * charter.editionSeconds >= HEADER_EVERY_TICKS * charter.tickMs &&
    // A rhythm of its own would tell an organisation's visitors from another's; a demonstration has no visitors.
    (charter.demonstration ? charter.tickMs >= MIN_DEMONSTRATION_TICK_MS : charter.tickMs === TICK_MS) &&
    charter.tickMs <= TICK_MS &&
    charter.log2Slots >= MIN_LOG2_SLOTS &&
    charter.log2Slots <= MAX_LOG2_SLOTS &&
    !ids.has(0) &&
    ids.size === charter.areas.length &&
    // A parent stands before its children: no cycles.
    charter.areas.every(
      ({ parent }, i) => parent === 0 || charter.areas.slice(0, i).some((a) => a.id === parent),
    ) &&
    allDistinct(charter.wordings.map((wording) => wording.id)) &&
    charter.wordings.every((wording) => wording.id > 0 && wording.maxHours > 0 && wording.maxHours <= 336)
  )
}

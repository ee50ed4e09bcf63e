/** What a ceremony is told: one JSON file that the organisation's people write and read aloud. docs/ceremony.md */
import type { Area, Wording, WordingText } from "@kunak/core/charter/charter"
import { LOG2_SLOTS, MAX_LOG2_SLOTS, MIN_LOG2_SLOTS, TICK_MS } from "@kunak/core/parameters"
import { err, ok, type Result } from "@kunak/core/result"
import { isPlainText } from "@kunak/core/text/plain-text"
import { CERTAINTIES, RESPONSES, SEVERITIES, URGENCIES } from "@kunak/core/warning/scale"

export interface DescribedLanguage {
  readonly tag: string
  readonly organisation: string
  readonly contact: string
  readonly zoneName: string
  /** Name of who reviewed the page's guidance in this language; "" until somebody has. */
  readonly reviewer: string
}

export interface DescribedRelay {
  readonly web: string
  readonly onion: string
  /** Where the relay's process listens: "127.0.0.1:8080". */
  readonly listen: string
}

export interface Description {
  readonly demonstration: boolean
  readonly languages: readonly DescribedLanguage[]
  readonly offsetMinutes: number
  readonly validDays: number
  readonly signers: number
  readonly threshold: number
  readonly officers: number
  readonly duties: number
  readonly relays: readonly [DescribedRelay, DescribedRelay]
  readonly areas: readonly Area[]
  readonly wordings: readonly Wording[]
  readonly editionSeconds: number
  /** Other than a minute only in a demonstration. */
  readonly tickMs: number
  /** Of the ring: 18 are 262,144 slots, 1 GiB. */
  readonly log2Slots: number
}

/** `where` is the way into the file ("wordings[0].texts.ru.headline"), `what` what stands there wrongly. */
export interface DescriptionError {
  readonly kind: "bad-description"
  readonly where: string
  readonly what: string
}

class Wrong extends Error {
  readonly where: string
  constructor(where: string, what: string) {
    super(what)
    this.where = where
  }
}

type Json = Readonly<Record<string, unknown>>

export function parseDescription(text: string): Result<Description, DescriptionError> {
  try {
    return ok(read(parse(text)))
  } catch (error) {
    if (error instanceof Wrong)
      return err({ kind: "bad-description", where: error.where, what: error.message })
    throw error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Wrong("the file", `is not JSON (${error instanceof Error ? error.message : "unreadable"})`)
  }
}

function read(json: unknown): Description {
  const top = object(json, "the file")
  const languages = list(top.languages, "languages", 1, 6).map((item, i) =>
    readLanguage(item, `languages[${i}]`),
  )
  const tags = languages.map(({ tag }) => tag)
  const [a, b] = list(top.relays, "relays", 2, 2).map((item, i) => readRelay(item, `relays[${i}]`))
  noneTwice(tags, "languages", "tag")
  // Nobody alone changes the charter (rule C2).
  const signers = whole(top.signers, "signers", 2, 9)
  const areas = list(top.areas, "areas", 1, 200).map((item, i) => readArea(item, `areas[${i}]`, tags))
  noneTwice(
    areas.map(({ id }) => id),
    "areas",
    "id",
  )
  areas.forEach(({ parent }, i) => {
    const known = parent === 0 || areas.slice(0, i).some(({ id }) => id === parent)
    if (!known) throw new Wrong(`areas[${i}].parent`, `names area ${parent}, which must stand above it`)
  })
  const wordings = list(top.wordings, "wordings", 0, 16).map((item, i) =>
    readWording(item, `wordings[${i}]`, tags),
  )
  noneTwice(
    wordings.map(({ id }) => id),
    "wordings",
    "id",
  )
  if ((a as DescribedRelay).web === (b as DescribedRelay).web)
    throw new Wrong("relays[1].web", "is relay A's address; the two stand at different operators")
  return {
    demonstration: top.demonstration === true,
    languages,
    offsetMinutes: whole(top.offsetMinutes, "offsetMinutes", -840, 840),
    validDays: whole(top.validDays, "validDays", 30, 1100),
    signers,
    threshold: whole(top.threshold, "threshold", 2, Math.min(signers, 5)),
    officers: whole(top.officers, "officers", 2, 8),
    duties: whole(top.duties, "duties", 1, 4),
    relays: [a as DescribedRelay, b as DescribedRelay],
    areas,
    wordings,
    editionSeconds: whole(
      top.editionSeconds ?? 300,
      "editionSeconds",
      top.demonstration === true ? 2 : 150,
      900,
    ),
    tickMs: TICK_MS,
    log2Slots: whole(top.ringLog2Slots ?? LOG2_SLOTS, "ringLog2Slots", MIN_LOG2_SLOTS, MAX_LOG2_SLOTS),
  }
}

function readLanguage(json: unknown, where: string): DescribedLanguage {
  const given = object(json, where)
  const tag = text(given.tag, `${where}.tag`)
  if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})?$/.test(tag))
    throw new Wrong(`${where}.tag`, `must be a language tag such as "ru"`)
  return {
    tag,
    organisation: text(given.organisation, `${where}.organisation`),
    contact: text(given.contact ?? "", `${where}.contact`, 0, 700, MOST_BYTES.contact),
    zoneName: text(given.zoneName, `${where}.zoneName`),
    reviewer: text(given.reviewer ?? "", `${where}.reviewer`, 0),
  }
}

const WEB = /^(https:\/\/[a-z0-9.-]+|http:\/\/(127\.0\.0\.1|localhost))(:\d{1,5})?$/

function readRelay(json: unknown, where: string): DescribedRelay {
  const given = object(json, where)
  const web = text(given.web, `${where}.web`)
  // As browsers write it: it stands in the page's content security policy.
  if (!WEB.test(web) || URL.parse(web)?.origin !== web) {
    throw new Wrong(
      `${where}.web`,
      `must be an address with https and without a path, such as "https://line.example" (http on 127.0.0.1 only)`,
    )
  }
  const onion = text(given.onion ?? "", `${where}.onion`, 0)
  if (!/^(http:\/\/[a-z2-7]{56}\.onion)?$/.test(onion)) {
    throw new Wrong(`${where}.onion`, `must be "http://" and 56 letters and ".onion", or be left out`)
  }
  return { web, onion, listen: text(given.listen ?? "127.0.0.1:8080", `${where}.listen`) }
}

function noneTwice(values: readonly (string | number)[], where: string, what: string): void {
  const twice = values.findIndex((value, i) => values.indexOf(value) < i)
  if (twice >= 0)
    throw new Wrong(`${where}[${twice}].${what}`, `is ${values[twice]} a second time; each has its own`)
}

function readArea(json: unknown, where: string, tags: readonly string[]): Area {
  const given = object(json, where)
  const names = object(given.names, `${where}.names`)
  return {
    id: whole(given.id, `${where}.id`, 1, 65_535),
    parent: whole(given.parent ?? 0, `${where}.parent`, 0, 65_535),
    names: tags.map((tag) => text(names[tag], `${where}.names.${tag}`)),
  }
}

function readWording(json: unknown, where: string, tags: readonly string[]): Wording {
  const given = object(json, where)
  const texts = object(given.texts, `${where}.texts`)
  return {
    id: whole(given.id, `${where}.id`, 1, 65_535),
    severity: oneOf(given.severity, SEVERITIES, `${where}.severity`),
    urgency: oneOf(given.urgency, URGENCIES, `${where}.urgency`),
    certainty: oneOf(given.certainty, CERTAINTIES, `${where}.certainty`),
    responses: list(given.responses, `${where}.responses`, 1, 8)
      .map((item, i) => oneOf(item, RESPONSES, `${where}.responses[${i}]`))
      .sort((x, y) => RESPONSES.indexOf(x) - RESPONSES.indexOf(y)),
    maxHours: whole(given.maxHours, `${where}.maxHours`, 1, 336),
    texts: tags.map((tag) => readText(texts[tag], `${where}.texts.${tag}`)),
  }
}

function readText(json: unknown, where: string): WordingText {
  const given = object(json, where)
  const template = (name: keyof WordingText, most: number): string => {
    const value = text(given[name], `${where}.${name}`, 1, most, MOST_BYTES[name])
    const slot = /\{(?!area\}|since\})[^}]*\}?/.exec(value)?.[0]
    if (slot) throw new Wrong(`${where}.${name}`, `has the slot ${slot}; there are {area} and {since}`)
    return value
  }
  return {
    headline: template("headline", 120),
    description: template("description", 600),
    instruction: template("instruction", 600),
  }
}

function object(value: unknown, where: string): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json
  throw new Wrong(where, "must be an object in braces")
}

function list(value: unknown, where: string, least: number, most: number): readonly unknown[] {
  if (Array.isArray(value) && value.length >= least && value.length <= most) return value
  throw new Wrong(where, least === most ? `must list exactly ${least}` : `must list ${least} to ${most}`)
}

function whole(value: unknown, where: string, least: number, most: number): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number
  throw new Wrong(where, `must be a whole number from ${least} to ${most}`)
}

/** Bytes of UTF-8 that a charter keeps (core/charter/codec.ts). */
const MOST_BYTES = { name: 200, contact: 1500, headline: 400, description: 3000, instruction: 3000 }

function text(value: unknown, where: string, least = 1, most = 120, mostBytes = MOST_BYTES.name): string {
  if (typeof value === "string" && value.length >= least && value.length <= most && isPlainText(value)) {
    const bytes = new TextEncoder().encode(value).length
    if (bytes <= mostBytes) return value
    throw new Wrong(where, `takes ${bytes} bytes; there is room for ${mostBytes} (a Cyrillic letter takes 2)`)
  }
  throw new Wrong(where, `must be a text of ${least} to ${most} letters, without letters that can't be seen`)
}

function oneOf<T extends string>(value: unknown, scale: readonly T[], where: string): T {
  const found = scale.find((item) => item === value)
  if (!found) throw new Wrong(where, `must be one of ${scale.join(", ")}`)
  return found
}

import { createHash } from "node:crypto"
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fingerprint } from "@kunak/core/charter/fingerprint"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { encodeDelegation, encodeDelegationBody, verifyDelegation } from "@kunak/core/delegation/delegation"
import { decodeEnrolment } from "@kunak/core/enrolment/enrolment"
import { toCodeLines } from "@kunak/core/forward/payload"
import { blockText } from "@kunak/core/forward/text-block"
import { MAX_DUTIES, MAX_OFFICERS, MAX_TEXT_BLOCK } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { MAX_SIGNATURES, type ObjectHash } from "@kunak/core/signature/signed"
import { makeOrganisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { plusSeconds, type Week, weekOf } from "@kunak/core/time/instant"
import { encodeWarningCore, MAX_AREAS } from "@kunak/core/warning/codec"
import { RESPONSES } from "@kunak/core/warning/scale"
import type { WarningId } from "@kunak/core/warning/warning"
import { fillWording } from "@kunak/core/warning/wording"
import { expect, onTestFinished, test } from "vitest"
import { openAge } from "./age-file.ts"
import { found } from "./ceremony.ts"
import { CODE_LETTERS } from "./charter-from.ts"
import { decodeDelegations } from "./delegations-file.ts"
import { type Description, parseDescription } from "./description.ts"
import { writeCeremony } from "./files.ts"
import { decodeSignerKey } from "./signer-key.ts"

const EXAMPLE = new URL("example-organisation.json", import.meta.url)
const exampleText = await readFile(EXAMPLE, "utf8")
const example = (): Description => must(parseDescription(exampleText))

const founding = (description: Description) =>
  found(description, {
    random: seededRandom("a ceremony"),
    now: SAMPLE_NOW,
    templateHash: new Uint8Array(32).fill(1),
    guidanceHash: () => null,
  })

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kunak-ceremony-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const PASSPHRASE = "five random words for tests"
const passphrases = { of: async () => PASSPHRASE, workFactor: 2 }

test("[Y1] the code of an approved warning is never longer than the ceremony reckons, whoever signs how often", async () => {
  const { chain } = await makeOrganisation()
  const random = seededRandom("largest")
  const signatures = Array.from({ length: MAX_SIGNATURES }, (_, index) => ({ index, signature: random(64) }))
  const keys = (count: number) => Array.from({ length: count }, () => random(32)) as never[]
  const delegation = encodeDelegation({
    body: encodeDelegationBody({
      organisationId: chain.organisationId,
      charterHash: chain.current.hash,
      week: weekOf(SAMPLE_NOW),
      officers: keys(MAX_OFFICERS),
      duties: keys(MAX_DUTIES),
    }),
    signatures,
  })
  const body = encodeWarningCore({
    organisationId: chain.organisationId,
    charterHash: chain.current.hash,
    delegationHash: random(32) as ObjectHash,
    id: random(16) as WarningId,
    sequence: 65_535,
    supersedes: random(32) as ObjectHash,
    signedAt: SAMPLE_NOW,
    effective: SAMPLE_NOW,
    expires: plusSeconds(SAMPLE_NOW, 100),
    severity: "Extreme",
    urgency: "Immediate",
    certainty: "Observed",
    responses: RESPONSES,
    areas: Array.from({ length: MAX_AREAS }, (_, i) => i + 1),
    content: { kind: "approved", wording: 65_535, since: SAMPLE_NOW },
  })
  const warning = { body, signatures, texts: [] }
  const code = toCodeLines({ language: "srl-latn0000", warning, delegation, proposal: null })
  expect(`\n\n${code}`.length).toBeLessThanOrEqual(CODE_LETTERS)
  // Not so far above that it takes room from people's words.
  expect(CODE_LETTERS - code.length).toBeLessThan(60)
})

test("[Y2] every wording of the example fits into a message with the three longest areas", async () => {
  const { chain } = must(await founding(example()))
  const { charter } = chain.current
  for (const wording of charter.wordings) {
    for (const [i, text] of fillWording(charter, wording, {
      areas: [5, 6, 1],
      since: SAMPLE_NOW,
    }).entries()) {
      const core = {
        severity: wording.severity,
        areas: [5, 6, 1],
        signedAt: SAMPLE_NOW,
        effective: plusSeconds(SAMPLE_NOW, 60),
        expires: plusSeconds(SAMPLE_NOW, 3600),
      }
      const readable = blockText(core as never, text, charter, charter.relays[0].web)
      expect(readable.length + CODE_LETTERS, `wording ${wording.id}, language ${i}`).toBeLessThanOrEqual(
        MAX_TEXT_BLOCK,
      )
    }
  }
})

test("[Y2] refuses a wording that no messenger would take, and says which and by how much", async () => {
  const description = example()
  const [first, ...rest] = description.wordings
  const long = "ж".repeat(600)
  const texts = first!.texts.map((text) => ({ ...text, description: long, instruction: `${long}${long}` }))
  const refused = await founding({ ...description, wordings: [{ ...first!, texts }, ...rest] })
  expect(refused).toMatchObject({
    ok: false,
    error: { kind: "wording-too-long", wording: 1, language: "ru" },
  })
  if (refused.ok || refused.error.kind !== "wording-too-long") throw new Error("founded")
  // Exactly so many letters fewer, and it is founded.
  const cut = texts.map((text) => ({ ...text, instruction: text.instruction.slice(refused.error.over) }))
  expect((await founding({ ...description, wordings: [{ ...first!, texts: cut }, ...rest] })).ok).toBe(true)
  const oneMore = texts.map((text) => ({
    ...text,
    instruction: text.instruction.slice(refused.error.over - 1),
  }))
  expect(await founding({ ...description, wordings: [{ ...first!, texts: oneMore }] })).toMatchObject({
    error: { over: 1 },
  })
})

test("[Y2] refuses a charter that no page could carry", async () => {
  const description = example()
  const areas = Array.from({ length: 200 }, (_, i) => ({
    id: i + 1,
    parent: 0,
    names: Array.from({ length: 6 }, () => "ж".repeat(100)),
  }))
  const languages = ["ru", "en", "ce", "av", "inh", "os"].map((tag) => ({
    ...description.languages[0]!,
    tag,
  }))
  const refused = await founding({ ...description, languages, areas, wordings: [] })
  expect(refused).toMatchObject({ ok: false, error: { kind: "charter-too-large" } })
})

type Json = Record<string, unknown>
const BAD: readonly (readonly [name: string, change: (json: Json) => void, where: string, what: RegExp])[] = [
  ["one signer of two", (json) => (json.threshold = 1), "threshold", /whole number from 2 to 3/],
  ["one signer in all", (json) => (json.signers = 1), "signers", /from 2 to 9/],
  ["more signatures than signers", (json) => (json.threshold = 4), "threshold", /from 2 to 3/],
  ["one officer", (json) => (json.officers = 1), "officers", /from 2 to 8/],
  ["a text for a number", (json) => (json.officers = "2"), "officers", /whole number/],
  ["one relay", (json) => (json.relays as unknown[]).pop(), "relays", /exactly 2/],
  [
    "a relay with a path",
    (json) => ((json.relays as Json[])[0]!.web = "https://line.example/x"),
    "relays[0].web",
    /without a path/,
  ],
  [
    "a relay without TLS",
    (json) => ((json.relays as Json[])[1]!.web = "http://line.example"),
    "relays[1].web",
    /with https/,
  ],
  [
    "a port that browsers leave out",
    (json) => ((json.relays as Json[])[0]!.web = "https://line.example:443"),
    "relays[0].web",
    /address/,
  ],
  [
    "both relays at one address",
    (json) => ((json.relays as Json[])[1]!.web = (json.relays as Json[])[0]!.web),
    "relays[1].web",
    /relay A's address/,
  ],
  [
    "an onion address of the old kind",
    (json) => ((json.relays as Json[])[0]!.onion = "http://abcdefghijklmnop.onion"),
    "relays[0].onion",
    /56 letters/,
  ],
  [
    "a language twice",
    (json) => ((json.languages as Json[])[1]!.tag = "ru"),
    "languages[1].tag",
    /second time/,
  ],
  [
    "a language in words",
    (json) => ((json.languages as Json[])[0]!.tag = "Russian"),
    "languages[0].tag",
    /language tag/,
  ],
  [
    "a name longer than a charter keeps",
    (json) => ((json.languages as Json[])[0]!.organisation = "ж".repeat(101)),
    "languages[0].organisation",
    /takes 202 bytes; there is room for 200/,
  ],
  [
    "letters that can't be seen",
    (json) => ((json.languages as Json[])[0]!.organisation = "Line\u200b"),
    "languages[0].organisation",
    /can't be seen/,
  ],
  [
    "an area without a name in one language",
    (json) => ((json.areas as Json[])[0]!.names = { ru: "Кавказ" }),
    "areas[0].names.en",
    /must be a text/,
  ],
  ["an area twice", (json) => ((json.areas as Json[])[1]!.id = 1), "areas[1].id", /1 a second time/],
  [
    "an area in one that comes later",
    (json) => ((json.areas as Json[])[0]!.parent = 9),
    "areas[0].parent",
    /must stand above/,
  ],
  ["a wording twice", (json) => ((json.wordings as Json[])[1]!.id = 1), "wordings[1].id", /second time/],
  [
    "a severity that CAP does not have",
    (json) => ((json.wordings as Json[])[0]!.severity = "High"),
    "wordings[0].severity",
    /one of Extreme/,
  ],
  [
    "a slot that nobody fills",
    (json) =>
      (((json.wordings as Json[])[0]!.texts as Json).ru = {
        headline: "x",
        description: "{name}",
        instruction: "x",
      }),
    "wordings[0].texts.ru.description",
    /slot \{name\}/,
  ],
  [
    "a validity beyond two weeks",
    (json) => ((json.wordings as Json[])[0]!.maxHours = 337),
    "wordings[0].maxHours",
    /from 1 to 336/,
  ],
  [
    "fast editions outside a demonstration",
    (json) => (json.editionSeconds = 10),
    "editionSeconds",
    /from 150/,
  ],
]
test.each(BAD)(
  "[Y12] refuses a description with %s, and says where and what",
  (_name, change, where, what) => {
    const json = JSON.parse(exampleText) as Json
    change(json)
    const refused = parseDescription(JSON.stringify(json))
    expect(refused).toMatchObject({ ok: false, error: { kind: "bad-description", where } })
    expect(!refused.ok && refused.error.what).toMatch(what)
  },
)

test("[Y12] whatever a description may hold at most, a charter holds", async () => {
  const description = example()
  const json = JSON.parse(exampleText) as Json
  json.languages = (json.languages as Json[]).map((language) => ({
    ...language,
    organisation: "ж".repeat(100),
    contact: "ж".repeat(700),
    zoneName: "ж".repeat(100),
    reviewer: "ж".repeat(100),
  }))
  json.areas = (json.areas as Json[]).map((area) => ({
    ...area,
    names: { ru: "ж".repeat(100), en: "z".repeat(120) },
  }))
  json.wordings = []
  expect((await founding(must(parseDescription(JSON.stringify(json))))).ok).toBe(true)
  expect((await founding(description)).ok).toBe(true)
})

test("[Y12] a file that is no JSON is said to be none", () => {
  expect(parseDescription("{")).toMatchObject({
    error: { where: "the file", what: expect.stringMatching(/not JSON/) },
  })
})

test("[Y13] leaves keys for each alone, and in public what later papers begin from", async () => {
  const folder = await temporaryFolder()
  const ceremony = must(await founding(example()))
  const written = await writeCeremony(folder, ceremony, example(), passphrases)
  for (const { path, secret } of written) {
    const { mode } = await stat(join(folder, path))
    expect([path, (mode & 0o777).toString(8)]).toEqual([
      path,
      secret ? "600" : expect.stringMatching(/^6[04][04]$/),
    ])
  }
  const secrets = written.filter(({ secret }) => secret).map(({ path }) => path)
  expect(secrets).toEqual([
    "signer-1/signer.age",
    "signer-2/signer.age",
    "signer-3/signer.age",
    "officer-1/enrolment.age",
    "officer-2/enrolment.age",
    "duty-1/enrolment.json",
    "duty-2/enrolment.json",
    "relay-a/term.key",
  ])
  for (const name of await readdir(folder)) {
    if (name !== "public") expect((await stat(join(folder, name))).mode & 0o077).toBe(0)
  }
  const chain = must(
    await verifyCharterChain(new Uint8Array(await readFile(join(folder, "public/charter.kunak"))), null),
  )
  const delegations = decodeDelegations(
    new Uint8Array(await readFile(join(folder, "public/delegations.kunak"))),
  )
  const weeks: Week[] = []
  for (const bytes of delegations ?? []) weeks.push(must(await verifyDelegation(bytes, chain)).week)
  expect(weeks).toEqual(Array.from({ length: 13 }, (_, i) => weekOf(SAMPLE_NOW) + i))
  const sheet = await readFile(join(folder, "public/fingerprint.html"), "utf8")
  expect(sheet).toContain(fingerprint(chain.organisationId))
  // It lets its one style in, by its hash, and nothing else: it lies beside the page in many hands.
  const style = /<style>([\s\S]*?)<\/style>/.exec(sheet)?.[1] ?? ""
  const hash = createHash("sha256").update(style).digest("base64")
  expect(sheet).toContain(`content="default-src 'none'; style-src 'sha256-${hash}'"`)
  expect(sheet).not.toMatch(/unsafe|\sstyle=|<script/)
})

test("[Y6] a signer's file opens with the passphrase alone, holds a key of the charter, and knows whose", async () => {
  const folder = await temporaryFolder()
  const ceremony = must(await founding(example()))
  await writeCeremony(folder, ceremony, example(), passphrases)
  const sealed = new Uint8Array(await readFile(join(folder, "signer-2/signer.age")))
  expect(await openAge(sealed, "another passphrase, wrong")).toBeNull()
  const key = decodeSignerKey((await openAge(sealed, PASSPHRASE)) ?? "")
  expect(key?.label).toBe("signer 2")
  expect(key?.key.publicKey).toEqual(ceremony.chain.current.charter.signers[1])
  expect(key?.organisationId).toEqual(ceremony.chain.organisationId)
  expect(sealed.includes(10) && new TextDecoder().decode(sealed)).not.toContain("charter-signer")
})

test("[Y7] a second ceremony in the same folder is refused, and changes no file", async () => {
  const folder = await temporaryFolder()
  const ceremony = must(await founding(example()))
  const written = await writeCeremony(folder, ceremony, example(), passphrases)
  const contents = () => Promise.all(written.map(({ path }) => readFile(join(folder, path), "hex")))
  const before = await contents()
  await expect(writeCeremony(folder, ceremony, example(), passphrases)).rejects.toMatchObject({
    code: "EEXIST",
  })
  // With the public folder gone it is the first key that stops it.
  await rm(join(folder, "public"), { recursive: true })
  await expect(writeCeremony(folder, ceremony, example(), passphrases)).rejects.toMatchObject({
    code: "EEXIST",
  })
  expect(await Promise.all(written.slice(3).map(({ path }) => readFile(join(folder, path), "hex")))).toEqual(
    before.slice(3),
  )
})

test("[Y13] a duty is given no staff key, an officer no capability to publish", async () => {
  const folder = await temporaryFolder()
  const ceremony = must(await founding(example()))
  await writeCeremony(folder, ceremony, example(), passphrases)
  const duty = must(decodeEnrolment(await readFile(join(folder, "duty-1/enrolment.json"), "utf8")))
  expect([duty.role, duty.staffKey]).toEqual(["duty", null])
  const sealed = new Uint8Array(await readFile(join(folder, "officer-1/enrolment.age")))
  const officer = must(decodeEnrolment((await openAge(sealed, PASSPHRASE)) ?? ""))
  expect(officer.relays.map(({ publish }) => publish)).toEqual([null, null])
})

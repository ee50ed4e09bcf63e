import { expect, test } from "vitest"
import { must } from "../result.ts"
import { signBody } from "../signature/signed.ts"
import { makeSigningKey } from "../suite.ts"
import { extendChain, makeOrganisation, signaturesOf } from "../testing/organisation.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { plusSeconds } from "../time/instant.ts"
import { type Charter, charterByHash } from "./charter.ts"
import { decodeCharter, encodeCharter } from "./codec.ts"
import { fingerprint, isFingerprintOf } from "./fingerprint.ts"
import { decodeCharterChain, encodeCharterChain, verifyCharterChain } from "./verify.ts"

const organisation = await makeOrganisation()
const { charter, chain } = organisation
const id = chain.organisationId
const random = seededRandom("others")
const strangers = Array.from({ length: 3 }, () => makeSigningKey("charter-signing", random))

const outcome = async (bytes: Uint8Array, pinned = id as typeof id | null) => {
  const result = await verifyCharterChain(bytes, pinned)
  return result.ok ? "verified" : result.error.kind
}

test("[C1] the organisation is the hash of its first charter, whatever follows", async () => {
  const longer = must(await verifyCharterChain(await extendChain(organisation), id))
  expect(longer.organisationId).toEqual(id)
  expect(longer.links.length).toBe(2)
  expect(longer.current.charter.sequence).toBe(1)
  expect(charterByHash(longer, chain.current.hash)?.charter.sequence).toBe(0)
})

test("[C1] another organisation's chain is refused where an id is pinned", async () => {
  const other = await makeOrganisation({ seed: "another" })
  expect(await outcome(other.chain.bytes)).toBe("wrong-organisation")
  expect(await outcome(other.chain.bytes, null)).toBe("verified")
})

test("[C2] a charter has one form: it decodes to what was encoded, and encodes to the same bytes", () => {
  const body = encodeCharter(charter)
  expect(decodeCharter(body)).toEqual(charter)
  expect(encodeCharter(decodeCharter(body) as Charter)).toEqual(body)
})

const change =
  (change: Partial<Charter>) =>
  (plain: Charter): Charter => ({ ...plain, ...change })
const [relayA, relayB] = charter.relays
const relays = (web: string, onion = ""): Partial<Charter> => ({
  relays: [{ ...relayA, web, onion }, relayB],
})
const [russian, english] = charter.languages as [(typeof charter.languages)[0], (typeof charter.languages)[0]]
const [caucasus, chechnya] = charter.areas as [(typeof charter.areas)[0], (typeof charter.areas)[0]]
const [leave] = charter.wordings as [(typeof charter.wordings)[0]]

const UNSOUND: Readonly<Record<string, Partial<Charter>>> = {
  "no language": { languages: [], areas: [], wordings: [] },
  "a language twice": { languages: [russian, { ...english, tag: "ru" }] },
  "a language that is no tag": { languages: [russian, { ...english, tag: "constructor" }] },
  "one signer alone": { threshold: 1 },
  "no threshold": { threshold: 0 },
  "a threshold beyond its signers": { threshold: 4 },
  "a signer twice": { signers: [...charter.signers.slice(0, 2), charter.signers[0] as never] },
  "an end before its beginning": { expires: charter.issued },
  "a clock that is none": { offsetMinutes: 900 },
  "no rhythm": { editionSeconds: 0 },
  "a rhythm slower than editions live": { editionSeconds: 901 },
  "ticks of its own outside a demonstration": { tickMs: 30_000 },
  "ticks too quick for a demonstration": { demonstration: true, tickMs: 99 },
  "editions too quick for its ticks": { editionSeconds: 149 },
  "a ring too small": { log2Slots: 9 },
  "a ring too large": { log2Slots: 25 },
  "an area 0": { areas: [{ ...caucasus, id: 0 }] },
  "an area twice": { areas: [caucasus, { ...chechnya, id: caucasus.id }] },
  "an area before its parent": { areas: [chechnya, caucasus] },
  "an area in itself": { areas: [{ ...caucasus, parent: caucasus.id }] },
  "a wording twice": { wordings: [leave, leave] },
  "a wording 0": { wordings: [{ ...leave, id: 0 }] },
  "a wording for no time": { wordings: [{ ...leave, maxHours: 0 }] },
  "a wording for more than two weeks": { wordings: [{ ...leave, maxHours: 337 }] },
  "a relay with a path": relays("https://relay.example/page"),
  "a relay without TLS": relays("http://relay.example"),
  "a relay that only looks local": relays("http://127.0.0.1.example"),
  "a relay in capital letters": relays("https://RELAY.example"),
  "a relay with the port that browsers drop": relays("https://relay.example:443"),
  "a relay whose port is none": relays("https://relay.example:65536"),
  "a relay with a second directive": relays("https://relay.example; script-src *"),
  "an onion that is none": relays("https://relay.example", "http://short.onion"),
  "an onion over TLS": relays("https://relay.example", `https://${"a".repeat(56)}.onion`),
}
test.for(Object.entries(UNSOUND))("[C2] refuses %s", ([, unsound]) => {
  expect(decodeCharter(encodeCharter({ ...charter, ...unsound }))).toBeNull()
})

test("[C2] takes what a real charter may have", () => {
  for (const sound of [
    relays("https://relay.example:8443", `http://${"a".repeat(56)}.onion`),
    relays("http://127.0.0.1:8080"),
    { threshold: 3 },
    { wordings: [] },
    { areas: [] },
  ]) {
    expect(decodeCharter(encodeCharter({ ...charter, ...sound }))).not.toBeNull()
  }
})

test("[C3] a charter needs k of its own signers", async () => {
  const body = encodeCharter(charter)
  const signed = async (count: number, keys = organisation.signers) =>
    encodeCharterChain([{ body, byPrevious: [], byOwn: await signaturesOf("charter", body, keys, count) }])
  expect(await outcome(await signed(2))).toBe("verified")
  expect(await outcome(await signed(3))).toBe("verified")
  expect(await outcome(await signed(1))).toBe("charter-not-signed")
  expect(await outcome(await signed(0))).toBe("charter-not-signed")
  expect(await outcome(await signed(2, strangers))).toBe("charter-not-signed")
  const asDelegation = await signaturesOf("delegation", body, organisation.signers, 2)
  expect(await outcome(encodeCharterChain([{ body, byPrevious: [], byOwn: asDelegation }]))).toBe(
    "charter-not-signed",
  )
  const [one] = await signaturesOf("charter", body, organisation.signers, 1)
  const [signer] = organisation.signers
  const twice = [one, { index: 1, signature: await signBody("charter", body, signer as never) }] as never
  expect(await outcome(encodeCharterChain([{ body, byPrevious: [], byOwn: twice }]))).toBe(
    "charter-not-signed",
  )
})

test("[C5] a new charter needs the old quorum and its own", async () => {
  expect(await outcome(await extendChain(organisation, undefined, { newSigners: strangers }))).toBe(
    "verified",
  )
  for (const few of [{ old: 1 }, { old: 0 }, { own: 1 }, { own: 0 }, { newSigners: strangers, old: 1 }]) {
    expect(await outcome(await extendChain(organisation, undefined, few)), JSON.stringify(few)).toBe(
      "charter-not-signed",
    )
  }
})

test("[C4] a chain is unbroken: sequence, hash, time and kind follow", async () => {
  for (const broken of [
    change({ sequence: 2 }),
    change({ sequence: 0 }),
    change({ previous: random(32) }),
    change({ previous: new Uint8Array(32) }),
    change({ issued: charter.issued }),
    change({ issued: plusSeconds(charter.issued, -1) }),
    change({ demonstration: true }),
  ]) {
    expect(await outcome(await extendChain(organisation, broken))).toBe("broken-charter-chain")
  }
  const links = decodeCharterChain(await extendChain(organisation)) ?? []
  expect(await outcome(encodeCharterChain(links.slice(1)))).toBe("broken-charter-chain")
  expect(await outcome(encodeCharterChain([...links].reverse()))).toBe("broken-charter-chain")
  expect(await outcome(encodeCharterChain([...links, ...links.slice(1)]))).toBe("broken-charter-chain")
  expect(await outcome(encodeCharterChain([]))).toBe("malformed-charter")
  const [first] = links as [(typeof links)[0]]
  expect(await outcome(encodeCharterChain([{ ...first, byPrevious: first.byOwn }]))).toBe(
    "broken-charter-chain",
  )
})

test("[C4] a fork has the same id and another hash: whoever keeps a chain sees it", async () => {
  const one = must(await verifyCharterChain(await extendChain(organisation), id))
  const other = must(
    await verifyCharterChain(await extendChain(organisation, change({ threshold: 3 }), { own: 3 }), id),
  )
  expect(other.organisationId).toEqual(one.organisationId)
  expect(charterByHash(one, other.current.hash)).toBeUndefined()
})

test("[C2] any byte of a chain altered: never verified as this organisation", {
  timeout: 20_000,
}, async () => {
  for (let i = 0; i < chain.bytes.length; i++) {
    const altered = chain.bytes.slice()
    altered[i] = (altered[i] as number) ^ (1 << (i % 8))
    expect(await outcome(altered), `byte ${i}`).not.toBe("verified")
  }
})

test("[C1] a fingerprint is compared whatever case, spaces and hyphens people type", () => {
  const printed = fingerprint(id)
  expect(printed).toMatch(/^([a-z2-7]{4} ){7}[a-z2-7]{4}$/)
  expect(isFingerprintOf(printed.toUpperCase().replaceAll(" ", "-"), id)).toBe(true)
  const other = printed.replace(/^./, (letter) => (letter === "a" ? "b" : "a"))
  for (const wrong of [other, printed.slice(0, -1), `${printed}a`, ""])
    expect(isFingerprintOf(wrong, id)).toBe(false)
})

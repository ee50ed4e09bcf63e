import { expect, test } from "vitest"
import { must } from "../result.ts"
import { reveal, Secret } from "../secret.ts"
import { makeOrganisation } from "../testing/organisation.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { decodeEnrolment, type Enrolment, encodeEnrolment, eraseEnrolment } from "./enrolment.ts"

const random = seededRandom("enrolment")
const { chain, delegations } = await makeOrganisation()
const secret = () => new Secret(random(32))
const capabilities = (publish: boolean) => ({
  read: secret(),
  append: secret(),
  acknowledge: publish ? null : secret(),
  publish: publish ? secret() : null,
})
const officer: Enrolment = {
  role: "officer",
  label: "officer 1",
  charterChain: chain.bytes,
  delegations: delegations.map(({ bytes }) => bytes),
  seed: secret(),
  staffKey: secret(),
  lineKey: secret(),
  relays: [capabilities(false), capabilities(false)],
}
const duty: Enrolment = {
  ...officer,
  role: "duty",
  staffKey: null,
  relays: [capabilities(true), capabilities(true)],
}
const json = (enrolment: Enrolment): Record<string, unknown> => JSON.parse(encodeEnrolment(enrolment))

test("[M1] an enrolment comes back with every secret and every signed object", () => {
  for (const given of [officer, duty]) {
    const back = must(decodeEnrolment(encodeEnrolment(given)))
    expect(encodeEnrolment(back)).toBe(encodeEnrolment(given))
    expect(reveal(back.seed)).toEqual(reveal(given.seed))
    expect(back.delegations).toEqual(given.delegations)
  }
})

test("[M1] refuses what is no enrolment, of another version, or has a key that is none", () => {
  const good = json(officer)
  const relays = good.relays as Record<string, unknown>[]
  for (const bad of [
    "",
    "null",
    "[]",
    "{",
    JSON.stringify({ ...good, version: 2 }),
    JSON.stringify({ ...good, kunak: "charter" }),
    JSON.stringify({ ...good, role: "signer" }),
    JSON.stringify({ ...good, seed: "AAAA" }),
    JSON.stringify({ ...good, seed: null }),
    JSON.stringify({ ...good, lineKey: undefined }),
    JSON.stringify({ ...good, staffKey: "AAAA" }),
    JSON.stringify({ ...good, charterChain: 7 }),
    JSON.stringify({ ...good, delegations: ["*"] }),
    JSON.stringify({ ...good, delegations: {} }),
    JSON.stringify({ ...good, relays: relays.slice(0, 1) }),
    JSON.stringify({ ...good, relays: [...relays, relays[0]] }),
    JSON.stringify({ ...good, relays: [{ ...relays[0], append: "AAAA" }, relays[1]] }),
    JSON.stringify({ ...good, label: 1 }),
  ]) {
    expect(decodeEnrolment(bad).ok, bad.slice(0, 60)).toBe(false)
  }
})

test("[M2] a duty is given no key to drafts, an officer none to publish editions", () => {
  const bad = [
    { ...json(duty), staffKey: json(officer).staffKey },
    { ...json(officer), staffKey: null },
    { ...json(officer), relays: json(duty).relays },
  ]
  for (const given of bad) expect(decodeEnrolment(JSON.stringify(given)).ok).toBe(false)
})

test("[MEM4] erasing an enrolment leaves zeroes where its secrets were, and nothing that could be opened", () => {
  for (const given of [officer, duty]) {
    const back = must(decodeEnrolment(encodeEnrolment(given)))
    const capabilities = back.relays.flatMap((one) => Object.values(one) as (Secret<Uint8Array> | null)[])
    const secrets = [back.seed, back.staffKey, back.lineKey, ...capabilities].filter((one) => one !== null)
    const bytes = secrets.map((one) => reveal(one))
    expect(bytes.every((one) => one.some((byte) => byte !== 0))).toBe(true)
    eraseEnrolment(back)
    expect(bytes.every((one) => one.every((byte) => byte === 0))).toBe(true)
    for (const one of secrets) expect(() => reveal(one)).toThrow("erased")
  }
})

import { expect, test } from "vitest"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { makeSigningKey } from "../suite.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import {
  type Domain,
  objectHash,
  readSignatures,
  signBody,
  verifiedSigners,
  verifyBody,
  withSignature,
  writeSignatures,
} from "./signed.ts"

const DOMAINS: readonly Domain[] = [
  "charter",
  "delegation",
  "revocation",
  "warning",
  "veto",
  "receipt",
  "edition",
  "term grant",
  "term request",
]
const random = seededRandom("signatures")
const keys = Array.from({ length: 3 }, () => makeSigningKey("officer", random))
const body = random(100)

test("[B4] a signature for one purpose holds for no other, nor does its hash", async () => {
  const [key] = keys as [(typeof keys)[0]]
  for (const made of DOMAINS) {
    const signature = await signBody(made, body, key)
    for (const used of DOMAINS) {
      expect(await verifyBody(used, body, key.publicKey, signature), `${made} as ${used}`).toBe(made === used)
    }
  }
  expect(new Set(DOMAINS.map((domain) => String(objectHash(domain, body)))).size).toBe(DOMAINS.length)
})

test("[B5] signatures are read in rising order only: none counts twice", () => {
  const one = { index: 0, signature: random(64) }
  const two = { index: 2, signature: random(64) }
  const read = (list: readonly (typeof one)[]) => {
    const from = new ByteReader(writeSignatures(new ByteWriter(), list).bytes())
    readSignatures(from)
    return from.end()
  }
  expect(read([one, two])).toBe(true)
  expect(read([two, one])).toBe(false)
  expect(read([one, one])).toBe(false)
  expect(read([one, { ...one, signature: random(64) }])).toBe(false)
  expect(read(Array.from({ length: 6 }, (_, index) => ({ ...one, index })))).toBe(false)
})

test("[B5] one signature that does not hold spoils the others; an index beyond the list is none", async () => {
  const publicKeys = keys.map(({ publicKey }) => publicKey)
  const good = await Promise.all(
    keys.map(async (key, index) => ({ index, signature: await signBody("warning", body, key) })),
  )
  expect(await verifiedSigners("warning", body, publicKeys, good)).toEqual(publicKeys)
  expect(await verifiedSigners("warning", body, publicKeys, [])).toEqual([])
  const [first, second] = good as [(typeof good)[0], (typeof good)[0]]
  const swapped = [first, { index: 1, signature: first.signature }]
  expect(await verifiedSigners("warning", body, publicKeys, swapped)).toBeNull()
  expect(await verifiedSigners("warning", body, publicKeys, [first, { ...second, index: 3 }])).toBeNull()
  expect(await verifiedSigners("warning", random(100), publicKeys, good)).toBeNull()
})

test("[B5] a signature added twice replaces the older one", () => {
  const [a, b, c] = [random(64), random(64), random(64)] as [Uint8Array, Uint8Array, Uint8Array]
  const both = withSignature(withSignature([], { index: 2, signature: a }), { index: 0, signature: b })
  expect(withSignature(both, { index: 2, signature: c })).toEqual([
    { index: 0, signature: b },
    { index: 2, signature: c },
  ])
})

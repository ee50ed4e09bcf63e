import { runs } from "@kunak/core/testing/runs"
import { ed25519 as large } from "@noble/curves/ed25519.js"
import fc from "fast-check"
import { expect, test } from "vitest"
import { ed25519 as small } from "./small-ed25519.ts"

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"))
const strict = { zip215: false }

type Verify = (...args: [...Signed, typeof strict]) => boolean | Promise<boolean>
type Signed = readonly [signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array]

const holds = async (verify: Verify, ...args: Signed): Promise<boolean> => {
  try {
    return await verify(...args, strict)
  } catch {
    return false
  }
}

test("[G16] the page's own Ed25519 verifies RFC 8032 §7.1, tests 1 to 3", async () => {
  const vectors = [
    [
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
  ] as const
  for (const [key, message, signature] of vectors) {
    expect(await holds(small.verify, hex(signature), hex(message), hex(key))).toBe(true)
  }
})

test("[G16] it answers as the larger library for genuine, altered and arbitrary signatures", async () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
  await fc.assert(
    fc.asyncProperty(
      bytes(32),
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(95),
      fc.nat(7),
      async (seed, message, at, bit) => {
        const key = large.getPublicKey(seed)
        const signed = Uint8Array.of(...large.sign(message, seed), ...key)
        const altered = signed.slice()
        altered[at] = (altered[at] as number) ^ (1 << bit)
        for (const candidate of [signed, altered]) {
          const [signature, publicKey] = [candidate.slice(0, 64), candidate.slice(64)]
          expect(await holds(small.verify, signature, message, publicKey)).toBe(
            await holds(large.verify, signature, message, publicKey),
          )
        }
        expect(await holds(small.verify, signed.slice(0, 64), message, key)).toBe(true)
        expect(await holds(small.verify, altered.slice(0, 64), message, altered.slice(64))).toBe(false)
      },
    ),
    { numRuns: runs(25) },
  )
})

interface Points {
  fromBytes(bytes: Uint8Array, zip215?: boolean): { isSmallOrder(): boolean; isTorsionFree(): boolean }
}

/** What core/suite.ts asks of a key before it asks the platform. */
const soundness = (points: Points, key: Uint8Array): readonly boolean[] | null => {
  try {
    const point = points.fromBytes(key, false)
    return [point.isSmallOrder(), point.isTorsionFree()]
  } catch {
    return null
  }
}

/** Small-order keys and points with a second encoding: where libraries differ (Chalkias, Garillot, Nikolaenko 2020). */
test("[G16] it refuses what the larger library refuses among degenerate keys and points", async () => {
  const degenerate = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  ].map(hex)
  const scalars = ["00".repeat(32), `01${"00".repeat(31)}`, "ff".repeat(32)].map(hex)
  for (const key of degenerate) {
    expect(soundness(small.Point, key)).toEqual(soundness(large.Point, key))
    for (const point of degenerate) {
      for (const scalar of scalars) {
        const signature = Uint8Array.of(...point, ...scalar)
        expect(await holds(small.verify, signature, new Uint8Array(8), key)).toBe(
          await holds(large.verify, signature, new Uint8Array(8), key),
        )
      }
    }
  }
})

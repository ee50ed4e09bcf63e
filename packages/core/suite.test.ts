import { readFileSync } from "node:fs"
import { inspect } from "node:util"
import { ed25519 } from "@noble/curves/ed25519.js"
import { sha512 } from "@noble/hashes/sha2.js"
import { expect, test } from "vitest"
import { fromHex, toHex } from "./bytes/hex.ts"
import { erase, reveal, Secret } from "./secret.ts"
import {
  aeadOpen,
  aeadSeal,
  sha256,
  sign,
  signingKeyFromSeed,
  verifySignature,
  verifySignatureInScript,
} from "./suite.ts"
import { seededRandom } from "./testing/seeded-random.ts"

const hex = (text: string): Uint8Array => fromHex(text) as Uint8Array
const published = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../vectors/standards/${name}`, import.meta.url), "utf8"))

interface WycheproofEd25519 {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string }
    readonly tests: readonly { tcId: number; msg: string; sig: string; result: "valid" | "invalid" }[]
  }[]
}

test("[B6] Wycheproof's Ed25519 vectors: the platform and the fallback say what is expected", async () => {
  const { testGroups } = published("wycheproof-ed25519.json") as WycheproofEd25519
  const wrong: string[] = []
  let count = 0
  for (const { publicKey, tests } of testGroups) {
    for (const { tcId, msg, sig, result } of tests) {
      const given = [hex(publicKey.pk), hex(msg), hex(sig)] as const
      const expected = result === "valid"
      if ((await verifySignature(...given)) !== expected) wrong.push(`platform ${tcId}`)
      if ((await verifySignatureInScript(...given)) !== expected) wrong.push(`fallback ${tcId}`)
      count++
    }
  }
  expect(wrong).toEqual([])
  expect(count).toBe(151)
})

/** A point of order eight, canonical (of those in Chalkias, Garillot, Nikolaenko 2020, table 1). */
const ORDER_8 = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n
const number = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes.slice().reverse())}`)
const bytesOf = (value: bigint): Uint8Array => hex(value.toString(16).padStart(64, "0")).reverse()
const challenge = (r: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint =>
  number(sha512(Uint8Array.from([...r, ...publicKey, ...message]))) % ORDER

/** Signs as RFC 8032 §5.1.6 says, for any key and any R = nonce·B + extra. */
function craft(
  publicKey: Uint8Array,
  scalar: bigint,
  message: Uint8Array,
  extra = ed25519.Point.ZERO,
): Uint8Array {
  const nonce = 12345678901234567890n
  const r = ed25519.Point.BASE.multiply(nonce).add(extra).toBytes()
  const s = (nonce + challenge(r, publicKey, message) * scalar) % ORDER
  return Uint8Array.from([...r, ...bytesOf(s)])
}

/** A message under which the torsion of a key falls out of the equation: platforms accept such signatures. */
function luckyMessage(publicKey: Uint8Array, r: Uint8Array): Uint8Array {
  for (let i = 0; ; i++) if (challenge(r, publicKey, Uint8Array.of(i)) % 8n === 0n) return Uint8Array.of(i)
}

const refusedByBoth = async (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  what: string,
) => {
  expect(await verifySignature(publicKey, message, signature), `${what}, platform`).toBe(false)
  expect(await verifySignatureInScript(publicKey, message, signature), `${what}, fallback`).toBe(false)
}

test("[B6] keys outside the prime-order group are refused, though their signatures satisfy the equation", async () => {
  const { Point } = ed25519
  const torsion = Point.fromHex(ORDER_8)
  const seed = seededRandom("a key with a torsion component")(32)
  const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(seed)
  const mixed = Point.fromBytes(pointBytes).add(torsion).toBytes()
  const r = craft(mixed, scalar, new Uint8Array()).slice(0, 32)
  const message = luckyMessage(mixed, r)
  const signature = craft(mixed, scalar, message)
  expect(ed25519.verify(signature, message, mixed, { zip215: true })).toBe(true)
  await refusedByBoth(mixed, message, signature, "torsion component")

  const neutral = Point.ZERO.toBytes()
  for (const [what, key] of [
    ["small order", torsion.toBytes()],
    ["neutral", neutral],
    ["not canonical", hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")],
    ["no point", hex("02".padEnd(64, "0"))],
  ] as const) {
    // S = 0 and R neutral satisfy the equation under a key of small order.
    const forged = Uint8Array.from([...neutral, ...new Uint8Array(32)])
    await refusedByBoth(key, luckyMessage(key, neutral), forged, what)
    await refusedByBoth(key, luckyMessage(key, r), craft(key, 0n, luckyMessage(key, r)), what)
  }
})

test("[B6] a signature whose R is neutral or has a torsion component is refused by both paths", async () => {
  const seed = seededRandom("torsion in R")(32)
  const key = signingKeyFromSeed("officer", seed)
  const { scalar } = ed25519.utils.getExtendedPublicKey(seed)
  const message = Uint8Array.of(9)
  const honest = craft(key.publicKey, scalar, message)
  expect(await verifySignature(key.publicKey, message, honest)).toBe(true)
  expect(await verifySignatureInScript(key.publicKey, message, honest)).toBe(true)
  // R + T: the cofactored equation holds, the plain one does not.
  const twisted = craft(key.publicKey, scalar, message, ed25519.Point.fromHex(ORDER_8))
  expect(ed25519.verify(twisted, message, key.publicKey, { zip215: true })).toBe(true)
  await refusedByBoth(key.publicKey, message, twisted, "torsion in R")
  const neutral = ed25519.Point.ZERO.toBytes()
  const s = (challenge(neutral, key.publicKey, message) * scalar) % ORDER
  const withoutNonce = Uint8Array.from([...neutral, ...bytesOf(s)])
  expect(ed25519.verify(withoutNonce, message, key.publicKey, { zip215: false })).toBe(true)
  await refusedByBoth(key.publicKey, message, withoutNonce, "neutral R")
})

test("[B6] lengths that are not 32 and 64 are false, never an exception", async () => {
  for (const [a, b] of [
    [0, 64],
    [31, 64],
    [33, 64],
    [32, 0],
    [32, 63],
    [32, 65],
  ] as const) {
    const given = [new Uint8Array(a), new Uint8Array(3), new Uint8Array(b)] as const
    expect(await verifySignature(...given)).toBe(false)
    expect(await verifySignatureInScript(...given)).toBe(false)
  }
})

test("[B6] verification in script gives others their turn between its steps", async () => {
  const seed = seededRandom("gives way")(32)
  const { publicKey } = signingKeyFromSeed("officer", seed)
  let turns = 0
  let over = false
  const count = () => {
    turns++
    if (!over) setImmediate(count)
  }
  setImmediate(count)
  expect(await verifySignatureInScript(publicKey, hex("72"), ed25519.sign(hex("72"), seed))).toBe(true)
  over = true
  // Before the key, before R, before the equation.
  expect(turns).toBeGreaterThanOrEqual(3)
})

test("[B6] both paths sign the same bytes (RFC 8032 §7.1, test 2)", async () => {
  const seed = hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
  const key = signingKeyFromSeed("officer", seed)
  expect(toHex(key.publicKey)).toBe("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
  const expected =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
  expect(toHex(await sign(key, hex("72")))).toBe(expected)
  expect(toHex(ed25519.sign(hex("72"), seed))).toBe(expected)
})

interface WycheproofAes {
  readonly testGroups: readonly {
    readonly keySize: number
    readonly ivSize: number
    readonly tests: readonly {
      tcId: number
      key: string
      iv: string
      aad: string
      msg: string
      ct: string
      tag: string
      result: "valid" | "invalid"
    }[]
  }[]
}

test("[L1] Wycheproof's AES-256-GCM vectors with 96-bit nonces open or stay shut as expected", async () => {
  const { testGroups } = published("wycheproof-aes-gcm.json") as WycheproofAes
  const tests = testGroups
    .filter(({ keySize, ivSize }) => keySize === 256 && ivSize === 96)
    .flatMap((group) => group.tests)
  for (const { tcId, key, iv, aad, msg, ct, tag, result } of tests) {
    const secret = new Secret(hex(key))
    const opened = await aeadOpen(secret, hex(iv), hex(aad), hex(ct + tag))
    expect(opened && toHex(opened), `test ${tcId}`).toBe(result === "valid" ? msg : null)
    if (result === "valid") {
      expect(toHex(await aeadSeal(secret, hex(iv), hex(aad), hex(msg)))).toBe(ct + tag)
    }
  }
  expect(tests.length).toBe(66)
})

test("[B4] SHA-256 of FIPS 180-4's examples", () => {
  expect(toHex(sha256(new TextEncoder().encode("abc")))).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  )
  expect(toHex(sha256(new Uint8Array()))).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  )
})

test("[B7] a secret never prints, and is gone once erased", async () => {
  const bytes = new Uint8Array([1, 2, 3])
  const secret = new Secret(bytes)
  for (const printed of [String(secret), JSON.stringify({ secret }), `${secret}`, inspect(secret)]) {
    expect(printed).not.toMatch(/1.{0,3}2.{0,3}3/)
  }
  expect(reveal(secret)).toBe(bytes)
  erase(secret)
  expect(bytes).toEqual(new Uint8Array(3))
  expect(() => reveal(secret)).toThrow(TypeError)
})

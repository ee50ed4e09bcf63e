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
  makeSigningKey,
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
      if (verifySignatureInScript(...given) !== expected) wrong.push(`fallback ${tcId}`)
      count++
    }
  }
  expect(wrong).toEqual([])
  expect(count).toBe(151)
})

/** A point of order eight, canonical (of those in Chalkias, Garillot, Nikolaenko 2020, table 1). */
const ORDER_8 = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"

test("[B6] keys outside the prime-order group are refused alike, whatever the platform makes of them", async () => {
  const { Point } = ed25519
  const torsion = Point.fromHex(ORDER_8)
  const key = makeSigningKey("officer", seededRandom("a key with a torsion component"))
  const mixed = Point.fromBytes(key.publicKey).add(torsion).toBytes()
  const message = new Uint8Array([1, 2, 3])
  const signature = await sign(key, message)
  const bad = {
    "small order": torsion.toBytes(),
    neutral: Point.ZERO.toBytes(),
    "not canonical": hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    "no point": hex("02".padEnd(64, "0")),
    "torsion component": mixed,
  }
  for (const [what, publicKey] of Object.entries(bad)) {
    // S = 0 and R neutral satisfy the equation under a key of small order, for many messages.
    for (const forged of [signature, new Uint8Array([...Point.ZERO.toBytes(), ...new Uint8Array(32)])]) {
      expect(await verifySignature(publicKey, message, forged), what).toBe(false)
      expect(verifySignatureInScript(publicKey, message, forged), what).toBe(false)
    }
  }
})

test("[B6] a signature whose R has a torsion component is refused by both paths", async () => {
  // Made as RFC 8032 §5.1.6 says, but with R + T: the cofactored equation holds, the plain one does not.
  const { Point } = ed25519
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const number = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes.slice().reverse())}`)
  const seed = seededRandom("torsion in R")(32)
  const key = signingKeyFromSeed("officer", seed)
  const { scalar } = ed25519.utils.getExtendedPublicKey(seed)
  const nonce = 12345678901234567890n
  const r = Point.BASE.multiply(nonce).add(Point.fromHex(ORDER_8)).toBytes()
  const message = new Uint8Array([9])
  const k = number(sha512(new Uint8Array([...r, ...key.publicKey, ...message]))) % order
  const s = (nonce + k * scalar) % order
  const signature = new Uint8Array([...r, ...hex(s.toString(16).padStart(64, "0")).reverse()])
  expect(ed25519.verify(signature, message, key.publicKey, { zip215: true })).toBe(true)
  expect(await verifySignature(key.publicKey, message, signature)).toBe(false)
  expect(verifySignatureInScript(key.publicKey, message, signature)).toBe(false)
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
    expect(verifySignatureInScript(...given)).toBe(false)
  }
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

/** Published vectors, `vectors/standards/`, against every implementation that this platform has. */
import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { fromHex, toHex } from "../bytes/hex.ts"
import { reveal, Secret } from "../secret.ts"
import { encapsulateInScript } from "../suite/in-script.ts"
import { hkdf, hkdfExpand, hkdfExtract, pbkdf2 } from "../suite.ts"
import { keySchedule } from "./key-schedule.ts"
import { decapsulate, importKey, kemKeyFromSeed, kemOpenerBy } from "./open.ts"
import { encapsulate, sealBy } from "./seal.ts"
import { platforms } from "./testing/platforms.ts"
import { sealingByCoins } from "./testing/seal-by-coins.ts"

const hex = (text: string): Uint8Array => fromHex(text) as Uint8Array
const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../vectors/standards/${name}`, import.meta.url), "utf8"))

interface Case {
  readonly tcId: number
  readonly result: "valid" | "invalid" | "acceptable"
  readonly flags: readonly string[]
}
const wycheproof = <T>(name: string): readonly (T & Case)[] =>
  read(`wycheproof-${name}.json`).testGroups.flatMap((group: { tests: readonly (T & Case)[] }) => group.tests)

/** What was found, in the words of the vector: the bytes, or null where it was refused. */
async function found(by: () => unknown): Promise<string | null> {
  try {
    return toHex((await by()) as Uint8Array)
  } catch {
    return null
  }
}

test("[X1] Wycheproof's HKDF-SHA-256 vectors, as long as it may be and longer", async () => {
  type Hkdf = { ikm: string; salt: string; info: string; size: number; okm: string }
  const tests = wycheproof<Hkdf>("hkdf-sha256")
  for (const { tcId, result, ikm, salt, info, size, okm } of tests) {
    const expected = result === "valid" ? okm : null
    const both = () => hkdfExpand(hkdfExtract(hex(salt), hex(ikm)), hex(info), size)
    expect(await found(both), `test ${tcId}`).toBe(expected)
    if (salt === "" && expected) {
      const named = await hkdf(new Secret(hex(ikm)), hex(info), size)
      expect(toHex(reveal(named))).toBe(okm)
    }
  }
  expect(tests.length).toBe(86)
})

test("[X1] Wycheproof's PBKDF2-HMAC-SHA-256 vectors", async () => {
  type Pbkdf2 = { password: string; salt: string; iterationCount: number; dkLen: number; dk: string }
  const tests = wycheproof<Pbkdf2>("pbkdf2-hmac-sha256")
  for (const { tcId, password, salt, iterationCount, dkLen, dk } of tests) {
    const derived = await pbkdf2(hex(password), hex(salt), iterationCount, dkLen)
    expect(toHex(reveal(derived)), `test ${tcId}`).toBe(dk)
  }
  expect(tests.length).toBe(60)
})

test("[X2] Wycheproof's ML-KEM-768 decapsulation: strcmp, implicit rejection, wrong lengths", async () => {
  const tests = wycheproof<{ seed: string; ek?: string; c: string; K: string }>("mlkem-768")
  for (const [name, , by] of await platforms()) {
    for (const { tcId, result, seed, ek, c, K } of tests) {
      const shared = await found(async () => {
        const key = await by.importMlKem(hex(seed))
        expect(toHex(key.publicKey), `${name}, test ${tcId}`).toBe(ek)
        return await key.decapsulate(hex(c))
      })
      expect(shared, `${name}, test ${tcId}`).toBe(result === "valid" ? K : null)
    }
  }
  expect(tests.length).toBe(193)
})

test("[X2] Wycheproof's ML-KEM-768 encapsulation: the same bytes in script, the same refusals everywhere", async () => {
  const tests = wycheproof<{ m: string; ek: string; c: string; K: string }>("mlkem-768-encaps")
  const all = await platforms()
  for (const { tcId, result, m, ek, c, K } of tests) {
    const made = await found(() => {
      const { ciphertext, shared } = encapsulateInScript(hex(ek), hex(m))
      return Uint8Array.of(...ciphertext, ...shared)
    })
    expect(made, `test ${tcId}`).toBe(result === "valid" ? c + K : null)
    for (const [name, by] of all) {
      const length = (await found(async () => (await by.encapsulate(hex(ek))).ciphertext))?.length ?? null
      expect(length, `${name}, test ${tcId}`).toBe(result === "valid" ? 2 * 1088 : null)
    }
  }
  expect(tests.length).toBe(265)
})

test("[X3] Wycheproof's X25519 vectors: every point is taken, a shared secret of zeros never is", async () => {
  const tests = wycheproof<{ public: string; private: string; shared: string }>("x25519")
  for (const [name, { importX25519 }] of await platforms()) {
    for (const { tcId, flags, shared, ...given } of tests) {
      const agree = async () => await (await importX25519(hex(given.private))).agree(hex(given.public))
      expect(await found(agree), `${name}, test ${tcId}`).toBe(
        flags.includes("ZeroSharedSecret") ? null : shared,
      )
    }
    for (const bytes of [0, 31, 33]) {
      const key = await importX25519(new Uint8Array(32).fill(1))
      expect(await found(() => key.agree(new Uint8Array(bytes)))).toBe(null)
    }
  }
  expect(tests.length).toBe(518)
})

interface XWing {
  readonly seed: string
  readonly eseed: string
  readonly ss: string
  readonly pk: string
  readonly ct: string
}

test("[X4] X-Wing's own vectors: key from seed, encapsulation and opening on every platform", async () => {
  const vectors = read("xwing.json") as readonly XWing[]
  for (const { seed, eseed, ss, pk, ct } of vectors) {
    const coins = hex(eseed)
    const made = await encapsulate(sealingByCoins(coins.slice(0, 32)), hex(pk), coins.slice(32))
    expect(made && [toHex(made.enc), toHex(made.shared)]).toEqual([ct, ss])
    expect(toHex((await kemKeyFromSeed(new Secret(hex(seed)))).publicKey)).toBe(pk)
    for (const [name, sealing, opening] of await platforms()) {
      const key = await importKey(opening, hex(seed))
      expect(toHex((await kemOpenerBy(opening, new Secret(hex(seed)))).publicKey), name).toBe(pk)
      expect(toHex((await decapsulate(opening, key, hex(ct))) ?? new Uint8Array()), name).toBe(ss)
      const fresh = await encapsulate(sealing, hex(pk), coins.slice(32))
      expect(await decapsulate(opening, key, fresh?.enc ?? new Uint8Array()), name).toEqual(fresh?.shared)
    }
  }
  expect(vectors.length).toBe(3)
})

interface HpkeVector {
  readonly kem_id: number
  readonly kdf_id: number
  readonly aead_id: number
  readonly info: string
  readonly skRm: string
  readonly pkRm: string
  readonly enc: string
  readonly shared_secret: string
  readonly key: string
  readonly base_nonce: string
  readonly exporter_secret: string
}

/** RFC 9180, appendix A.1.1: DHKEM(X25519), HKDF-SHA-256, AES-128-GCM. */
const RFC_9180: HpkeVector = {
  kem_id: 0x20,
  kdf_id: 1,
  aead_id: 1,
  info: "4f6465206f6e2061204772656369616e2055726e",
  skRm: "",
  pkRm: "",
  enc: "",
  shared_secret: "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc",
  key: "4531685d41d65f03dc48f6b8302c05b0",
  base_nonce: "56d890e5accaaf011cff4b7d",
  exporter_secret: "45ff1c2e220db587171952c0592d5f5ebe103f1561a2614e38f2ffd47e99e3f8",
}

test("[X5] the key schedule of RFC 9180 and of the hybrid KEMs' vectors, for every suite with HKDF-SHA-256", () => {
  const vectors = (read("hpke-pq.json") as readonly HpkeVector[]).filter(({ kdf_id }) => kdf_id === 1)
  for (const vector of [RFC_9180, ...vectors]) {
    const suite = { kem: vector.kem_id, kdf: 0x0001, aead: vector.aead_id } as const
    const derive = keySchedule(suite, hex(vector.info))(hex(vector.shared_secret))
    expect(toHex(derive("key", vector.key.length / 2))).toBe(vector.key)
    expect(toHex(derive("base_nonce", 12))).toBe(vector.base_nonce)
    expect(toHex(derive("exp", 32))).toBe(vector.exporter_secret)
  }
  expect(vectors.map(({ kem_id }) => kem_id)).toEqual([64, 65, 80, 0x647a])
})

test("[X5] the shared secret of HPKE's X-Wing vectors, on every platform", async () => {
  const vectors = (read("hpke-pq.json") as readonly HpkeVector[]).filter(({ kem_id }) => kem_id === 0x647a)
  for (const { skRm, pkRm, enc, shared_secret } of vectors) {
    for (const [name, , opening] of await platforms()) {
      const key = await importKey(opening, hex(skRm))
      expect(toHex(Uint8Array.of(...key.mlKem.publicKey, ...key.x25519.publicKey)), name).toBe(pkRm)
      expect(toHex((await decapsulate(opening, key, hex(enc))) ?? new Uint8Array()), name).toBe(shared_secret)
    }
  }
  expect(vectors.length).toBe(2)
  expect(await sealBy(sealingByCoins(new Uint8Array(32)), hex(""), hex(""), hex(""), hex(""))).toBe(null)
})

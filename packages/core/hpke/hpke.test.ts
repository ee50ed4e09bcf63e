/**
 * The rules of sealing, docs/protocol.md:
 *
 * X1 HKDF-SHA-256 (RFC 5869) and PBKDF2-HMAC-SHA-256 (RFC 8018).
 * X2 ML-KEM-768 (FIPS 203): public keys of another length or out of range are refused; a wrong ciphertext is not, it
 *    gives another secret.
 * X3 X25519 (RFC 7748): every encoding of a point is taken, non-canonical ones reduced; a shared secret of zeros is refused.
 * X4 X-Wing: one seed of 32 bytes is the private key.
 * X5 HPKE's key schedule (RFC 9180 §5.1), base mode.
 * X6 What one platform seals every other opens, and so does another implementation.
 * X7 Opening says null, whatever the cause; every bit of `enc`, ciphertext, `info` and `aad` counts.
 * X8 Sealing to what is no public key says null.
 */
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core"
import { XWing } from "@hpke/hybridkem-x-wing"
import fc from "fast-check"
import { expect, test } from "vitest"
import { erase, reveal, Secret } from "../secret.ts"
import { kemOpener, makeKemKey, open, seal } from "../suite.ts"
import { runs } from "../testing/runs.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { kemKeyFromSeed, kemOpenerBy } from "./open.ts"
import { sealBy } from "./seal.ts"
import { platforms } from "./testing/platforms.ts"
import { sealByCoins } from "./testing/seal-by-coins.ts"

const text = (string: string): Uint8Array => new TextEncoder().encode(string)
const key = await makeKemKey(seededRandom("a key to seal to"))
const INFO = text("info of the tests")
const AAD = text("head")
const PLAINTEXT = text("Можно ли прийти завтра?")

test("[X6] what node, WebCrypto and script seal, each of them opens", async () => {
  const all = await platforms()
  for (const [sealer, sealing] of all) {
    const sealed = await sealBy(sealing, key.publicKey, INFO, AAD, PLAINTEXT)
    if (!sealed) throw new TypeError(sealer)
    expect([sealed.enc.length, sealed.ciphertext.length]).toEqual([1120, PLAINTEXT.length + 16])
    for (const [name, , opening] of all) {
      const opener = await kemOpenerBy(opening, key.seed)
      expect(opener.publicKey).toEqual(key.publicKey)
      const opened = await opener.open(INFO, AAD, sealed.enc, sealed.ciphertext)
      expect(opened, `${sealer} to ${name}`).toEqual(PLAINTEXT)
    }
  }
})

const other = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
const buffer = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer

test("[X6] another implementation opens what we seal and seals what we open", async () => {
  const theirs = await other.kem.deserializePrivateKey(buffer(reveal(key.seed)))
  const public_ = await other.kem.deserializePublicKey(buffer(key.publicKey))
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 3000 }),
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 40 }),
      async (plaintext, info, aad) => {
        const ours = await seal(key.publicKey, info, aad, plaintext)
        const context = { recipientKey: theirs, enc: buffer(ours?.enc ?? aad), info: buffer(info) }
        const opened = await other.open(context, buffer(ours?.ciphertext ?? aad), buffer(aad))
        expect(new Uint8Array(opened)).toEqual(plaintext)

        const sealed = await other.seal(
          { recipientPublicKey: public_, info: buffer(info) },
          buffer(plaintext),
          buffer(aad),
        )
        const [enc, ciphertext] = [new Uint8Array(sealed.enc), new Uint8Array(sealed.ct)]
        expect(await open(key.seed, info, aad, enc, ciphertext)).toEqual(plaintext)
      },
    ),
    { numRuns: runs(10) },
  )
})

test("[X6] two seals of the same share nothing; the same coins make the same bytes", async () => {
  const [a, b] = [
    await seal(key.publicKey, INFO, AAD, PLAINTEXT),
    await seal(key.publicKey, INFO, AAD, PLAINTEXT),
  ]
  expect(a?.enc.slice(0, 16)).not.toEqual(b?.enc.slice(0, 16))
  expect(a?.enc.slice(-32)).not.toEqual(b?.enc.slice(-32))
  expect(a?.ciphertext).not.toEqual(b?.ciphertext)
  const coins = seededRandom("coins")(64)
  const again = () => sealByCoins(coins, key.publicKey, INFO, AAD, PLAINTEXT)
  expect(await again()).toEqual(await again())
  expect(await again()).not.toEqual(
    await sealByCoins(coins.slice().reverse(), key.publicKey, INFO, AAD, PLAINTEXT),
  )
})

const flip = (bytes: Uint8Array, bit: number): Uint8Array => {
  const altered = bytes.slice()
  altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7))
  return altered
}

test("[X7] one altered bit anywhere, another key, info or aad: null on every platform", async () => {
  const sealed = await seal(key.publicKey, INFO, AAD, PLAINTEXT)
  if (!sealed) throw new TypeError("not sealed")
  const { enc, ciphertext } = sealed
  for (const [name, , opening] of await platforms()) {
    const opener = await kemOpenerBy(opening, key.seed)
    const stranger = await kemOpenerBy(opening, new Secret(seededRandom("stranger")(32)))
    const refuses = async (what: string, ...given: Parameters<typeof opener.open>) =>
      expect(await opener.open(...given), `${name}: ${what}`).toBe(null)
    expect(await opener.open(INFO, AAD, enc, ciphertext)).toEqual(PLAINTEXT)
    expect(await stranger.open(INFO, AAD, enc, ciphertext), `${name}: stranger`).toBe(null)
    // ML-KEM's u and v, the share's first bytes; the share's top bit, which X25519 masks, the combiner still takes.
    for (const byte of [0, 1, 500, 959, 960, 1087, 1088, 1118, 1119]) {
      for (const bit of [0, 7])
        await refuses(`enc byte ${byte}`, INFO, AAD, flip(enc, byte * 8 + bit), ciphertext)
    }
    for (let byte = 0; byte < ciphertext.length; byte++) {
      await refuses(`ciphertext byte ${byte}`, INFO, AAD, enc, flip(ciphertext, byte * 8 + (byte & 7)))
    }
    await refuses("info", flip(INFO, 3), AAD, enc, ciphertext)
    await refuses("longer info", Uint8Array.of(...INFO, 0), AAD, enc, ciphertext)
    await refuses("aad", INFO, flip(AAD, 3), enc, ciphertext)
    await refuses("no aad", INFO, new Uint8Array(), enc, ciphertext)
    for (const bytes of [0, 32, 1119]) await refuses("short enc", INFO, AAD, enc.slice(0, bytes), ciphertext)
    await refuses("long enc", INFO, AAD, Uint8Array.of(...enc, 0), ciphertext)
    for (const bytes of [0, 1, 15, 16, ciphertext.length - 1]) {
      await refuses("short ciphertext", INFO, AAD, enc, ciphertext.slice(0, bytes))
    }
    const zeros = Uint8Array.of(...enc.slice(0, 1088), ...new Uint8Array(32))
    await refuses("share of zeros", INFO, AAD, zeros, ciphertext)
  }
})

test("[X7] random bytes are never opened and never throw", async () => {
  const opener = await kemOpener(key.seed)
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.uint8Array({ minLength: 1120, maxLength: 1120 }), fc.uint8Array({ maxLength: 1300 })),
      fc.uint8Array({ maxLength: 200 }),
      async (enc, ciphertext) => {
        expect(await opener.open(INFO, AAD, enc, ciphertext)).toBe(null)
      },
    ),
    { numRuns: runs(100) },
  )
})

/** Canonical points of small order on the curve and its twist, RFC 7748 §6.1. */
const SMALL_ORDER = [0, 1].map((first) => Uint8Array.of(first, ...new Uint8Array(31)))

test("[X8] what is no public key is sealed to by no platform", async () => {
  const mlKem = key.publicKey.slice(0, 1184)
  const outOfRange = key.publicKey.slice()
  outOfRange.fill(0xff, 0, 3)
  const bad = [
    ...[0, 1184, 1215, 1217].map((bytes) => new Uint8Array(bytes)),
    outOfRange,
    ...SMALL_ORDER.map((point) => Uint8Array.of(...mlKem, ...point)),
  ]
  for (const [name, sealing] of await platforms()) {
    for (const [i, publicKey] of bad.entries()) {
      expect(await sealBy(sealing, publicKey, INFO, AAD, PLAINTEXT), `${name}, ${i}`).toBe(null)
    }
  }
})

test("[X4] a seed of another length or an erased one is the caller's mistake", async () => {
  for (const bytes of [0, 31, 33]) {
    await expect(kemKeyFromSeed(new Secret(new Uint8Array(bytes)))).rejects.toThrow(RangeError)
  }
  const seed = new Secret(seededRandom("to be erased")(32))
  const { publicKey } = await kemKeyFromSeed(seed)
  const sealed = await seal(publicKey, INFO, AAD, PLAINTEXT)
  erase(seed)
  await expect(open(seed, INFO, AAD, sealed?.enc ?? AAD, sealed?.ciphertext ?? AAD)).rejects.toThrow(
    TypeError,
  )
})

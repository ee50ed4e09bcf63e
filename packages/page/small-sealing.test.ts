/**
 * X9 In the page, the first script holds nothing of ML-KEM, X25519 or SHA-3; once the second has run, sealing works on
 * platforms with and without them. Before, it is the page's own mistake.
 */
import { fileURLToPath } from "node:url"
import { createContext, runInContext } from "node:vm"
import { makeKemKey, open } from "@kunak/core/suite"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { build } from "esbuild"
import { beforeAll, expect, test } from "vitest"

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

async function bundle(contents: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: path("./"), loader: "ts" },
    alias: {
      "@noble/curves/ed25519.js": path("small-ed25519.ts"),
      "@kunak/core/suite/sealing": path("small-sealing.ts"),
    },
    bundle: true,
    format: "iife",
    metafile: true,
    write: false,
  })
  const inputs = Object.entries(Object.values(metafile.outputs)[0]?.inputs ?? {})
  const held = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([name]) => name)
  return { text: outputFiles[0]?.text ?? "", held }
}
type Bundle = Awaited<ReturnType<typeof bundle>>

let first: Bundle
let second: Bundle
beforeAll(async () => {
  first = await bundle(`import { seal } from "@kunak/core/suite"; globalThis.seal = seal`)
  second = await bundle(`import "./small-kem.ts"`)
})

const FALLBACK = /post-quantum|sha3|montgomery|fft|in-script|in-node|opening/

test("[X9] the first script holds none of the fall-back's code", () => {
  expect(first.held.filter((name) => FALLBACK.test(name))).toEqual([])
  expect(first.text).not.toContain("getBuiltinModule")
  expect(second.held.filter((name) => FALLBACK.test(name)).length).toBeGreaterThan(4)
})

/** A page's globals, its WebCrypto without the named algorithms. */
function page(...without: readonly string[]) {
  const { subtle } = globalThis.crypto
  const lacking = new Proxy(subtle, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...given: readonly unknown[]) => unknown
      return (...given: readonly unknown[]) => {
        if (without.some((algorithm) => given.includes(algorithm)))
          throw new DOMException("none", "NotSupportedError")
        return method.apply(target, [...given])
      }
    },
  })
  const getRandomValues = (bytes: Uint8Array<ArrayBuffer>) => globalThis.crypto.getRandomValues(bytes)
  const globals = { crypto: { subtle: lacking, getRandomValues }, setTimeout, TextEncoder, Uint8Array, atob }
  return createContext({ ...globals, seal: undefined as unknown })
}

test("[X9] with the second script it seals whatever the platform lacks, and desks open it", async () => {
  const key = await makeKemKey(seededRandom("the page's intake key"))
  for (const without of [[], ["ML-KEM-768"], ["X25519"], ["ML-KEM-768", "X25519"]]) {
    const context = page(...without)
    runInContext(first.text, context)
    const { seal } = context as unknown as Pick<typeof import("@kunak/core/suite"), "seal">
    const [info, aad, plaintext] = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3, 4, 5)]
    await expect(seal(key.publicKey, info, aad, plaintext)).rejects.toThrow("second script")
    runInContext(second.text, context)
    const sealed = await seal(key.publicKey, info, aad, plaintext)
    if (!sealed) throw new TypeError(`not sealed without ${without}`)
    expect(await open(key.seed, info, aad, sealed.enc, sealed.ciphertext), `${without}`).toEqual(plaintext)
    expect(await seal(new Uint8Array(1216).fill(255), info, aad, plaintext)).toBe(null)
  }
})

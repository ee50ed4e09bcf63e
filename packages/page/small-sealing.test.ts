/** X9 In the page, sealing comes in the third script, with ML-KEM, X25519 and SHA-3 for platforms that lack them. */
import { fileURLToPath } from "node:url"
import { createContext, runInContext } from "node:vm"
import { makeKemKey, open } from "@kunak/core/suite"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { build } from "esbuild"
import { beforeAll, expect, test } from "vitest"
import { bundleTurns, OPTIONS } from "./build-scripts.ts"

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

async function bundle(contents: string) {
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    stdin: { contents, resolveDir: path("./"), loader: "ts" },
    format: "iife",
    metafile: true,
  })
  const inputs = Object.entries(Object.values(metafile.outputs)[0]?.inputs ?? {})
  const held = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([name]) => name)
  return { text: outputFiles[0]?.text ?? "", held }
}
type Bundle = Awaited<ReturnType<typeof bundle>>

let sealing: Bundle
let turns: readonly string[]
beforeAll(async () => {
  sealing = await bundle(`import { seal } from "@kunak/core/suite"; globalThis.seal = seal`)
  turns = await bundleTurns(["view/main.ts", "view/ticks.ts", "view/soon.ts"])
}, 60_000)

test("[X9] the first scripts hold none of the fall-back's code, the third holds it once, and none of Node's", () => {
  // Of ML-KEM's library, and of SHA-3: names and constants that no bundler changes.
  const FALLBACK = /cipherText|decapsulate\(|Keccak|xof/
  expect(turns.map((text) => FALLBACK.test(text))).toEqual([false, false, true])
  expect(turns.join("")).not.toContain("getBuiltinModule")
  expect(sealing.held.filter((name) => name.endsWith("/sha3.js"))).toHaveLength(1)
  expect(sealing.held.filter((name) => /in-node|opening/.test(name))).toEqual([])
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

test("[X9] it seals whatever the platform lacks, and desks open it", async () => {
  const key = await makeKemKey(seededRandom("the page's intake key"))
  for (const without of [[], ["ML-KEM-768"], ["X25519"], ["ML-KEM-768", "X25519"]]) {
    const context = page(...without)
    runInContext(sealing.text, context)
    const { seal } = context as unknown as Pick<typeof import("@kunak/core/suite"), "seal">
    const [info, aad, plaintext] = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3, 4, 5)]
    const sealed = await seal(key.publicKey, info, aad, plaintext)
    if (!sealed) throw new TypeError(`not sealed without ${without}`)
    expect(await open(key.seed, info, aad, sealed.enc, sealed.ciphertext), `${without}`).toEqual(plaintext)
    expect(await seal(new Uint8Array(1216).fill(255), info, aad, plaintext)).toBe(null)
  }
})

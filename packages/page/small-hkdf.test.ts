import { readFileSync } from "node:fs"
import { runs } from "@kunak/core/testing/runs"
import * as large from "@noble/hashes/hkdf.js"
import { sha256 } from "@noble/hashes/sha2.js"
import fc from "fast-check"
import { expect, test } from "vitest"
import * as small from "./small-hkdf.ts"

interface Vector {
  readonly tcId: number
  readonly result: string
  readonly ikm: string
  readonly salt: string
  readonly info: string
  readonly size: number
  readonly okm: string
}
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"))

test("[X1] the page's own HKDF: Wycheproof's vectors, as long as it may be and longer", () => {
  const path = new URL("../../vectors/standards/wycheproof-hkdf-sha256.json", import.meta.url)
  const groups: readonly { readonly tests: readonly Vector[] }[] = JSON.parse(
    readFileSync(path, "utf8"),
  ).testGroups
  const vectors = groups.flatMap(({ tests }) => tests)
  expect(vectors.length).toBe(86)
  for (const { tcId, result, ikm, salt, info, size, okm } of vectors) {
    const derive = () => small.expand(sha256, small.extract(sha256, hex(ikm), hex(salt)), hex(info), size)
    if (result === "valid") expect(derive(), `test ${tcId}`).toEqual(hex(okm))
    else expect(derive, `test ${tcId}`).toThrow(RangeError)
  }
})

test("[X1] it answers as the larger library for keys and salts of every length", () => {
  const bytes = fc.uint8Array({ maxLength: 200 })
  fc.assert(
    fc.property(bytes, bytes, bytes, fc.integer({ min: 1, max: 200 }), (material, salt, info, length) => {
      const key = small.extract(sha256, material, salt)
      expect(key).toEqual(large.extract(sha256, material, salt))
      expect(small.expand(sha256, key, info, length)).toEqual(large.expand(sha256, key, info, length))
    }),
    { numRuns: runs(200) },
  )
})

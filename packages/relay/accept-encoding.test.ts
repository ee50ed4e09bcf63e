import fc from "fast-check"
import { expect, test } from "vitest"
import { type Coding, chooseCoding } from "./accept-encoding.ts"

const ALL: readonly Coding[] = ["identity", "gzip", "br"]

test.each([
  ["gzip, deflate, br, zstd", "br"],
  ["gzip, deflate", "gzip"],
  ["GZIP", "gzip"],
  ["br;q=0, gzip", "gzip"],
  ["br; q=0.0, *", "gzip"],
  ["*", "br"],
  ["*;q=0", "identity"],
  ["identity", "identity"],
  ["", "identity"],
  ["brotli", "identity"],
  ["br;q=nonsense", "identity"],
])("[T14] %j is answered with %s", (header, coding) => {
  expect(chooseCoding(header, ALL)).toBe(coding)
})

test("[T14] never chooses a coding that there is not", () => {
  expect(chooseCoding("br, gzip", ["identity"])).toBe("identity")
  fc.assert(
    fc.property(fc.string(), fc.subarray([...ALL], { minLength: 1 }), (header, some) => {
      const available: readonly Coding[] = ["identity", ...some]
      expect(available).toContain(chooseCoding(header, available))
    }),
  )
})

import { inspect } from "node:util"
import { expect, test } from "vitest"
import { erase, reveal, Secret } from "./secret.ts"

test("[MEM4] a secret does not print, by whatever way", () => {
  const secret = new Secret("ten words of Amina")
  const printed = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret, { depth: 9, showHidden: true }),
  ]
  for (const text of printed) expect(text).not.toContain("Amina")
  expect(Object.getOwnPropertyNames(secret)).toEqual([])
  expect(reveal(secret)).toBe("ten words of Amina")
})

test("[MEM4] an erased secret's bytes are zero, and it opens no more", () => {
  const bytes = Uint8Array.of(1, 2, 3)
  const secret = new Secret(bytes)
  erase(secret)
  expect(bytes).toEqual(new Uint8Array(3))
  expect(() => reveal(secret)).toThrow("erased")
  expect(() => erase(secret)).not.toThrow()
})

import { expect, test } from "vitest"
import { buildTemplate } from "./build.ts"
import { withoutWords } from "./quiet-libraries.ts"

test("[G21] of what a library throws only the words are left out, whatever they are made of", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["if (a) throw new Error('it\\'s (b'); c()", "if (a) throw new Error(); c()"],
    ["throw new TypeError(`§{f({ g: `)` })} and §{h}`)", "throw new TypeError()"],
    [
      'throw n ? new RangeError("a" + b(1)) : new SyntaxError(c[")"])',
      "throw n ? new RangeError() : new SyntaxError()",
    ],
    [
      "class X extends Error { constructor() { super('x') } }",
      "class X extends Error { constructor() { super('x') } }",
    ],
    ["new MyError('x'), new Errors('y')", "new MyError('x'), new Errors('y')"],
  ]
  for (const [code, quiet] of cases) expect(withoutWords(code.replaceAll("§", "$"))).toBe(quiet)
  expect(() => withoutWords("new Error('never closed'")).toThrow("never closed")
})

test("[G21] the page holds no words of a library's errors", async () => {
  expect(await buildTemplate()).not.toMatch(
    /expected integer|expected bigint|must be defined|Array too short/i,
  )
})

test("[G16] the page and its libraries hold no WebAssembly, not even where a platform lacks something", async () => {
  expect(await buildTemplate()).not.toMatch(/WebAssembly|wasm|AGFzb/i)
})

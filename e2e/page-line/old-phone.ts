/** A browser of 2020: without Ed25519, X25519 and ML-KEM, and without what the language learnt since. */
import type { Page } from "playwright-core"

export const withoutNewCryptography = async (page: Page): Promise<void> => {
  await page.addInitScript(() => {
    const lacks = (algorithm: unknown): boolean => {
      const name = typeof algorithm === "string" ? algorithm : String((algorithm as { name?: string })?.name)
      return /^(Ed25519|X25519|ML-KEM)/i.test(name)
    }
    for (const method of ["importKey", "generateKey", "deriveBits", "verify"] as const) {
      const own = SubtleCrypto.prototype[method] as (...given: unknown[]) => unknown
      Object.defineProperty(SubtleCrypto.prototype, method, {
        value(this: SubtleCrypto, ...given: unknown[]) {
          return given.some(lacks)
            ? Promise.reject(new DOMException("", "NotSupportedError"))
            : Reflect.apply(own, this, given)
        },
      })
    }
    for (const [owner, name] of [
      [String.prototype, "isWellFormed"],
      [String.prototype, "toWellFormed"],
      [Array.prototype, "at"],
      [Array.prototype, "findLastIndex"],
      [Array.prototype, "findLast"],
      [Array.prototype, "toSorted"],
      [Object, "hasOwn"],
      [URL, "parse"],
      [Object, "groupBy"],
    ] as const) {
      Reflect.deleteProperty(owner, name)
    }
    Object.defineProperty(CSS, "supports", { value: () => false })
  })
}

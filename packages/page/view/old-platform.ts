/**
 * What browsers of 2020 to 2023 lack and core takes for granted. Imported first. Only what is used, only where
 * it is missing.
 */
/** ECMA-262 (2024) §22.1.3.9: whether every surrogate has its partner. */
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text)

const define = (owner: object, name: string, value: unknown): void => {
  if (!(name in owner)) Object.defineProperty(owner, name, { value, configurable: true, writable: true })
}

define(String.prototype, "isWellFormed", function (this: string) {
  return isWellFormed(String(this))
})

/** ECMA-262 (2024) §22.1.3.31. */
define(String.prototype, "toWellFormed", function (this: string) {
  return String(this).replace(/\p{Surrogate}/gu, "\ufffd")
})

/** ECMA-262 (2023) §23.1.3.12. */
define(
  Array.prototype,
  "findLastIndex",
  function (this: readonly unknown[], holds: (one: unknown, at: number) => boolean) {
    let at = this.length
    while (at-- > 0) if (holds(this[at], at)) return at
    return -1
  },
)

/** ECMA-262 (2022) §23.1.3.1. */
define(Array.prototype, "at", function (this: readonly unknown[], index: number) {
  return this[index < 0 ? this.length + index : index]
})

/** ECMA-262 (2022) §20.1.2.14. */
define(
  Object,
  "hasOwn",
  (owner: object, name: string) => Reflect.getOwnPropertyDescriptor(owner, name) !== undefined,
)

/** WHATWG URL §6.1, of 2024. */
define(URL, "parse", (address: string) => {
  try {
    return new URL(address)
  } catch {
    return null
  }
})

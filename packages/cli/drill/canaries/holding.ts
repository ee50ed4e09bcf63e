/** How a field of a schema is watched. A field that stands in no register fails the types or the drill itself. */
import type { Holder } from "./canary.ts"
import type { TypedName } from "./typed.ts"

export type Holding =
  /** People's words: canaries are typed there. `passing`: it may be empty whenever the drill looks. */
  | {
      readonly kind: "typed"
      readonly names: readonly TypedName[]
      readonly passing?: boolean
      /** Columns of vaults in one of which each was met in the week, so that it went through this field. */
      readonly met?: readonly string[]
    }
  /** Bytes that open, place or name something: read from an unlocked vault, searched everywhere else. `passing`: as above. */
  | {
      readonly kind: "key"
      readonly may: readonly Holder[]
      readonly passing?: boolean
      /** What the canaries are called that were taken from where this field ends up. */
      readonly met?: readonly string[]
    }
  /** Public, a count or a moment of the organisation's own doing. */
  | { readonly kind: "plain"; readonly why: string }

export const typed = (...names: readonly TypedName[]): Holding => ({ kind: "typed", names })
export const passing = (...names: readonly TypedName[]): Holding => ({ kind: "typed", names, passing: true })
export const key = (...may: readonly Holder[]): Holding => ({ kind: "key", may })
/** Of a column that may be empty whenever the drill looks. */
export const passingKey = (...may: readonly Holder[]): Holding => ({ kind: "key", may, passing: true })
export const plain = (why: string): Holding => ({ kind: "plain", why })

/** Every field of a type, none more: the compiler sees a field that is added later. */
export type Fields<T> = { readonly [Name in keyof T]-?: Holding }

/** Of a field that travels: the words typed into it, and the column in which they were met at the other end. */
export const typedInto = (met: string, ...names: readonly TypedName[]): Holding => ({
  kind: "typed",
  names,
  met: [met],
})
/** Of a field that travels: the beginnings of the names under one of which its bytes are searched. */
export const keyAs = (met: string | readonly string[], ...may: readonly Holder[]): Holding => ({
  kind: "key",
  may,
  met: [met].flat(),
})

/**
 * The comparison kernel: two records in, one level per comparison out. The only code that runs for every
 * candidate pair; no objects are made here.
 */
import { DATE_EXACT, DATE_LEVELS, dateLevel } from "../dates/date-levels.ts"
import type { Field, NameDictionary, NameField } from "../records/fields.ts"
import {
  NAME_EXACT,
  NAME_EXCHANGED,
  NAME_HALF_EXCHANGED,
  NAME_LEVELS,
  NAME_SAME_IN_OTHER_FORM,
  nameLevel,
} from "./name-levels.ts"
import { PLACE_EXACT, PLACE_LEVELS, placeLevel } from "./place-levels.ts"
import {
  CATEGORY_LEVELS,
  categoryLevel,
  IDENTIFIER_LEVELS,
  identifierLevel,
  POSTCODE_LEVELS,
  postcodeLevel,
} from "./text-levels.ts"

/** Levels of a pair are packed four bits each into two words: so many comparisons at most. */
export const MAX_COMPARISONS = 16
export const LEVELS_PER_WORD = 8

/** What a comparison is, apart from how it computes. */
export interface ComparisonShape {
  readonly label: string
  /** Names of the levels; level 0 is "not known" and carries no weight. */
  readonly levels: readonly string[]
  /** The level of full agreement, whose weight depends on how common the value is. */
  readonly exact: number
}

export function comparisonShape(field: Field): ComparisonShape {
  const { label } = field
  switch (field.kind) {
    case "name":
      return { label, levels: NAME_LEVELS, exact: NAME_EXACT }
    case "date":
      return { label, levels: DATE_LEVELS, exact: DATE_EXACT }
    case "place":
      return { label, levels: PLACE_LEVELS, exact: PLACE_EXACT }
    case "identifier":
      return { label, levels: IDENTIFIER_LEVELS, exact: IDENTIFIER_LEVELS.length - 1 }
    case "postcode":
      return { label, levels: POSTCODE_LEVELS, exact: POSTCODE_LEVELS.length - 1 }
    case "category":
      return { label, levels: CATEGORY_LEVELS, exact: CATEGORY_LEVELS.length - 1 }
  }
}

/** Writes the level of each field into `out`, in the fields' order. */
export type CompareRecords = (a: number, b: number, out: Uint8Array) => void

/** A kernel for these fields, with caches of its own: one per thread. */
export function comparisonKernel(fields: readonly Field[], names: NameDictionary): CompareRecords {
  const level = fields.map((field) => fieldLevel(field, names))
  const codes = fields.map((field) => field.codes)
  const given = partIndex(fields, "given")
  const family = partIndex(fields, "family")
  const crossing =
    given >= 0 && family >= 0
      ? exchange(codes[given] as Int32Array, codes[family] as Int32Array, names)
      : undefined
  return (a, b, out) => {
    for (let at = 0; at < level.length; at++) {
      const column = codes[at] as Int32Array
      const codeA = column[a] as number
      const codeB = column[b] as number
      out[at] = codeA < 0 || codeB < 0 ? 0 : (level[at] as LevelOfCodes)(codeA, codeB)
    }
    if (crossing !== undefined && (out[given] as number) <= 2 && (out[family] as number) <= 2) {
      const found = crossing(a, b)
      if (found !== 0) {
        // One finding, one comparison: the other would count the same exchange twice.
        out[given] = found
        out[family] = 0
      }
    }
  }
}

type LevelOfCodes = (a: number, b: number) => number

function partIndex(fields: readonly Field[], part: NameField["part"]): number {
  return fields.findIndex((field) => field.kind === "name" && field.part === part)
}

function fieldLevel(field: Field, names: NameDictionary): LevelOfCodes {
  switch (field.kind) {
    case "name":
      return cachedLevel((a, b) => nameLevel(names, a, b), NAME_EXACT)
    case "date": {
      const { dates } = field
      return cachedLevel((a, b) => {
        const [dateA, dateB] = [dates[a], dates[b]]
        return dateA === undefined || dateB === undefined ? 0 : dateLevel(dateA, dateB)
      })
    }
    case "place": {
      const { places } = field
      return cachedLevel((a, b) => {
        const [placeA, placeB] = [places[a], places[b]]
        return placeA === undefined || placeB === undefined ? 0 : placeLevel(placeA, placeB)
      }, PLACE_EXACT)
    }
    case "identifier":
    case "postcode":
    case "category": {
      const { values } = field
      const compare = { identifier: identifierLevel, postcode: postcodeLevel, category: categoryLevel }[
        field.kind
      ]
      return cachedLevel((a, b) => compare(values[a] ?? "", values[b] ?? ""))
    }
  }
}

const CACHE_BITS = 16

/**
 * Remembers levels of value pairs, since blocks bring the same two values together again and again. Direct
 * mapped: a new pair overwrites an old one, memory stays fixed.
 */
function cachedLevel(compute: LevelOfCodes, whenEqual?: number): LevelOfCodes {
  const keyA = new Int32Array(1 << CACHE_BITS).fill(-1)
  const keyB = new Int32Array(1 << CACHE_BITS)
  const cached = new Uint8Array(1 << CACHE_BITS)
  return (a, b) => {
    if (a === b && whenEqual !== undefined) return whenEqual
    const low = Math.min(a, b)
    const high = Math.max(a, b)
    const slot = (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) >>> (32 - CACHE_BITS)
    if (keyA[slot] === low && keyB[slot] === high) return cached[slot] as number
    const found = compute(low, high)
    keyA[slot] = low
    keyB[slot] = high
    cached[slot] = found
    return found
  }
}

/** Given and family name exchanged: in full, or one of them where the other record lacks a part. */
function exchange(
  given: Int32Array,
  family: Int32Array,
  names: NameDictionary,
): (a: number, b: number) => number {
  const same = cachedLevel((a, b) => {
    const level = nameLevel(names, a, b)
    return level >= NAME_SAME_IN_OTHER_FORM || level === 6 ? 1 : 0
  }, 1)
  return (a, b) => {
    const givenA = given[a] as number
    const givenB = given[b] as number
    const familyA = family[a] as number
    const familyB = family[b] as number
    const one = givenA >= 0 && familyB >= 0 ? same(givenA, familyB) : -1
    const other = givenB >= 0 && familyA >= 0 ? same(givenB, familyA) : -1
    if (one === 1 && other === 1) return NAME_EXCHANGED
    if ((one === 1 && other < 0) || (other === 1 && one < 0)) return NAME_HALF_EXCHANGED
    return 0
  }
}

/**
 * Records as columns of codes: what every later step reads. Distinct values are folded once; a record holds
 * only numbers, in memory that worker threads share.
 */
import type { UncertainDate } from "../dates/uncertain-date.ts"
import type { Place } from "../places/place.ts"

export type NamePart = "given" | "family" | "patronymic"

interface CodedField {
  /** The column's name, or several joined by " + ". */
  readonly label: string
  /** Per record: index into the field's distinct values, or −1 when not known. */
  readonly codes: Int32Array
  /** Per distinct value: how many records have it. */
  readonly counts: Int32Array
}

/** Its codes point into the one `NameDictionary`, so that a given name can be held against a family name. */
export interface NameField extends CodedField {
  readonly kind: "name"
  readonly part: NamePart
}

export interface DateField extends CodedField {
  readonly kind: "date"
  readonly dates: readonly UncertainDate[]
}

export interface PlaceField extends CodedField {
  readonly kind: "place"
  readonly places: readonly Place[]
}

export interface TextField extends CodedField {
  readonly kind: "identifier" | "postcode" | "category"
  /** Lower-case ASCII without punctuation, except `@` and `.` in e-mail addresses. */
  readonly values: readonly string[]
}

export type Field = NameField | DateField | PlaceField | TextField

/** Every distinct name in any part of a name, folded. */
export interface NameDictionary {
  /** Light form: ASCII words joined by a space. */
  readonly light: readonly string[]
  /** Heavy form of the whole name, words joined by a space. */
  readonly heavy: readonly string[]
  /** Per name, per word: numbers of its heavy forms and variant groups; two words are the same name when any is shared. */
  readonly words: readonly (readonly (readonly number[])[])[]
}

/** A column as the files have it, for people to read: clerical file, report. Values are originals. */
export interface ShownColumn {
  readonly label: string
  readonly values: readonly string[]
}

export interface LinkageRecords {
  readonly count: number
  readonly ids: readonly string[]
  /** Per record: which list it comes from, index into `lists`. */
  readonly listOf: Int32Array
  readonly lists: readonly string[]
  readonly fields: readonly Field[]
  readonly names: NameDictionary
  readonly shown: readonly ShownColumn[]
}

/** Shared between threads, so that a million records are held once. */
export function sharedInt32(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(length * 4))
}

import type { ByteReader } from "../bytes/reader.ts"
import type { ByteWriter } from "../bytes/writer.ts"
import { RESPONSES, type Response } from "./scale.ts"

/** One byte: the value's place in its scale. */
export const writeOrdinal = <T>(out: ByteWriter, scale: readonly T[], value: T): ByteWriter =>
  out.u8(scale.indexOf(value))

/** Fails the reader outside the scale. */
export function readOrdinal<T>(from: ByteReader, scale: readonly T[]): T {
  const value = scale[from.u8()]
  if (value === undefined) from.fail()
  return value ?? (scale[0] as T)
}

/** u16: bit i for the i-th response. */
export const writeResponses = (out: ByteWriter, responses: readonly Response[]): ByteWriter =>
  out.u16(RESPONSES.reduce((bits, response, i) => (responses.includes(response) ? bits | (1 << i) : bits), 0))

export function readResponses(from: ByteReader, all: readonly Response[]): readonly Response[] {
  const bits = from.u16()
  if (bits >> all.length !== 0) from.fail()
  return all.filter((_, i) => (bits >> i) & 1)
}

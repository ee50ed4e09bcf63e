/**
 * Private look-up from two relays: XOR retrieval (Chor, Goldreich, Kushilevitz, Sudan 1995). Neither relay learns
 * which row. docs/protocol.md §21, rules Z2, Z3.
 */
import type { Random } from "../keys.ts"

/** Two masks of N bits, one for each relay. */
export interface MaskPair {
  readonly a: Uint8Array
  readonly b: Uint8Array
}

const bitOf = (index: number): number => 0x80 >> (index & 7)

/** A random mask, and the same with the wanted bit turned: each alone says nothing. */
export function masksFor(index: number, log2Rows: number, random: Random): MaskPair {
  const a = random(2 ** log2Rows / 8)
  const b = a.slice()
  b[index >> 3] = (b[index >> 3] as number) ^ bitOf(index)
  return { a, b }
}

/** Masks that ask for nothing: two that are random by themselves (tick 0). */
export const fillerMasks = (log2Rows: number, random: Random): MaskPair => ({
  a: random(2 ** log2Rows / 8),
  b: random(2 ** log2Rows / 8),
})

export const isSet = (mask: Uint8Array, index: number): boolean =>
  ((mask[index >> 3] as number) & bitOf(index)) !== 0

/** The row, of two answers of equal length. */
export const xorBytes = (a: Uint8Array, b: Uint8Array): Uint8Array =>
  a.map((byte, i) => byte ^ (b[i] as number))

/** What a relay answers: the XOR of the rows whose bits are set. The plain way; relays have a faster one. */
export function answerMask(rows: Uint8Array, rowBytes: number, mask: Uint8Array): Uint8Array {
  const answer = new Uint8Array(rowBytes)
  for (let row = 0; row * rowBytes < rows.length; row++) {
    if (!isSet(mask, row)) continue
    for (let i = 0; i < rowBytes; i++)
      answer[i] = (answer[i] as number) ^ (rows[row * rowBytes + i] as number)
  }
  return answer
}

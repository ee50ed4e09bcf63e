import { boardRows, merkleRoot, rowBytes, verifiedCell } from "@kunak/core/board/merkle"
import { CELL_BYTES } from "@kunak/core/parameters"
import { runs } from "@kunak/core/testing/runs"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import fc from "fast-check"
import { expect, test } from "vitest"
import { RowTable } from "./row-table.ts"

const board = (log2Rows: number): Uint8Array => seededRandom(`board ${log2Rows}`)(CELL_BYTES * 2 ** log2Rows)
const boards = new Map([9, 10, 11].map((log2Rows) => [log2Rows, board(log2Rows)]))
const tables = new Map(
  [...boards].map(([log2Rows, bytes]) => [log2Rows, new RowTable(boardRows(bytes).rows, log2Rows)]),
)
const tableOf = (log2Rows: number): RowTable => tables.get(log2Rows) as RowTable

const isSet = (mask: Uint8Array, i: number): boolean =>
  (((mask[i >> 3] as number) >> (7 - (i & 7))) & 1) === 1
const flipped = (mask: Uint8Array, i: number): Uint8Array => {
  const other = mask.slice()
  other[i >> 3] = (other[i >> 3] as number) ^ (128 >> (i & 7))
  return other
}
const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ (b[i] as number))

const asked = fc.constantFrom(9, 10, 11).chain((log2Rows) =>
  fc.record({
    log2Rows: fc.constant(log2Rows),
    mask: fc.uint8Array({ minLength: 2 ** log2Rows / 8, maxLength: 2 ** log2Rows / 8 }),
    wanted: fc.nat(2 ** log2Rows - 1),
  }),
)

test("[Z2] an answer is the XOR of the rows whose bits are set, as a plain loop gives it", () => {
  fc.assert(
    fc.property(asked, ({ log2Rows, mask }) => {
      const { rows } = boardRows(boards.get(log2Rows) as Uint8Array)
      const width = rowBytes(log2Rows)
      const plain = new Uint8Array(width)
      for (let i = 0; i < 2 ** log2Rows; i++) {
        if (isSet(mask, i))
          for (let at = 0; at < width; at++)
            plain[at] = (plain[at] as number) ^ (rows[i * width + at] as number)
      }
      expect(tableOf(log2Rows).lookUp(mask)).toEqual(plain)
    }),
    { numRuns: runs(6) },
  )
})

test("[Z2] the answers of two relays to masks that differ in one bit give the wanted row, and its path holds", () => {
  fc.assert(
    fc.property(asked, ({ log2Rows, mask, wanted }) => {
      const table = tableOf(log2Rows)
      const row = xor(table.lookUp(mask), table.lookUp(flipped(mask, wanted)))
      const bytes = boards.get(log2Rows) as Uint8Array
      const cell = verifiedCell(row, wanted, log2Rows, merkleRootOf(log2Rows))
      expect(cell).toEqual(bytes.slice(wanted * CELL_BYTES, (wanted + 1) * CELL_BYTES))
    }),
    { numRuns: runs(100) },
  )
})

const roots = new Map<number, Uint8Array>()
function merkleRootOf(log2Rows: number): Uint8Array {
  const known = roots.get(log2Rows) ?? merkleRoot(boards.get(log2Rows) as Uint8Array)
  roots.set(log2Rows, known)
  return known
}

test("[Z2] a relay that changed one byte of one cell is noticed by whoever wants that cell, and by nobody else's answer", () => {
  const bytes = board(9)
  const { root } = boardRows(bytes)
  const lying = boardRows(bytes).rows
  lying[100 * rowBytes(9) + 7] = (lying[100 * rowBytes(9) + 7] as number) ^ 1
  const [honest, liar] = [tableOf(9), new RowTable(lying, 9)]
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.nat(511), (mask, wanted) => {
      const row = xor(honest.lookUp(mask), liar.lookUp(flipped(mask, wanted)))
      const chosen = isSet(flipped(mask, wanted), 100)
      expect(verifiedCell(row, wanted, 9, root) === null).toBe(chosen)
    }),
    { numRuns: runs(100) },
  )
})

test("[Z2] no bit, every bit; rows of another size are refused", () => {
  const table = tableOf(9)
  expect(table.lookUp(new Uint8Array(64))).toEqual(new Uint8Array(rowBytes(9)))
  const all = table.lookUp(new Uint8Array(64).fill(255))
  expect(xor(all, table.lookUp(flipped(new Uint8Array(64).fill(255), 511)))).toEqual(
    boardRows(board(9)).rows.slice(511 * rowBytes(9)),
  )
  expect(() => new RowTable(new Uint8Array(7), 9)).toThrow(RangeError)
})

/** Cells, rows and the Merkle tree over them, so that a lying relay is noticed. docs/protocol.md §20. */
import { concatBytes, equalBytes } from "../bytes/equal.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { CELL_BYTES, MAX_LOG2_ROWS, MIN_LOG2_ROWS } from "../parameters.ts"
import { HASH_BYTES, sha256 } from "../suite.ts"

export const rowBytes = (log2Rows: number): number => CELL_BYTES + HASH_BYTES * log2Rows
export const isBoardSize = (log2Rows: number): boolean =>
  log2Rows >= MIN_LOG2_ROWS && log2Rows <= MAX_LOG2_ROWS

const leaf = (index: number, cell: Uint8Array): Uint8Array =>
  sha256(new ByteWriter().u8(0).u32(index).raw(cell).bytes())
const node = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(concatBytes(Uint8Array.of(1), left, right))

/** Every level of the tree, leaves first. @throws RangeError unless the cells are 2^9 to 2^11. */
function levels(board: Uint8Array): readonly (readonly Uint8Array[])[] {
  const count = board.length / CELL_BYTES
  if (!isBoardSize(Math.log2(count))) throw new RangeError("no board")
  const tree: Uint8Array[][] = [
    Array.from({ length: count }, (_, i) => leaf(i, board.subarray(i * CELL_BYTES, (i + 1) * CELL_BYTES))),
  ]
  for (let below = tree[0] as Uint8Array[]; below.length > 1; below = tree.at(-1) as Uint8Array[]) {
    tree.push(
      Array.from({ length: below.length / 2 }, (_, i) =>
        node(below[2 * i] as Uint8Array, below[2 * i + 1] as Uint8Array),
      ),
    )
  }
  return tree
}

/** @param board cells one after the other. @throws RangeError for a size that no board has. */
export const merkleRoot = (board: Uint8Array): Uint8Array => levels(board).at(-1)?.[0] as Uint8Array

/** Rows one after the other, each a cell with its path, and the root. @throws RangeError as `merkleRoot`. */
export function boardRows(board: Uint8Array): { readonly rows: Uint8Array; readonly root: Uint8Array } {
  const tree = levels(board)
  const count = board.length / CELL_BYTES
  const size = rowBytes(tree.length - 1)
  const rows = new Uint8Array(count * size)
  for (let i = 0; i < count; i++) {
    rows.set(board.subarray(i * CELL_BYTES, (i + 1) * CELL_BYTES), i * size)
    for (let level = 0; level < tree.length - 1; level++) {
      const sibling = tree[level]?.[(i >> level) ^ 1] as Uint8Array
      rows.set(sibling, i * size + CELL_BYTES + level * HASH_BYTES)
    }
  }
  return { rows, root: tree.at(-1)?.[0] as Uint8Array }
}

/** The cell of a row whose path leads from the *wanted* index to the root; else null. */
export function verifiedCell(
  row: Uint8Array,
  index: number,
  log2Rows: number,
  root: Uint8Array,
): Uint8Array | null {
  if (row.length !== rowBytes(log2Rows)) return null
  const cell = row.slice(0, CELL_BYTES)
  let hash = leaf(index, cell)
  for (let level = 0; level < log2Rows; level++) {
    const at = CELL_BYTES + level * HASH_BYTES
    const sibling = row.subarray(at, at + HASH_BYTES)
    hash = (index >> level) & 1 ? node(sibling, hash) : node(hash, sibling)
  }
  return equalBytes(hash, root) ? cell : null
}

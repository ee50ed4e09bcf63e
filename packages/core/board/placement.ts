/** Where a thread's replies may lie in an edition's board, and how the outer layer is sealed. docs/protocol.md §20. */
import { concatBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import type { Random } from "../keys.ts"
import { PART_BYTES } from "../parameters.ts"
import { reveal, type Secret } from "../secret.ts"
import { aeadOpen, aeadSeal, NONCE_BYTES } from "../suite.ts"
import { derive, type PlacingKeys } from "../thread/keys.ts"

/** Salt of an edition's board and its size. */
export interface BoardPlace {
  readonly salt: Uint8Array
  readonly log2Rows: number
}

/** j = 0 … 3: the thread's slots in one edition. */
export type ThreadSlot = 0 | 1 | 2 | 3

const slotOf = ({ salt }: BoardPlace, j: ThreadSlot): Uint8Array => concatBytes(salt, Uint8Array.of(j))

/** The two cells in one of which the slot's part lies (rule O4); they differ. */
export async function candidates(
  placement: Secret<Uint8Array>,
  board: BoardPlace,
  j: ThreadSlot,
): Promise<readonly [number, number]> {
  const from = new ByteReader(reveal(await derive(placement, "place", slotOf(board, j), 8)))
  const rows = 2 ** board.log2Rows
  const first = from.u32() % rows
  return [first, (first + 1 + (from.u32() % (rows - 1))) % rows]
}

const cellKeyOf = (cell: Secret<Uint8Array>, board: BoardPlace, j: ThreadSlot): Promise<Secret<Uint8Array>> =>
  derive(cell, "cell of", slotOf(board, j))

const NO_AAD = new Uint8Array()

/** 1,024 bytes: a fresh wrapping for this edition alone, so that two boards share nothing (rule O2). */
export async function wrapCell(
  part: Uint8Array,
  keys: PlacingKeys,
  board: BoardPlace,
  j: ThreadSlot,
  random: Random,
): Promise<Uint8Array> {
  if (part.length !== PART_BYTES) throw new RangeError("no part")
  const nonce = random(NONCE_BYTES)
  return concatBytes(nonce, await aeadSeal(await cellKeyOf(keys.cell, board, j), nonce, NO_AAD, part))
}

/** @returns null for every cell that is not this slot's. */
export async function unwrapCell(
  cell: Uint8Array,
  keys: PlacingKeys,
  board: BoardPlace,
  j: ThreadSlot,
): Promise<Uint8Array | null> {
  const key = await cellKeyOf(keys.cell, board, j)
  return await aeadOpen(key, cell.slice(0, NONCE_BYTES), NO_AAD, cell.slice(NONCE_BYTES))
}

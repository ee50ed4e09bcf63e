/** The whole board afresh: every live part wrapped and placed, the rest random. docs/protocol.md §20, rules O2–O5. */
import type { Random } from "../keys.ts"
import { CELL_BYTES, LIVE_PER_512, MAX_LOG2_ROWS, MIN_LOG2_ROWS, THREAD_SLOTS } from "../parameters.ts"
import { HASH_BYTES } from "../suite.ts"
import type { PlacingKeys } from "../thread/keys.ts"
import { type BoardPlace, candidates, type ThreadSlot, wrapCell } from "./placement.ts"

/** One thread's live parts, oldest first, what is only an "opened" last. */
export interface LiveThread {
  readonly keys: PlacingKeys
  readonly parts: readonly Uint8Array[]
}

export interface MadeBoard extends BoardPlace {
  /** Cells one after the other. */
  readonly bytes: Uint8Array
  /** Parts that this edition has no room for: they wait. */
  readonly waiting: number
}

interface Item {
  readonly part: Uint8Array
  readonly keys: PlacingKeys
  readonly j: ThreadSlot
}

/** Rule O3: which parts an edition carries, by slot. */
export function slotsOf<T>(parts: readonly T[], editionNumber: number): readonly T[] {
  if (parts.length <= THREAD_SLOTS) return parts
  return Array.from(
    { length: THREAD_SLOTS },
    (_, j) => parts[(THREAD_SLOTS * editionNumber + j) % parts.length] as T,
  )
}

/** Live cells that a board of so many rows takes. */
const room = (log2Rows: number): number => (LIVE_PER_512 * 2 ** log2Rows) / 512

const sizeFor = (items: number): number => {
  let log2Rows = MIN_LOG2_ROWS
  while (room(log2Rows) < items && log2Rows < MAX_LOG2_ROWS) log2Rows += 1
  return log2Rows
}

/** Beyond the largest board every thread gets its first slots before any gets its later ones. */
function chosen(threads: readonly LiveThread[], editionNumber: number): readonly Item[] {
  const items = threads.flatMap(({ keys, parts }) =>
    slotsOf(parts, editionNumber).map((part, j): Item => ({ part, keys, j: j as ThreadSlot })),
  )
  return [...items].sort((a, b) => a.j - b.j)
}

/** Salts tried for one board; each fails in 0.3 % of cases when it is fullest. */
const TRIES = 64

export async function makeBoard(
  threads: readonly LiveThread[],
  editionNumber: number,
  random: Random,
): Promise<MadeBoard> {
  const all = chosen(threads, editionNumber)
  const log2Rows = sizeFor(all.length)
  const items = all.slice(0, room(log2Rows))
  for (let tries = 0; tries < TRIES; tries++) {
    const board: BoardPlace = { salt: random(HASH_BYTES), log2Rows }
    const choices = await Promise.all(items.map(({ keys, j }) => candidates(keys.placement, board, j)))
    const places = place(choices, 2 ** log2Rows)
    if (!places) continue
    const bytes = random(CELL_BYTES * 2 ** log2Rows)
    await Promise.all(
      items.map(async ({ part, keys, j }, i) => {
        bytes.set(await wrapCell(part, keys, board, j, random), CELL_BYTES * (places[i] as number))
      }),
    )
    return { ...board, bytes, waiting: all.length - items.length }
  }
  throw new RangeError("no salt places these parts")
}

/**
 * Cuckoo hashing with two choices and one item a cell (Pagh, Rodler 2001), by augmenting paths: finds a placement
 * whenever there is one. @returns the cell of each item, or null.
 */
export function place(
  choices: readonly (readonly [number, number])[],
  rows: number,
): readonly number[] | null {
  const holder = new Int32Array(rows).fill(-1)
  const cell = new Int32Array(choices.length).fill(-1)
  for (let item = 0; item < choices.length; item++) {
    let moving = item
    let at = (choices[item] as readonly [number, number])[0]
    // Every item moves at most twice before a cycle closes.
    for (let steps = 0; ; steps++) {
      if (steps > 2 * choices.length + 2) return null
      const evicted = holder[at] as number
      holder[at] = moving
      cell[moving] = at
      if (evicted < 0) break
      const [first, second] = choices[evicted] as readonly [number, number]
      moving = evicted
      at = at === first ? second : first
    }
  }
  return Array.from(cell)
}

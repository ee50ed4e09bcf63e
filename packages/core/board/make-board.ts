/** The whole board afresh: every live part wrapped and placed, the rest random. docs/protocol.md §20, rules O2–O5. */
import type { Random } from "../keys.ts"
import {
  CELL_BYTES,
  LIVE_PER_512,
  MAX_LOG2_ROWS,
  MIN_LOG2_ROWS,
  NEWEST_SLOTS,
  OPENED_LOG2_ROWS,
  THREAD_SLOTS,
} from "../parameters.ts"
import { HASH_BYTES } from "../suite.ts"
import type { PlacingKeys } from "../thread/keys.ts"
import { type BoardPlace, candidates, type ThreadSlot, wrapCell } from "./placement.ts"

/** One thread's live parts, oldest first, what is only an "opened" last. */
export interface LiveThread {
  readonly keys: PlacingKeys
  readonly parts: readonly Uint8Array[]
  /** How many of them are of the newest reply, behind those of older ones; without it all are. */
  readonly newest?: number
  /** The last part only says what was opened: it waits behind every reply (rule O5). */
  readonly endsWithOpened?: boolean
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
  readonly isOpened: boolean
}

/**
 * Rule O3: which parts an edition carries, by slot. What was written last is what somebody comes for, and people are told that
 * marking an answer takes it away: so older ones that stay unread must not keep the newest from a visit.
 *
 * @param newest how many parts are of the newest reply: the last ones, but for what is only an "opened".
 */
export function slotsOf<T>(
  parts: readonly T[],
  editionNumber: number,
  newest = parts.length,
  endsWithOpened = false,
): readonly T[] {
  const until = parts.length - (endsWithOpened ? 1 : 0)
  const from = Math.max(0, until - newest)
  const first = from === 0 ? parts : parts.slice(from, until)
  const others = from === 0 ? [] : [...parts.slice(0, from), ...parts.slice(until)]
  if (parts.length <= THREAD_SLOTS) return [...first, ...others]
  const slots = from === 0 ? THREAD_SLOTS : Math.min(newest, NEWEST_SLOTS)
  return [...inTurn(first, slots, editionNumber), ...inTurn(others, THREAD_SLOTS - slots, editionNumber)]
}

const inTurn = <T>(parts: readonly T[], slots: number, editionNumber: number): readonly T[] =>
  Array.from({ length: slots }, (_, j) => parts[(slots * editionNumber + j) % parts.length] as T)

/** Live cells that a board of so many rows takes. */
const room = (log2Rows: number): number => (LIVE_PER_512 * 2 ** log2Rows) / 512

const sizeFor = (items: number, most: number): number => {
  let log2Rows = MIN_LOG2_ROWS
  while (room(log2Rows) < items && log2Rows < most) log2Rows += 1
  return log2Rows
}

/**
 * Replies make it as large as they need. Strangers can have any number of threads told "opened", and every edition is
 * uploaded to both relays, perhaps over Tor: for these a board grows once, and beyond that they take turns by chance.
 */
const sizeOf = (items: readonly Item[]): number =>
  Math.max(
    sizeFor(items.filter(({ isOpened }) => !isOpened).length, MAX_LOG2_ROWS),
    sizeFor(items.length, OPENED_LOG2_ROWS),
  )

/**
 * Beyond the largest board replies go before what only says "opened", which desks say to whoever writes; every thread gets
 * its first slots before any gets its later ones; and among equals chance decides anew for each edition: whoever names many
 * threads can make others wait, never for ever.
 */
function chosen(threads: readonly LiveThread[], editionNumber: number, random: Random): readonly Item[] {
  const items = shuffled(threads, random).flatMap(({ keys, parts, newest, endsWithOpened = false }) =>
    slotsOf(parts, editionNumber, newest, endsWithOpened).map(
      (part, j): Item => ({
        part,
        keys,
        j: j as ThreadSlot,
        isOpened: endsWithOpened && part === parts.at(-1),
      }),
    ),
  )
  return items.sort((a, b) => Number(a.isOpened) - Number(b.isOpened) || a.j - b.j)
}

/** By random keys of 32 bits: two alike, once in some thousand editions, stay in their order. */
function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const drawn = random(4 * items.length)
  const keys = new DataView(drawn.buffer, drawn.byteOffset)
  return items
    .map((item, i) => ({ item, key: keys.getUint32(4 * i) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

/** Salts tried for one board; each fails in 0.3 % of cases when it is fullest. */
const TRIES = 8

/**
 * Always makes a board. Three threads whose writer gave them the same keys have two cells for three parts under every
 * salt: what finds no place waits, and nobody else does.
 */
export async function makeBoard(
  threads: readonly LiveThread[],
  editionNumber: number,
  random: Random,
): Promise<MadeBoard> {
  const all = chosen(threads, editionNumber, random)
  const log2Rows = sizeOf(all)
  const items = all.slice(0, room(log2Rows))
  const { board, places } = await bestSalt(items, log2Rows, random)
  const bytes = random(CELL_BYTES * 2 ** log2Rows)
  await Promise.all(
    items.map(async ({ part, keys, j }, i) => {
      const at = places[i] as number
      if (at !== NOWHERE) bytes.set(await wrapCell(part, keys, board, j, random), CELL_BYTES * at)
    }),
  )
  return { ...board, bytes, waiting: all.length - places.filter((at) => at !== NOWHERE).length }
}

/** The first salt that places all, else the one that leaves the fewest waiting. */
async function bestSalt(items: readonly Item[], log2Rows: number, random: Random) {
  let best: { readonly board: BoardPlace; readonly places: readonly number[]; readonly left: number } | null =
    null
  for (let tries = 0; tries < TRIES && best?.left !== 0; tries++) {
    const board: BoardPlace = { salt: random(HASH_BYTES), log2Rows }
    const choices = await Promise.all(items.map(({ keys, j }) => candidates(keys.placement, board, j)))
    const places = placeMost(choices, 2 ** log2Rows)
    const left = places.filter((at) => at === NOWHERE).length
    if (!best || left < best.left) best = { board, places, left }
  }
  return best as NonNullable<typeof best>
}

/** Of an item that finds no cell. */
const NOWHERE = -1

/** @returns the cell of each item, or null where not all have one. */
export function place(
  choices: readonly (readonly [number, number])[],
  rows: number,
): readonly number[] | null {
  const places = placeMost(choices, rows)
  return places.includes(NOWHERE) ? null : places
}

/**
 * Cuckoo hashing with two choices and one item a cell (Pagh, Rodler 2001), by augmenting paths: as many items get a
 * cell as can, earlier ones first. @returns the cell of each, or `NOWHERE`.
 */
function placeMost(choices: readonly (readonly [number, number])[], rows: number): readonly number[] {
  const holder = new Int32Array(rows).fill(NOWHERE)
  for (let item = 0; item < choices.length; item++) {
    const moves = pathFor(item, choices, holder)
    for (const { moving, at } of moves) holder[at] = moving
  }
  const places = new Int32Array(choices.length).fill(NOWHERE)
  for (const [at, item] of holder.entries()) if (item !== NOWHERE) places[item] = at
  return Array.from(places)
}

/** Who moves where so that the item finds a cell; nobody where there is none. */
function pathFor(item: number, choices: readonly (readonly [number, number])[], holder: Int32Array) {
  const moved = new Map<number, number>()
  let moving = item
  let at = (choices[item] as readonly [number, number])[0]
  // Every item moves at most twice before a cycle closes.
  for (let steps = 0; steps <= 2 * choices.length + 2; steps++) {
    const evicted = moved.get(at) ?? (holder[at] as number)
    moved.set(at, moving)
    if (evicted === NOWHERE) return Array.from(moved, ([cell, mover]) => ({ moving: mover, at: cell }))
    const [first, second] = choices[evicted] as readonly [number, number]
    moving = evicted
    at = at === first ? second : first
  }
  return []
}

/** Keys tried on everything that the relays recorded: envelopes, cells of the log, parts of replies on the boards. */
import { openPart } from "@kunak/core/board/part"
import { candidates, type ThreadSlot, unwrapCell } from "@kunak/core/board/placement"
import type { OrganisationId } from "@kunak/core/charter/charter"
import { decodeHeader } from "@kunak/core/edition/header"
import { decodePackage } from "@kunak/core/edition/package"
import { openEnvelope, parseEnvelope } from "@kunak/core/envelope/envelope"
import { hashCell, openCell } from "@kunak/core/log/cell"
import { CELL_BYTES } from "@kunak/core/parameters"
import type { Secret } from "@kunak/core/secret"
import { HASH_BYTES, kemOpener, sha256 } from "@kunak/core/suite"
import type { PlacingKeys, ThreadId } from "@kunak/core/thread/keys"
import type { Recorded } from "./recorded.ts"

export interface Trial {
  readonly organisationId: OrganisationId
  /** Of whatever use: each is tried on everything. */
  readonly keys: readonly Secret<Uint8Array>[]
  /** By which cells of a board are found: duty has these, and it is its work. */
  readonly placing: readonly PlacingKeys[]
  /** Which duty does not have: given to it here, so that only keys are missing. */
  readonly threadIds: readonly Uint8Array[]
}

export interface Opened {
  readonly letters: number
  /** Cells of the log that no duty may read. */
  readonly staff: number
  /** Sealed parts that were found in boards, and of these the ones that were read. */
  readonly parts: number
  readonly read: number
}

export async function openAll(recorded: readonly Recorded[], trial: Trial): Promise<Opened> {
  const seen = new Set<string>()
  /** Relay B's log and editions are A's once more. */
  const isNew = (bytes: Uint8Array): boolean => {
    const mark = Buffer.from(sha256(bytes)).toString("hex")
    return seen.size < seen.add(mark).size
  }
  const sum = { letters: 0, staff: 0, parts: 0, read: 0 }
  for (const one of recorded) {
    sum.letters += await openedEnvelopes(one.envelopes.filter(isNew), trial)
    const isOther = one.cells.filter(({ cell }) => isNew(cell)).length > 0
    if (isOther) sum.staff += await openedCells(one.cells, trial)
    const boards = await openedParts(one.packages.filter(isNew), trial)
    sum.parts += boards.found
    sum.read += boards.read
  }
  return sum
}

async function openedEnvelopes(
  envelopes: readonly Uint8Array[],
  { keys, organisationId }: Trial,
): Promise<number> {
  const openers = await Promise.all(keys.map(kemOpener))
  const parsed = envelopes.flatMap((bytes) => parseEnvelope(bytes) ?? [])
  const pairs = parsed.flatMap((envelope) => openers.map((opener) => ({ envelope, opener })))
  return await countThat(
    pairs,
    async ({ envelope, opener }) => (await openEnvelope(envelope, opener, organisationId)) !== null,
  )
}

/** Each cell is sealed to its place and to the one before it, which an enemy has, too. */
async function openedCells(cells: Recorded["cells"], { keys, organisationId }: Trial): Promise<number> {
  const pairs = cells.flatMap(({ position, cell }, i) => {
    const before = cells[i - 1]
    const isNext = before ? before.position === position - 1 : position === 0
    const previousHash = before ? hashCell(before.cell) : new Uint8Array(HASH_BYTES)
    return isNext ? keys.map((key) => ({ cell, key, place: { organisationId, position, previousHash } })) : []
  })
  return await countThat(
    pairs,
    async ({ cell, key, place }) => (await openCell(cell, place, { staff: key })) !== null,
  )
}

async function openedParts(
  packages: readonly Uint8Array[],
  { placing, keys, threadIds }: Trial,
): Promise<{ readonly found: number; readonly read: number }> {
  const places = packages.flatMap((bytes) => {
    const edition = decodePackage(bytes)
    const place = edition && decodeHeader(edition.header)?.header.board
    const board = edition?.files.find(({ name }) => name === "board")?.bytes
    return place && board ? placing.flatMap((week) => SLOTS.map((j) => ({ place, board, week, j }))) : []
  })
  const sealed: Uint8Array[] = []
  await countThat(places, async ({ place, board, week, j }) => {
    for (const index of await candidates(week.placement, place, j)) {
      const cell = board.slice(index * CELL_BYTES, (index + 1) * CELL_BYTES)
      const part = await unwrapCell(cell, week, place, j)
      if (part) sealed.push(part)
    }
    return true
  })
  const pairs = sealed.flatMap((part) => threadIds.map((id) => ({ part, id: id as ThreadId })))
  const read = await countThat(pairs, async ({ part, id }) => (await openPart(part, id, keys)) !== null)
  return { found: sealed.length, read }
}

const SLOTS: readonly ThreadSlot[] = [0, 1, 2, 3]
/** Side by side: the platform's own threads do the work, and to wait for each in turn takes minutes. */
const AT_ONCE = 256

async function countThat<T>(items: readonly T[], holds: (item: T) => Promise<boolean>): Promise<number> {
  let count = 0
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const found = await Promise.all(items.slice(at, at + AT_ONCE).map(holds))
    count += found.filter(Boolean).length
  }
  return count
}

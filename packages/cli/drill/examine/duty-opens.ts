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
import { kemOpener } from "@kunak/core/suite"
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
  const sum = { letters: 0, staff: 0, parts: 0, read: 0 }
  for (const one of recorded) {
    sum.letters += await openedEnvelopes(one.envelopes, trial)
    sum.staff += await openedCells(one.cells, trial)
    const boards = await openedParts(one.packages, trial)
    sum.parts += boards.found
    sum.read += boards.read
  }
  return sum
}

async function openedEnvelopes(
  envelopes: readonly Uint8Array[],
  { keys, organisationId }: Trial,
): Promise<number> {
  let opened = 0
  for (const key of keys) {
    const opener = await kemOpener(key)
    for (const bytes of envelopes) {
      const envelope = parseEnvelope(bytes)
      if (envelope && (await openEnvelope(envelope, opener, organisationId))) opened += 1
    }
  }
  return opened
}

/** Each cell is sealed to its place and to the one before it, which an enemy has, too. */
async function openedCells(cells: Recorded["cells"], { keys, organisationId }: Trial): Promise<number> {
  let opened = 0
  let before: { readonly position: number; readonly hash: Uint8Array } = {
    position: -1,
    hash: new Uint8Array(32),
  }
  for (const { position, cell } of cells) {
    if (before.position === position - 1) {
      const place = { organisationId, position, previousHash: before.hash }
      for (const key of keys) if (await openCell(cell, place, { staff: key })) opened += 1
    }
    before = { position, hash: hashCell(cell) }
  }
  return opened
}

async function openedParts(
  packages: readonly Uint8Array[],
  { placing, keys, threadIds }: Trial,
): Promise<{ readonly found: number; readonly read: number }> {
  let [found, read] = [0, 0]
  for (const bytes of packages) {
    const edition = decodePackage(bytes)
    const place = edition && decodeHeader(edition.header)?.header.board
    const board = edition?.files.find(({ name }) => name === "board")?.bytes
    if (!place || !board) continue
    for (const week of placing)
      for (const j of [0, 1, 2, 3] as readonly ThreadSlot[])
        for (const index of await candidates(week.placement, place, j)) {
          const cell = board.slice(index * CELL_BYTES, (index + 1) * CELL_BYTES)
          const sealed = await unwrapCell(cell, week, place, j)
          if (!sealed) continue
          found += 1
          for (const id of threadIds) if (await openPart(sealed, id as ThreadId, keys)) read += 1
        }
  }
  return { found, read }
}

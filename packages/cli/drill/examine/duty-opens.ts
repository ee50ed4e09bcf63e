/** Every key that a seized duty has, tried on everything that both relays recorded: envelopes, cells of the log, parts. */
import { DatabaseSync } from "node:sqlite"
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
import type { ThreadId } from "@kunak/core/thread/keys"
import type { Finding } from "./section.ts"
import type { SeizedDuty } from "./seized-duty.ts"

export interface Opened {
  readonly findings: readonly Finding[]
  readonly envelopes: number
  readonly cells: number
  /** Of the log: what its own key opens, which is its work. */
  readonly ownCells: number
  /** Sealed parts that it finds in boards, and can't read. */
  readonly parts: number
}

/** @param threadIds which duty does not have: given to it here, so that only keys are missing. */
export async function openAll(
  { memory, enrolment, keys }: SeizedDuty,
  relayDatabase: string,
  threadIds: readonly Uint8Array[],
): Promise<Opened> {
  const { organisationId } = memory.line.chain
  const database = new DatabaseSync(relayDatabase, { readOnly: true })
  const blobs = (query: string): readonly Uint8Array[] =>
    database
      .prepare(query)
      .all()
      .map((row) => new Uint8Array(Object.values(row)[0] as Uint8Array))
  try {
    const posted = Number(database.prepare("select head - slots as posted from ring_state").get()?.posted)
    const envelopes = blobs(`select envelope from ring order by slot limit ${Math.max(0, posted)}`)
    const cells = blobs("select cell from log order by position")
    const packages = blobs("select package from edition order by term, number")
    const letters = await openedEnvelopes(envelopes, keys, organisationId)
    const log = await openedCells(cells, keys, organisationId, enrolment.lineKey)
    const boards = await openedParts(packages, memory.line.waiting, keys, threadIds)
    const findings: Finding[] = [
      ["letters in the ring", letters],
      ["cells of the staff compartment", log.staff],
      ["parts of replies", boards.read],
    ].flatMap(([what, times]) =>
      Number(times) === 0
        ? []
        : [
            {
              kind: "accepted",
              what: String(what),
              form: "opened",
              where: "with duty's keys",
              times: Number(times),
            },
          ],
    )
    return {
      findings,
      envelopes: envelopes.length,
      cells: cells.length,
      ownCells: log.line,
      parts: boards.found,
    }
  } finally {
    database.close()
  }
}

async function openedEnvelopes(
  envelopes: readonly Uint8Array[],
  keys: readonly Secret<Uint8Array>[],
  organisationId: OrganisationId,
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

async function openedCells(
  cells: readonly Uint8Array[],
  keys: readonly Secret<Uint8Array>[],
  organisationId: OrganisationId,
  lineKey: Secret<Uint8Array>,
): Promise<{ readonly staff: number; readonly line: number }> {
  let [staff, line] = [0, 0]
  let previousHash: Uint8Array = new Uint8Array(32)
  for (const [position, cell] of cells.entries()) {
    const place = { organisationId, position, previousHash }
    if (await openCell(cell, place, { line: lineKey })) line += 1
    else for (const key of keys) if (await openCell(cell, place, { staff: key })) staff += 1
    previousHash = hashCell(cell)
  }
  return { staff, line }
}

async function openedParts(
  packages: readonly Uint8Array[],
  waiting: SeizedDuty["memory"]["line"]["waiting"],
  keys: readonly Secret<Uint8Array>[],
  threadIds: readonly Uint8Array[],
): Promise<{ readonly found: number; readonly read: number }> {
  let [found, read] = [0, 0]
  for (const bytes of packages) {
    const edition = decodePackage(bytes)
    const place = edition && decodeHeader(edition.header)?.header.board
    const board = edition?.files.find(({ name }) => name === "board")?.bytes
    if (!place || !board) continue
    for (const { keys: weeks } of waiting)
      for (const week of weeks)
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

/**
 * Somebody who writes to the line, as the page does it: seals to the newest edition's intake key, looks into the board's
 * candidate cells. Envelopes are laid straight into the rings: ticks and puzzles are tested where they are made.
 */
import { openPart, type Part } from "@kunak/core/board/part"
import { candidates, type ThreadSlot, unwrapCell } from "@kunak/core/board/placement"
import { toHex } from "@kunak/core/bytes/hex"
import { decodeHeader, type EditionHeader } from "@kunak/core/edition/header"
import { decodePackage } from "@kunak/core/edition/package"
import { sealEnvelope } from "@kunak/core/envelope/envelope"
import type { Letter } from "@kunak/core/envelope/letter"
import { verifyIntakeKey } from "@kunak/core/intake/intake-key"
import { CELL_BYTES } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import {
  placingKeysOf,
  replyKeyOf,
  type ThreadId,
  type ThreadRoot,
  threadIdOf,
  type WeekKey,
  weekKeyOf,
} from "@kunak/core/thread/keys"
import { type Week, weekOf } from "@kunak/core/time/instant"
import type { DeskLine } from "./test-line.ts"

export interface PersonSays {
  /** Null: nothing to say. */
  readonly text: string | null
  /** The same message repeats under the same id. */
  readonly id?: Uint8Array
  readonly read?: readonly number[]
  readonly to?: "A" | "B" | "both"
  readonly times?: number
}

export interface TestPerson {
  readonly threadId: ThreadId
  /** As routes name the thread. */
  readonly id: string
  /** @returns the message's id. */
  say(what: PersonSays): Promise<Uint8Array>
  /** What nobody but the person can name once weeks have passed. */
  weekKey(week: Week): Promise<WeekKey>
  /** Parts that stand in the newest edition's board, by sequence. */
  look(): Promise<readonly Part[]>
}

/** The newest edition as relay A holds it. */
export async function newestEdition(
  line: DeskLine,
): Promise<{ readonly header: EditionHeader; readonly board: Uint8Array }> {
  const kept = must(await line.stores[0].editionsAfter(null)).at(-1)
  const edition = kept && decodePackage(kept.package)
  const header = edition && decodeHeader(edition.header)?.header
  const board = edition?.files.find(({ name }) => name === "board")?.bytes
  if (!header || !board) throw new TypeError("no edition yet")
  return { header, board }
}

export async function makePerson(
  line: DeskLine,
  seed: string,
  /** Other keys under the same thread id: somebody who knows the id and not the words. */
  impersonated?: ThreadId,
): Promise<TestPerson> {
  const random = seededRandom(seed)
  const root = new Secret(random(32)) as ThreadRoot
  const threadId = impersonated ?? (await threadIdOf(root))
  const keysFrom = (week: Week): Promise<readonly WeekKey[]> =>
    Promise.all([0, 1, 2].map((i) => weekKeyOf(root, (week + i) as Week)))
  return {
    threadId,
    id: toHex(threadId),
    weekKey: (week) => weekKeyOf(root, week),
    say: async ({ text, id = random(8), read = [], to = "A", times = 1 }) => {
      const { header } = await newestEdition(line)
      const delegations = line.organisation.delegations
      const intake = must(await verifyIntakeKey(header.intakeKey, delegations, []))
      const week = weekOf(header.issued)
      const letter: Letter = {
        edition: header.id,
        threadId,
        week,
        weekKeys: await keysFrom(week),
        read,
        message: text === null ? null : { id, text },
      }
      for (let i = 0; i < times; i += 1) {
        const envelope = await sealEnvelope(intake, header.organisationId, letter)
        for (const [at, name] of (["A", "B"] as const).entries())
          if (to === "both" || to === name) must(await line.stores[at as 0 | 1].post(envelope))
      }
      return id
    },
    look: async () => {
      const { header, board } = await newestEdition(line)
      const week = weekOf(header.issued)
      const keys = await placingKeysOf(await weekKeyOf(root, week))
      const weeks = [week, week - 1, week - 2] as Week[]
      const replyKeys = await Promise.all(weeks.map(async (w) => replyKeyOf(await weekKeyOf(root, w))))
      const parts: Part[] = []
      for (const j of [0, 1, 2, 3] as ThreadSlot[])
        for (const index of await candidates(keys.placement, header.board, j)) {
          const cell = board.slice(index * CELL_BYTES, (index + 1) * CELL_BYTES)
          const sealed = await unwrapCell(cell, keys, header.board, j)
          const part = sealed && (await openPart(sealed, threadId, replyKeys))
          if (part) parts.push(part)
        }
      return parts.sort((a, b) => a.sequence - b.sequence)
    },
  }
}

/** What both relays' answers say together: docs/protocol.md §21, rules Z2, Z3. */
import { verifiedCell } from "@kunak/core/board/merkle"
import { openPart, type Part } from "@kunak/core/board/part"
import { unwrapCell } from "@kunak/core/board/placement"
import { xorBytes } from "@kunak/core/lookup/look-up"
import { PART_BYTES } from "@kunak/core/parameters"
import { slotAt } from "@kunak/core/tick/schedule"
import { weekOf } from "@kunak/core/time/instant"
import type { Heard } from "../exchange/tick.ts"
import type { ReadyTick } from "./prepare.ts"
import { withKeys } from "./visit-keys.ts"

/** The cells that were wanted; null for one whose path does not lead to the signed root. */
export function cellsOf({ plan, wanted }: ReadyTick, a: Heard, b: Heard): readonly (Uint8Array | null)[] {
  const { log2Rows, merkleRoot } = plan.named[0].header.board
  return (wanted ?? []).map((index, i) => {
    const row = xorBytes(a.rows[i] as Uint8Array, b.rows[i] as Uint8Array)
    return verifiedCell(row, index, log2Rows, merkleRoot)
  })
}

/** Each is tried in the same way, whether or not anything can lie in it: what is no outer layer of ours is random. */
export async function openCells(
  { plan }: ReadyTick,
  cells: readonly (Uint8Array | null)[],
): Promise<readonly Part[]> {
  const { board, issued } = plan.named[0].header
  const parts = await withKeys(plan.thread, weekOf(issued), ({ id, replyKeys, placing }) =>
    Promise.all(
      cells.map(async (cell) => {
        const part = cell && (await unwrapCell(cell, placing, board, slotAt(plan.tick)))
        return await openPart(part ?? (cell ?? new Uint8Array()).slice(-PART_BYTES), id, replyKeys)
      }),
    ),
  )
  return parts.filter((part) => part !== null)
}

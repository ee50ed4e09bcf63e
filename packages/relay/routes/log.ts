/** The staff log: equal sealed cells at positions, nothing else (rules T10, T11). */
import { ByteReader } from "@kunak/core/bytes/reader"
import { ByteWriter } from "@kunak/core/bytes/writer"
import { LOG_APPEND_CELLS, LOG_CELL_BYTES, LOG_READ_CELLS } from "@kunak/core/parameters"
import { type Answer, bytesAnswer, refusal } from "../answer.ts"
import type { LogStore } from "../store/contract.ts"
import type { StaffRoute } from "./staff.ts"

/** u64 expected head, u8 count. */
const APPEND_HEAD_BYTES = 8 + 1

/** @param isMirror relay B, which does not order the log (rule L6). */
export const appendRoute = (store: LogStore, isMirror: boolean): StaffRoute => ({
  role: "append",
  minBytes: APPEND_HEAD_BYTES + LOG_CELL_BYTES,
  maxBytes: APPEND_HEAD_BYTES + LOG_APPEND_CELLS * LOG_CELL_BYTES,
  handle: async (body) => {
    const from = new ByteReader(body)
    const expected = from.u64()
    const count = from.u8()
    if (from.failed || count < 1 || count > LOG_APPEND_CELLS || from.left !== count * LOG_CELL_BYTES)
      return refusal.malformed
    // Views: the store copies them once, into what it hands to its thread.
    const cells = Array.from({ length: count }, (_, i) => {
      const start = APPEND_HEAD_BYTES + i * LOG_CELL_BYTES
      return body.subarray(start, start + LOG_CELL_BYTES)
    })
    const appended = await store.append(expected, cells, isMirror)
    if (appended.ok) return headAnswer(200, appended.value)
    return appended.error.kind === "stale-head"
      ? headAnswer(409, appended.error.head)
      : refusal.storeUnavailable
  },
})

/** u64 from, u16 limit. */
const READ_BYTES = 8 + 2

export const readRoute = (store: LogStore): StaffRoute => ({
  role: "read",
  minBytes: READ_BYTES,
  maxBytes: READ_BYTES,
  handle: async (body) => {
    const request = new ByteReader(body)
    const from = request.u64()
    const limit = request.u16()
    if (!request.end() || limit > LOG_READ_CELLS) return refusal.malformed
    const page = await store.read(from, limit)
    if (!page.ok) return refusal.storeUnavailable
    const out = new ByteWriter().u64(page.value.head).u64(page.value.first)
    for (const cell of page.value.cells) out.raw(cell)
    return bytesAnswer(200, out.bytes())
  },
})

const headAnswer = (status: number, head: number): Answer =>
  bytesAnswer(status, new ByteWriter().u64(head).bytes())

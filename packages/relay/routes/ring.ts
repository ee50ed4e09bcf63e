/** The ring to desks: envelopes by position, and what may be overwritten (rules R1 to R4). */
import { ByteReader } from "@kunak/core/bytes/reader"
import { ByteWriter } from "@kunak/core/bytes/writer"
import { RING_READ_ENVELOPES } from "@kunak/core/parameters"
import { bytesAnswer, refusal } from "../answer.ts"
import type { RingRoom } from "../ring/room.ts"
import type { RingStore } from "../store/contract.ts"
import type { StaffRoute } from "./staff.ts"

/** u64 from, u16 limit. */
const READ_BYTES = 8 + 2

export const ringReadRoute = (store: RingStore): StaffRoute => ({
  role: "read",
  minBytes: READ_BYTES,
  maxBytes: READ_BYTES,
  handle: async (body) => {
    const request = new ByteReader(body)
    const from = request.u64()
    const limit = request.u16()
    if (!request.end() || limit > RING_READ_ENVELOPES) return refusal.malformed
    const page = await store.readRing(from, limit)
    if (!page.ok) return refusal.storeUnavailable
    const { head, acknowledged, first, envelopes } = page.value
    const out = new ByteWriter().u64(head).u64(acknowledged).u64(first)
    for (const envelope of envelopes) out.raw(envelope)
    return bytesAnswer(200, out.bytes())
  },
})

/** u64 position. */
const ACKNOWLEDGE_BYTES = 8

export const acknowledgeRoute = (store: RingStore, room: RingRoom): StaffRoute => ({
  role: "acknowledge",
  minBytes: ACKNOWLEDGE_BYTES,
  maxBytes: ACKNOWLEDGE_BYTES,
  handle: async (body) => {
    const request = new ByteReader(body)
    const position = request.u64()
    if (!request.end()) return refusal.malformed
    const acknowledged = await store.acknowledge(position)
    if (!acknowledged.ok) return refusal.storeUnavailable
    room.acknowledged(acknowledged.value)
    return bytesAnswer(200, new ByteWriter().u64(acknowledged.value).bytes())
  },
})

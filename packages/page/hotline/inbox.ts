/** Replies, put together from their parts as they come in any order and more than once. docs/protocol.md §20. */
import { OPENED_ONLY, type Part } from "@kunak/core/board/part"
import { toHex } from "@kunak/core/bytes/hex"
import { MAX_READ } from "@kunak/core/envelope/letter"
import type { Instant } from "@kunak/core/time/instant"
import type { Reply } from "./visit-state.ts"

export interface Inbox {
  readonly take: (part: Part) => void
  /** The parts that are there were read. */
  readonly markRead: (replyId: string) => void
  /** Sequences for an envelope, rising; where they are too many, in turns. */
  readonly readFor: (turn: number) => readonly number[]
  readonly list: () => readonly Reply[]
  /** When a desk last opened something of this thread; null where no part says so. */
  readonly openedAt: () => Instant | null
}

export function makeInbox(): Inbox {
  /** By reply id, then by place: the first of each counts. */
  const replies = new Map<string, (Part | null)[]>()
  const read = new Set<number>()
  let openedAt: Instant | null = null
  const partsOf = (id: string): readonly Part[] => (replies.get(id) ?? []).filter((part) => part !== null)
  return {
    take: (part) => {
      if (part.opened.length > 0 && part.openedAt > (openedAt ?? 0)) openedAt = part.openedAt
      if (part.sequence === OPENED_ONLY) return
      const id = toHex(part.replyId)
      const parts = replies.get(id) ?? new Array<null>(part.parts).fill(null)
      if (parts[part.place] === null) parts[part.place] = part
      replies.set(id, parts)
    },
    markRead: (id) => {
      for (const { sequence } of partsOf(id)) read.add(sequence)
    },
    readFor: (turn) => {
      const all = [...read]
      const from = (turn * MAX_READ) % Math.max(1, all.length)
      return [...all.slice(from), ...all.slice(0, from)].slice(0, MAX_READ).sort((a, b) => a - b)
    },
    openedAt: () => openedAt,
    list: () =>
      [...replies]
        .map(([id, parts]) => {
          const [{ written, expires }] = partsOf(id) as [Part]
          const isRead = partsOf(id).every(({ sequence }) => read.has(sequence))
          return { id, written, expires, parts: parts.map((part) => part?.text ?? null), isRead }
        })
        .sort((a, b) => a.written - b.written),
  }
}

/** Messages of one visit, each said again in every envelope until it is opened: docs/protocol.md §19, rule I6. */
import { toHex } from "@kunak/core/bytes/hex"
import { MESSAGE_ID_BYTES, type Message } from "@kunak/core/envelope/letter"
import type { Random } from "@kunak/core/keys"
import type { MessageProgress, SentMessage } from "./visit-state.ts"

/** A relay by its place: A, B. */
export type RelayPlace = 0 | 1

export interface Queued {
  readonly name: string
  message: Message
  progress: MessageProgress
  /** How often each relay has taken it. */
  readonly taken: [number, number]
}

export interface Outbox {
  /** @returns its id, hexadecimal. */
  readonly add: (text: string, random: Random) => string
  /** For the next envelope to a relay: what nobody has yet, then what this one took least often; the oldest first. */
  readonly next: (to: RelayPlace) => Queued | null
  readonly opened: (ids: readonly Uint8Array[]) => void
  /** @param carried is in an envelope already: it stays. */
  readonly takeBack: (name: string, carried: Queued | null) => boolean
  readonly list: () => readonly SentMessage[]
}

export function makeOutbox(): Outbox {
  let queue: readonly Queued[] = []
  return {
    add: (text, random) => {
      const message = { id: random(MESSAGE_ID_BYTES), text }
      const name = toHex(message.id)
      queue = [...queue, { name, message, progress: "waiting", taken: [0, 0] }]
      return name
    },
    next: (to) => {
      const rank = ({ progress, taken }: Queued): number => (progress === "waiting" ? -1 : taken[to])
      const unopened = queue.filter(({ progress }) => progress !== "opened")
      return unopened.sort((a, b) => rank(a) - rank(b))[0] ?? null
    },
    opened: (ids) => {
      const names = ids.map(toHex)
      for (const queued of queue.filter(({ name }) => names.includes(name))) {
        queued.progress = "opened"
        queued.message = { id: queued.message.id, text: "" }
      }
    },
    takeBack: (name, carried) => {
      const kept = queue.filter((one) => one.name !== name || one.progress !== "waiting" || one === carried)
      const isTaken = kept.length < queue.length
      queue = kept
      return isTaken
    },
    list: () => queue.map(({ name, progress }) => ({ id: name, progress })),
  }
}

export function handedOver(queued: Queued, to: RelayPlace): void {
  queued.taken[to] += 1
  if (queued.progress === "waiting") queued.progress = "handed-over"
}

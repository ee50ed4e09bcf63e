/** Messages of one visit, each said again in every envelope until it is opened: docs/protocol.md §19, rule I6. */
import { toHex } from "@kunak/core/bytes/hex"
import { MESSAGE_ID_BYTES, type Message } from "@kunak/core/envelope/letter"
import type { Random } from "@kunak/core/keys"
import { TICKS } from "@kunak/core/parameters"
import { postsTo } from "@kunak/core/tick/schedule"
import type { MessageProgress, SentMessage } from "./visit-state.ts"

/** A relay by its place: A, B. */
export type RelayPlace = 0 | 1

/** Which relay gets an envelope at this tick (rule Z1). */
export const relayAt = (tick: number): RelayPlace | null => {
  const to = postsTo(tick)
  return to && (to === "A" ? 0 : 1)
}

export interface Queued {
  readonly name: string
  message: Message
  isOpened: boolean
  /** How often it has left and no relay has said that it did not take it. */
  left: number
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
  /** @param isSilent which relay is known not to answer: what only the other has is all that can be done. */
  readonly list: (isSilent: readonly [boolean, boolean]) => readonly Omit<SentMessage, "leavesInSeconds">[]
  /**
   * In which tick each leaves next for a relay that has not got it, if all goes well. @param open the first tick whose envelope is
   * not closed. @param carried is in the one before.
   */
  readonly departures: (open: number, carried: Queued | null) => ReadonlyMap<string, number>
  /** So many ticks are taken by what nobody has yet. */
  readonly ahead: (carried: Queued | null) => number
}

export function makeOutbox(): Outbox {
  let queue: readonly Queued[] = []
  return {
    add: (text, random) => {
      const message = { id: random(MESSAGE_ID_BYTES), text }
      const name = toHex(message.id)
      queue = [...queue, { name, message, isOpened: false, left: 0, taken: [0, 0] }]
      return name
    },
    next: (to) => firstOf(queue, to),
    opened: (ids) => {
      const names = ids.map(toHex)
      for (const queued of queue.filter(({ name }) => names.includes(name))) {
        queued.isOpened = true
        queued.message = { id: queued.message.id, text: "" }
      }
    },
    takeBack: (name, carried) => {
      const isWaiting = ({ isOpened, left }: Queued): boolean => !isOpened && left === 0
      const kept = queue.filter((one) => one.name !== name || !isWaiting(one) || one === carried)
      const isGone = kept.length < queue.length
      queue = kept
      return isGone
    },
    departures: (open, carried) => {
      const departures = new Map<string, number>()
      const copies = queue.map((one) => ({ ...one, taken: [...one.taken] as [number, number] }))
      const leave = (one: Queued | null | undefined, to: RelayPlace, tick: number): void => {
        if (!one) return
        if (one.taken[to] === 0 && !departures.has(one.name)) departures.set(one.name, tick)
        one.taken[to] += 1
      }
      for (let tick = carried ? open - 1 : open; tick < TICKS; tick++) {
        const to = relayAt(tick)
        const isClosed = tick < open
        const next = (to: RelayPlace) =>
          isClosed ? copies.find(({ name }) => name === carried?.name) : firstOf(copies, to)
        if (to !== null) leave(next(to), to, tick)
      }
      return departures
    },
    ahead: (carried) => queue.filter((one) => !one.isOpened && !isTaken(one) && one !== carried).length,
    list: (isSilent) => queue.map((queued) => ({ id: queued.name, progress: progressOf(queued, isSilent) })),
  }
}

function firstOf(queue: readonly Queued[], to: RelayPlace): Queued | null {
  const rank = (queued: Queued): number => (isTaken(queued) ? queued.taken[to] : -1)
  const unopened = queue.filter(({ isOpened }) => !isOpened)
  return unopened.sort((a, b) => rank(a) - rank(b))[0] ?? null
}

const isTaken = ({ taken: [a, b] }: Queued): boolean => a + b > 0

/** One relay's word is not enough: it may say that it has what it never stored, and then the message is nowhere. */
function progressOf(queued: Queued, isSilent: readonly [boolean, boolean]): MessageProgress {
  if (queued.isOpened) return "opened"
  if (!isTaken(queued)) return queued.left > 0 ? "left" : "waiting"
  return queued.taken.every((times, i) => times > 0 || isSilent[i]) ? "handed-over" : "half"
}

/** The request that brings it has begun: from now on it may be on a relay's disk, whatever is answered, if anything is. */
export function hasLeft(queued: Queued): void {
  queued.left += 1
}

/** The relay that was asked says that it did not take it. */
export function cameBack(queued: Queued): void {
  queued.left -= 1
}

export function handedOver(queued: Queued, to: RelayPlace): void {
  queued.taken[to] += 1
}

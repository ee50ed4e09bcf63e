/**
 * What goes into the next append: parts of entries, the urgent first, filled up with dummies (rule L3). Notes and letters
 * are sealed here, at the last moment, under the key of this hour, and stay unsealed in the vault until they are
 * read back (rule L7).
 */

import { encodeLetterCore } from "@kunak/core/envelope/letter"
import { type IntakeWindow, windowOf } from "@kunak/core/intake/intake-key"
import type { Random } from "@kunak/core/keys"
import type { Compartment, Part } from "@kunak/core/log/cell"
import { decodeEntry, type Entry } from "@kunak/core/log/entry"
import { encodeNote, type OpenedLetter, sealNote } from "@kunak/core/log/note"
import type { Instant } from "@kunak/core/time/instant"
import type { LogFollower } from "@kunak/duty/line/log-follower"
import type { Officer } from "../enrolment/officer.ts"
import { windowInKey } from "../hotline/hotline.ts"
import { currentNoteKey, type NoteKey } from "../hotline/notes/note-keys.ts"
import { lettersToTell } from "../hotline/rings/ring-store.ts"
import type { UnlockedVault } from "../vault/unlocked-vault.ts"
import { type OutboxItem, outbox } from "./outbox.ts"

export type Cell = { readonly compartment: Compartment; readonly part: Part }

/** Something to say, cut to cells, with those that have not been sent. */
interface Sending {
  readonly name: string
  readonly rank: number
  /** Of the key that a note was sealed under; null for an entry. */
  readonly window: IntakeWindow | null
  readonly rest: readonly Cell[]
}

export interface Sender {
  /** Exactly `count` cells. */
  next(count: number): Promise<readonly Cell[]>
  /** The first `count` of what `next` gave stand in the log. */
  sent(count: number): void
}

/** In one note: letters of the core's limit, and bytes that a few cells carry. */
const LETTERS_IN_A_NOTE = 32
const NOTE_BYTES = 12_000

/** What warns goes first, then the word that somebody is here, then what people wait for, then what is for next week. */
const RANKS = { urgent: 0, receipt: 1, currentKeys: 2, hotline: 3, receiveKeys: 4, laterKeys: 5 } as const

function rankOf(entry: Entry, now: Instant): number {
  const isSoon = (window: number): boolean => window <= windowOf(now) + 1
  switch (entry.kind) {
    case "receipt":
      return RANKS.receipt
    case "intake-wraps":
      return isSoon(entry.window) ? RANKS.currentKeys : RANKS.laterKeys
    case "intake-key":
      return isSoon(windowInKey(entry.bytes)) ? RANKS.currentKeys : RANKS.laterKeys
    case "part":
    case "parts-dropped":
      return RANKS.hotline
    case "receive-keys":
      return RANKS.receiveKeys
    default:
      return RANKS.urgent
  }
}

export function makeSender(parts: {
  readonly vault: UnlockedVault
  readonly officer: Officer
  readonly follower: LogFollower
  readonly random: Random
  readonly now: () => Instant
  /** By which notes are sealed; null while it is not known, and notes wait. */
  readonly noteTime: () => Instant | null
  readonly isClosed: () => boolean
  /** Whether the organisation is closed. */
  readonly isOver: () => boolean
}): Sender {
  const { vault, officer, follower, random, now, noteTime } = parts
  /** Cells that wait, by what they say; forgotten with the lock, then it is sent again as another entry. */
  let queue: readonly Sending[] = []

  const begun = (name: string): Sending | undefined =>
    queue.find((one) => one.name === name && one.rest.length > 0 && isFresh(one))
  /** A note cut hours ago would stand in the log under a key that colleagues have erased. */
  const isFresh = ({ window }: Sending): boolean =>
    window === null || windowOf(noteTime() ?? now()) - window <= 1

  async function sealed(name: string, note: Uint8Array, key: NoteKey): Promise<Sending> {
    const sealedNote = await sealNote(note, key.key, key.keyId, officer.organisationId, random)
    const rest = follower.partsOf({ kind: "sealed", note: sealedNote })
    return { name, rank: RANKS.hotline, window: key.window, rest }
  }

  async function sendingOf(item: OutboxItem, key: NoteKey | null): Promise<readonly Sending[]> {
    const name = `outbox ${item.number}`
    const before = begun(name)
    if (before) return [before]
    // Without a key of this window there is nothing to say it under: it waits.
    if (item.form === "note") return key ? [await sealed(name, item.bytes, key)] : []
    const entry = decodeEntry(item.bytes)
    return entry ? [{ name, rank: rankOf(entry, now()), window: null, rest: follower.partsOf(entry) }] : []
  }

  /** Several openings in one note. */
  async function letters(key: NoteKey | null): Promise<readonly Sending[]> {
    const untold = lettersToTell(vault)
    const names = new Set(untold.map(nameOf))
    const half = queue.filter(
      (one) =>
        one.name.startsWith("letters ") &&
        one.rest.length > 0 &&
        isFresh(one) &&
        one.name
          .slice("letters ".length)
          .split(" ")
          .some((name) => names.has(name)),
    )
    const inHalf = new Set(half.flatMap(({ name }) => name.slice("letters ".length).split(" ")))
    const left = untold.filter((one) => !inHalf.has(nameOf(one)))
    if (!key) return half
    const fresh: Sending[] = []
    for (const group of groups(left)) {
      const note = encodeNote({ kind: "letters", letters: group })
      fresh.push(await sealed(`letters ${group.map(nameOf).join(" ")}`, note, key))
    }
    return [...half, ...fresh]
  }

  return {
    next: async (count) => {
      const time = noteTime()
      const key = time === null ? null : await currentNoteKey(vault, time, parts.isOver())
      if (parts.isClosed()) return []
      const waiting: Sending[] = []
      for (const item of outbox(vault)) {
        waiting.push(...(await sendingOf(item, key)))
        if (parts.isClosed()) return []
      }
      waiting.push(...(await letters(key)))
      queue = [...waiting].sort((a, b) => a.rank - b.rank)
      const cells = queue.flatMap(({ rest }) => rest).slice(0, count)
      return [...cells, ...Array.from({ length: count - cells.length }, () => follower.dummy())]
    },
    sent: (count) => {
      let left = count
      queue = queue.map((one) => {
        const taken = Math.min(left, one.rest.length)
        left -= taken
        return { ...one, rest: one.rest.slice(taken) }
      })
    },
  }
}

const nameOf = ({ relay, position }: OpenedLetter): string => `${relay}${position}`

function groups(letters: readonly OpenedLetter[]): readonly (readonly OpenedLetter[])[] {
  const made: OpenedLetter[][] = []
  let bytes = 0
  for (const { relay, position, letter } of letters) {
    const size = encodeLetterCore(letter).length + 11
    const last = made.at(-1)
    if (!last || last.length >= LETTERS_IN_A_NOTE || bytes + size > NOTE_BYTES) {
      made.push([{ relay, position, letter }])
      bytes = size
    } else {
      last.push({ relay, position, letter })
      bytes += size
    }
  }
  return made
}

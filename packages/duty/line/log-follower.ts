/**
 * Reads and writes the staff log, which relay A orders and relay B mirrors. docs/protocol.md §15.
 * Used by duties and desks alike; keeps nothing itself: the place reached is its host's to store.
 */
import type { OrganisationId } from "@kunak/core/charter/charter"
import type { Random } from "@kunak/core/keys"
import { EntryAssembly } from "@kunak/core/log/assembly"
import {
  type Compartment,
  dummyPart,
  hashCell,
  type LogKeys,
  openCell,
  type Part,
  sealCell,
  splitEntry,
} from "@kunak/core/log/cell"
import { compartmentOf, decodeEntry, type Entry, encodeEntry } from "@kunak/core/log/entry"
import { trimmedBetween } from "@kunak/core/log/positions"
import { LOG_APPEND_CELLS } from "@kunak/core/parameters"
import { err, ok, type Result } from "@kunak/core/result"
import type { RelayClient, RelayError } from "../relay-client.ts"

/** How far the log has been read: the next position, and the hash of the cell before it. */
export interface LogPlace {
  readonly position: number
  /** 32 zeros at position 0; null where the cell before was never seen (older cells are gone). */
  readonly previousHash: Uint8Array | null
}

export const LOG_START: LogPlace = { position: 0, previousHash: new Uint8Array(32) }

/** Where an entry began, so that a host can tell which it has applied. */
export interface ReadEntry {
  readonly position: number
  readonly entry: Entry
}

export type LogError =
  | RelayError
  /** The relay has fewer cells than were seen there before (rule L2). */
  | { readonly kind: "log-rolled-back"; readonly head: number; readonly seen: number }

/** Cells that were not there to be read: trimmed, or a leap of a restored relay (rule L10). */
export interface Gap {
  /** The next position to read, and that of the first cell behind it. */
  readonly from: number
  readonly first: number
  /** Whether the other relay was asked for all of it. */
  readonly isAsked: boolean
}

export interface CatchUp {
  readonly place: LogPlace
  readonly entries: readonly ReadEntry[]
  readonly gaps: readonly Gap[]
  /**
   * Positions of cells that no key opens there: this relay reordered, replayed or forked the log, or whoever has a
   * stolen capability wrote rubbish (rule L2). Reading goes on behind them, or one such cell would end the log.
   */
  readonly unopened: readonly number[]
  /** Where a host that is started anew has to read from: its place, or before it where an entry began of which parts are to come. */
  readonly resume: LogPlace
}

/** Cells behind `done` that certainly stood in gaps, and are gone. */
export const trimmedIn = (gaps: readonly Gap[], done = 0): number =>
  gaps.reduce(
    (sum, { from, first }) => (first > done ? sum + trimmedBetween(Math.max(from, done), first) : sum),
    0,
  )

/** A `CatchUp` while it is being made. */
interface Reading {
  place: LogPlace
  readonly gaps: Gap[]
  readonly entries: ReadEntry[]
  readonly unopened: number[]
  readonly assembly: EntryAssembly<LogPlace>
}

/** The mirror has no cell where reading is to go on, and some further on. */
export interface MirrorGap {
  readonly kind: "mirror-gap"
  readonly position: number
}

/** The mirror's head lies beyond that of the relay which orders the log: somebody else wrote there (rule L6). */
export interface MirrorAhead {
  readonly kind: "mirror-ahead"
  readonly position: number
}

/** What was half read when this position was next. */
interface Reached {
  readonly position: number
  readonly assembly: EntryAssembly<LogPlace>
}

/** An entry whose writer stopped in its middle never ends: after so many cells no restart goes back for it. */
const MOST_BEHIND = 255

export interface LogHost {
  readonly organisationId: OrganisationId
  readonly keys: LogKeys
  readonly random: Random
  /** Called while catching up: positions read, positions in all. */
  readonly onProgress?: (read: number, head: number) => void
}

const begin = (place: LogPlace, before: EntryAssembly<LogPlace>): Reading => ({
  place,
  gaps: [],
  entries: [],
  unopened: [],
  assembly: new EntryAssembly(before),
})

/** Reading goes on there: the cell before is not known, so the first one behind a gap can't be opened. */
function cross(reading: Reading, first: number, isAsked: boolean): void {
  const from = reading.place.position
  if (first === from) return
  reading.gaps.push({ from, first, isAsked })
  reading.place = { position: first, previousHash: null }
}

export class LogFollower {
  readonly #host: LogHost
  /** Where the last reading began and where it ended: a host that could not keep what it read reads the same again. */
  #reached: readonly Reached[] = []

  constructor(host: LogHost) {
    this.#host = host
  }

  /**
   * Reads everything from `from` on. What was read before an error is given with it lost: read again.
   *
   * @param relay the one that orders the log.
   * @param other the one that has the same log (rule L6): what `relay` no longer has, or lost with its disk, is looked
   *   for there before it counts as gone.
   */
  async catchUp(
    relay: RelayClient,
    from: LogPlace,
    other: RelayClient | null = null,
  ): Promise<Result<CatchUp, LogError>> {
    const before = this.#halfReadAt(from.position)
    const reading = begin(from, before)
    for (;;) {
      const { position } = reading.place
      const page = await relay.readLog(position)
      if (!page.ok) return page
      const { head, first, cells } = page.value
      if (head < position) return err({ kind: "log-rolled-back", head, seen: position })
      if (cells.length > 0 && first > position) {
        const isAsked = other !== null && (await this.#fill(other, reading, first))
        cross(reading, first, isAsked)
      }
      await this.#take(cells, reading)
      this.#host.onProgress?.(reading.place.position, head)
      if (cells.length > 0 && reading.place.position < head) continue
      return ok(this.#done(reading, from, before, reading.place))
    }
  }

  #halfReadAt(position: number): EntryAssembly<LogPlace> {
    return this.#reached.find((one) => one.position === position)?.assembly ?? new EntryAssembly()
  }

  /** @param place reached by it: nothing behind it opened. */
  #done(reading: Reading, from: LogPlace, before: EntryAssembly<LogPlace>, place: LogPlace): CatchUp {
    const { assembly } = reading
    this.#reached = [
      { position: from.position, assembly: before },
      { position: place.position, assembly },
    ]
    return { ...reading, place, resume: resumeAt(place, assembly) }
  }

  /** All that this relay has before `end`, over gaps of its own. @returns whether it answered to the last. */
  async #fill(other: RelayClient, reading: Reading, end: number): Promise<boolean> {
    for (;;) {
      const { position } = reading.place
      if (position >= end) return true
      const page = await other.readLog(position)
      if (!page.ok) return false
      const { first, cells } = page.value
      if (cells.length === 0 || first >= end) return true
      cross(reading, first, true)
      await this.#take(cells.slice(0, end - first), reading)
    }
  }

  /**
   * What the mirror shows while relay A is away: up to its first gap, or the last cell that opened. Whoever has a stolen
   * right to append can write there far beyond what A ever had: a place reached behind that would be none of A's (rule L2).
   */
  async readMirror(mirror: RelayClient, from: LogPlace): Promise<Result<CatchUp, LogError | MirrorGap>> {
    const before = this.#halfReadAt(from.position)
    const reading = begin(from, before)
    let sure = from
    for (;;) {
      const { position } = reading.place
      const page = await mirror.readLog(position)
      if (!page.ok) return page
      const { head, first, cells } = page.value
      if (head < position) return err({ kind: "log-rolled-back", head, seen: position })
      const isGap = first > position && cells.length > 0
      if (isGap && position === from.position) return err({ kind: "mirror-gap", position })
      if (isGap || cells.length === 0) {
        if (isGap) reading.gaps.push({ from: position, first, isAsked: false })
        return ok(this.#done(reading, from, before, sure))
      }
      sure = (await this.#take(cells, reading)) ?? sure
      this.#host.onProgress?.(reading.place.position, head)
    }
  }

  /** @returns the place behind the last of them that opened. */
  async #take(cells: readonly Uint8Array[], reading: Reading): Promise<LogPlace | null> {
    let sure: LogPlace | null = null
    for (const cell of cells) {
      const { place } = reading
      const opened = await this.#open(cell, place)
      if (!opened) reading.unopened.push(place.position)
      const entry = opened && opened !== "unseen" ? add(reading.assembly, opened, place) : null
      if (entry) reading.entries.push({ position: place.position, entry })
      reading.place = { position: place.position + 1, previousHash: hashCell(cell) }
      if (opened && opened !== "unseen") sure = reading.place
    }
    return sure
  }

  async #open(cell: Uint8Array, place: LogPlace) {
    if (place.previousHash === null) return "unseen" as const
    const opened = await openCell(cell, this.#at(place.position, place.previousHash), this.#host.keys)
    // A duty can't open what desks say among themselves: that is no fork.
    return opened ?? (this.#host.keys.staff ? null : ("unseen" as const))
  }

  #at(position: number, previousHash: Uint8Array) {
    return { organisationId: this.#host.organisationId, position, previousHash }
  }

  /**
   * Appends cells at `place`: the parts of the entries, or one dummy when there are none (rule L3).
   * With `stale-head` nothing was written: catch up, look whether it is still right to say, try again.
   */
  async append(
    relay: RelayClient,
    place: LogPlace,
    parts: readonly { readonly compartment: Compartment; readonly part: Part }[],
  ): Promise<Result<LogPlace, RelayError | { readonly kind: "stale-head"; readonly head: number }>> {
    if (parts.length > LOG_APPEND_CELLS) throw new RangeError("more cells than one append takes")
    if (place.previousHash === null) throw new RangeError("the cell before is not known")
    const sealed = await this.#seal(place, place.previousHash, parts)
    const head = await relay.appendLog(place.position, sealed.cells)
    if (!head.ok) return head
    this.#reached = [...this.#reached, { position: head.value, assembly: this.#halfReadAt(place.position) }]
    return ok({ position: head.value, previousHash: sealed.previousHash })
  }

  async #seal(
    place: LogPlace,
    before: Uint8Array,
    parts: readonly { readonly compartment: Compartment; readonly part: Part }[],
  ): Promise<{ readonly cells: readonly Uint8Array[]; readonly previousHash: Uint8Array }> {
    const cells: Uint8Array[] = []
    let previousHash = before
    for (const { compartment, part } of parts) {
      const key = this.#host.keys[compartment]
      if (!key) throw new TypeError(`no key for the compartment ${compartment}`)
      const at = this.#at(place.position + cells.length, previousHash)
      const cell = await sealCell(part, at, compartment, key, this.#host.random)
      cells.push(cell)
      previousHash = hashCell(cell)
    }
    return { cells, previousHash }
  }

  /** An entry as the cells that carry it. */
  partsOf(entry: Entry): readonly { readonly compartment: Compartment; readonly part: Part }[] {
    const compartment = compartmentOf(entry.kind)
    return splitEntry(encodeEntry(entry), this.#host.random).map((part) => ({ compartment, part }))
  }

  dummy(): { readonly compartment: Compartment; readonly part: Part } {
    return { compartment: "line", part: dummyPart(this.#host.random) }
  }

  /**
   * Copies to the mirror what the ordering relay has beyond it: the cells as they are (rule L6). A mirror that
   * holds other cells at these positions is found out by whoever reads it. Where the ordering relay's oldest cell lies
   * beyond the mirror's head – it trims, or was restored – the mirror goes on from there, with a gap (rule T10).
   * @returns up to where the mirror has what `from` has; `mirror-gap` from a mirror that takes no gap.
   */
  async mirror(
    from: RelayClient,
    to: RelayClient,
  ): Promise<Result<number, RelayError | MirrorGap | MirrorAhead>> {
    const mirrored = await to.readLog(0, 0)
    if (!mirrored.ok) return mirrored
    let at = mirrored.value.head
    for (;;) {
      const page = await from.readLog(at, LOG_APPEND_CELLS)
      if (!page.ok) return page
      const { cells, head } = page.value
      // Nothing of what A has can be written there any more.
      if (head < at) return err({ kind: "mirror-ahead", position: at })
      if (cells.length === 0) return ok(at)
      const first = Math.max(at, page.value.first)
      const copied = await to.appendLog(first, cells)
      if (copied.ok) at = copied.value
      else if (copied.error.kind !== "stale-head") return err(copied.error)
      else if (first > at && copied.error.head <= at) return err({ kind: "mirror-gap", position: at })
      // Another desk or duty mirrors at the same moment: go on from where it got.
      else at = Math.max(at + 1, copied.error.head)
    }
  }
}

function add(
  assembly: EntryAssembly<LogPlace>,
  { compartment, part }: { readonly compartment: Compartment; readonly part: Part },
  place: LogPlace,
): Entry | null {
  const bytes = assembly.add(compartment, part, place)
  const entry = bytes && decodeEntry(bytes)
  return entry && compartmentOf(entry.kind) === compartment ? entry : null
}

const resumeAt = (place: LogPlace, assembly: EntryAssembly<LogPlace>): LogPlace =>
  assembly
    .halfRead()
    .filter(({ position }) => place.position - position <= MOST_BEHIND)
    .reduce((first, since) => (since.position < first.position ? since : first), place)

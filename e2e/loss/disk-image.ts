/**
 * What a power cut leaves of a folder, from the changes that recorder.c wrote down. The rules are meaner than any real disk's: of data that was not
 * synced any sector of 512 bytes may be there or not, in any order; names that were not synced (made, renamed, removed) are there up to some moment.
 * Synced is what fsync has returned for: a file's bytes and length by its own, its name by the folder's.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { Chance } from "./chance.ts"

const SECTOR = 512
const HEAD_BYTES = 24
const KINDS = ["", "created", "written", "cut", "synced", "renamed", "unlinked", "linked"] as const

export interface Change {
  readonly kind: Exclude<(typeof KINDS)[number], "">
  /** Relative to the folder. */
  readonly path: string
  /** Where it was written; for `cut` the new length. */
  readonly offset: number
  /** What was written; for `renamed` and `linked` the other path. */
  readonly data: Uint8Array
}

/** A process that was killed may have left half a record: it and what would follow never counted. */
export function readChanges(log: Uint8Array): Change[] {
  const view = new DataView(log.buffer, log.byteOffset, log.length)
  const changes: Change[] = []
  for (let at = 0; at + HEAD_BYTES <= log.length; ) {
    const length = view.getUint32(at, true)
    if (length < HEAD_BYTES || at + length > log.length) break
    const kind = KINDS[view.getUint32(at + 4, true)]
    const pathBytes = view.getUint32(at + 16, true)
    const dataAt = at + HEAD_BYTES + pathBytes
    if (!kind) throw new RangeError("a record of no known kind")
    changes.push({
      kind,
      path: Buffer.from(log.subarray(at + HEAD_BYTES, dataAt)).toString(),
      offset: Number(view.getBigUint64(at + 8, true)),
      data: log.subarray(dataAt, at + length),
    })
    at += length
  }
  return changes
}

/** Paths and bytes. */
export type Image = ReadonlyMap<string, Uint8Array>

export function readImage(folder: string): Image {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return [path.slice(folder.length + 1), readFileSync(path)]
    }),
  )
}

/** The folder holds these files afterwards and no others. */
export function writeImage(folder: string, image: Image): void {
  for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true, force: true })
  for (const [path, bytes] of image) {
    mkdirSync(dirname(join(folder, path)), { recursive: true, mode: 0o700 })
    writeFileSync(join(folder, path), bytes, { mode: 0o600 })
  }
}

type Pending = { readonly at: number; readonly data: Uint8Array } | { readonly length: number }

/** Bytes that grow in place: a database is written to a thousand times between two cuts, and is not copied each time. */
class Growing {
  #room: Uint8Array
  #length: number

  /** @param bytes stay as they are. */
  constructor(bytes: Uint8Array) {
    this.#room = bytes.slice()
    this.#length = bytes.length
  }

  apply(change: Pending): void {
    if ("length" in change) {
      this.#resize(change.length)
      return
    }
    this.#resize(Math.max(this.#length, change.at + change.data.length))
    this.#room.set(change.data, change.at)
  }

  bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length)
  }

  #resize(length: number): void {
    // What was cut off is zero when the file grows over it again.
    if (length < this.#length) this.#room.fill(0, length, this.#length)
    if (length > this.#room.length) {
      const room = new Uint8Array(Math.max(length, 2 * this.#room.length))
      room.set(this.bytes())
      this.#room = room
    }
    this.#length = length
  }
}

/** A file apart from its names: what is on the disk for sure, and what the system still holds back. */
interface Content {
  bytes: Uint8Array | Growing
  pending: Pending[]
}

type NameChange = (names: Map<string, Content>) => void

const folderOf = (path: string): string => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".")

/**
 * @param before everything in it counts as synced: it is what the machine found when it started.
 * @param chance decides what of the unsynced is there.
 */
export function afterPowerCut(before: Image, changes: readonly Change[], chance: Chance): Image {
  const synced = new Map<string, Content>([...before].map(([path, bytes]) => [path, { bytes, pending: [] }]))
  /** As running programs see them. */
  const seen = new Map(synced)
  const unsyncedNames: { readonly folder: string; readonly apply: NameChange }[] = []
  const rename = (folder: string, apply: NameChange): void => {
    apply(seen)
    unsyncedNames.push({ folder, apply })
  }
  for (const { kind, path, offset, data } of changes) {
    const content = seen.get(path)
    switch (kind) {
      case "created": {
        const made: Content = { bytes: new Uint8Array(), pending: [] }
        rename(folderOf(path), (names) => names.set(path, made))
        break
      }
      case "written":
        content?.pending.push({ at: offset, data })
        break
      case "cut":
        content?.pending.push({ length: offset })
        break
      case "synced":
        if (content) settle(content)
        else {
          const [now, later] = split(unsyncedNames, ({ folder }) => folder === path)
          for (const { apply } of now) apply(synced)
          unsyncedNames.splice(0, unsyncedNames.length, ...later)
        }
        break
      case "renamed": {
        const to = Buffer.from(data).toString()
        if (content)
          rename(folderOf(path), (names) => {
            names.delete(path)
            names.set(to, content)
          })
        break
      }
      case "linked": {
        const to = Buffer.from(data).toString()
        if (content) rename(folderOf(path), (names) => names.set(to, content))
        break
      }
      case "unlinked":
        rename(folderOf(path), (names) => names.delete(path))
        break
    }
  }
  // A journal keeps the order of names; how far it had come nobody knows.
  for (const { apply } of unsyncedNames.slice(0, chance.below(unsyncedNames.length + 1))) apply(synced)
  const mood = chance.pick(["nothing", "half", "half", "all"] as const)
  const left = new Map<Content, Uint8Array>()
  return new Map(
    [...synced].map(([path, content]) => {
      const bytes = left.get(content) ?? torn(content, mood, chance)
      left.set(content, bytes)
      return [path, bytes]
    }),
  )
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}

function settle(content: Content): void {
  if (content.pending.length === 0) return
  if (!(content.bytes instanceof Growing)) content.bytes = new Growing(content.bytes)
  for (const change of content.pending) content.bytes.apply(change)
  content.pending = []
}

/** The synced bytes, and of every later write the sectors that chance leaves. */
function torn({ bytes, pending }: Content, mood: "nothing" | "half" | "all", chance: Chance): Uint8Array {
  const synced = bytes instanceof Growing ? bytes.bytes() : bytes
  if (mood === "nothing" || pending.length === 0) return synced
  const left = new Growing(synced)
  const isThere = (): boolean => mood === "all" || chance.below(2) === 0
  for (const change of pending) {
    if ("length" in change) {
      if (isThere()) left.apply(change)
      continue
    }
    const { at, data } = change
    for (let from = at; from < at + data.length; ) {
      const until = Math.min(at + data.length, (Math.floor(from / SECTOR) + 1) * SECTOR)
      if (isThere()) left.apply({ at: from, data: data.subarray(from - at, until - at) })
      from = until
    }
  }
  return left.bytes()
}

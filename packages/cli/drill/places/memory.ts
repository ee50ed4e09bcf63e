/** A running process as somebody has it who takes a core dump: every writable page, its arguments, its environment. */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from "node:fs"

const PIECE = 16 * 1024 * 1024
/** What lies across two pieces stands whole in one of them. */
const SHARED = 64 * 1024

/** Pieces of a stretch of memory: from where, and how long. */
export function* piecesBetween(start: number, until: number): Generator<readonly [number, number]> {
  for (let at = start; at < until; at += PIECE - SHARED) {
    yield [at, Math.min(PIECE, until - at)]
    if (until - at <= PIECE) return
  }
}

/** @returns why memory can't be read here; null where it can. */
export function whyNoMemory(pid: number): string | null {
  try {
    for (const _ of memoryOf(pid)) return null
    return "the system shows no memory of its processes"
  } catch (error) {
    return error instanceof Error ? error.message : "the system does not allow it"
  }
}

/** Linux: proc(5), /proc/pid/maps, pagemap and mem. What is only read (program text) is not secret. */
export function* memoryOf(pid: number): Generator<Uint8Array> {
  const maps = readFileSync(`/proc/${pid}/maps`, "utf8")
  const memory = openSync(`/proc/${pid}/mem`, "r")
  const pagemap = openSync(`/proc/${pid}/pagemap`, "r")
  try {
    for (const line of maps.split("\n")) {
      const region = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line)
      if (!region || /\[(vvar|vsyscall)/.test(line)) continue
      const [from, end] = [Number.parseInt(region[1] ?? "", 16), Number.parseInt(region[2] ?? "", 16)]
      for (const [start, until] of presentRuns(pagemap, from, end))
        for (const [at, length] of piecesBetween(start, until)) {
          const piece = Buffer.alloc(length)
          const filled = readAt(memory, piece, at)
          if (filled > 0) yield piece.subarray(0, filled)
        }
    }
  } finally {
    closeSync(memory)
    closeSync(pagemap)
  }
}

const PAGE = 4096
/** Bytes of an entry; its two highest bits say whether the page is in memory, or swapped out. */
const ENTRY = 8
const THERE = 0xc0
/** Holes that are shorter are read along. */
const SHORT_HOLE = 16

/** A script engine reserves half a gigabyte and uses a tenth: only what is there is read. */
function* presentRuns(pagemap: number, from: number, end: number): Generator<readonly [number, number]> {
  const pages = (end - from) / PAGE
  const entries = Buffer.alloc(pages * ENTRY)
  const read = readSync(pagemap, entries, 0, entries.length, (from / PAGE) * ENTRY)
  let start = -1
  let last = -1
  for (let page = 0; page < read / ENTRY; page += 1) {
    if (((entries[page * ENTRY + ENTRY - 1] as number) & THERE) === 0) continue
    if (start >= 0 && page - last > SHORT_HOLE) {
      yield [from + start * PAGE, from + (last + 1) * PAGE]
      start = page
    }
    if (start < 0) start = page
    last = page
  }
  if (start >= 0) yield [from + start * PAGE, from + (last + 1) * PAGE]
}

/** A page that is reserved and not there ends what can be read of a region. */
function readAt(file: number, into: Buffer, at: number): number {
  let filled = 0
  while (filled < into.length) {
    try {
      const read = readSync(file, into, filled, into.length - filled, at + filled)
      if (read === 0) break
      filled += read
    } catch {
      break
    }
  }
  return filled
}

/** NUL-separated, as the system keeps them. */
export const argumentsOf = (pid: number): Uint8Array => new Uint8Array(readFileSync(`/proc/${pid}/cmdline`))
export const environmentOf = (pid: number): Uint8Array => new Uint8Array(readFileSync(`/proc/${pid}/environ`))

export const limitsOf = (pid: number): string => readFileSync(`/proc/${pid}/limits`, "utf8")

/** Devices, and the system's own files; but /dev/shm is a folder for everybody's. */
const OF_THE_SYSTEM = /^\/(dev\/(?!shm\/)|proc\/)/

/** Regular files that it has open, deleted ones too: by the name that they had and the path by which they can be read. */
export function openFilesOf(pid: number): readonly { readonly name: string; readonly path: string }[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((number) => {
    try {
      const path = `/proc/${pid}/fd/${number}`
      const name = readlinkSync(path)
      return name.startsWith("/") && !OF_THE_SYSTEM.test(name) ? [{ name, path }] : []
    } catch {
      return []
    }
  })
}

/** The ring: what an envelope on disk costs beside bare SQLite, how a ring grows, and what it costs to fill one. */
import { statSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { ENVELOPE_BYTES, LOG2_SLOTS, MAX_PUZZLE_BITS, PUZZLE_BITS } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { sha256 } from "@kunak/core/suite"
import { fillRing } from "@kunak/relay/ring/fill"
import type { RelayStore } from "@kunak/relay/store/contract"
import { sqliteStoreInWorker } from "@kunak/relay/store/sqlite/store-in-worker"
import { countCommits } from "./relay-commits.ts"
import { type Row, row } from "./row.ts"

/** Visitors whose ticks come in the same moment: 64 a moment are a million visits a day, many times over. */
const AT_ONCE = 64
/** Short turns: what the disk takes for one fsync differs tenfold from second to second. */
const SLICE_MS = 500
const SLICES = 8
const SLOTS = 16_384
const envelope = crypto.getRandomValues(new Uint8Array(ENVELOPE_BYTES))

export async function ringRows(folder: string): Promise<Row[]> {
  return [await postRow(folder), await growthRow(folder), await fillRow(folder), attackRow()]
}

const openStore = async (path: string, slots: number): Promise<RelayStore> =>
  must(await sqliteStoreInWorker(path, { keepCells: 1_024, slots }, () => {}))

async function fillWithRandom(store: RelayStore, slots: number): Promise<void> {
  const block = Array.from({ length: 512 }, () => crypto.getRandomValues(new Uint8Array(ENVELOPE_BYTES)))
  for (let from = 0; from < slots; from += 512) must(await store.fillRing(from, block))
}

async function postRow(folder: string): Promise<Row> {
  const store = await openStore(join(folder, "posts.db"), SLOTS)
  const commits = countCommits(store, "post")
  await fillWithRandom(store, SLOTS)
  const bare = bareRing(join(folder, "bare-ring.db"))
  const measure = async (
    atOnce: number,
    slices: number,
  ): Promise<{ relay: number; bare: number; batch: number }> => {
    const sum = { relay: 0, bare: 0, batch: 0 }
    for (let slice = 0; slice < slices; slice++) {
      commits.take()
      const perSecond = await postFor(store, SLICE_MS, atOnce)
      // As many to a transaction as the relay had in the same moment.
      const batch = Math.max(1, Math.round((perSecond * SLICE_MS) / 1_000 / commits.take()))
      sum.relay += perSecond
      sum.bare += bare.overwriteFor(SLICE_MS, batch)
      sum.batch += batch
    }
    return { relay: sum.relay / slices, bare: sum.bare / slices, batch: Math.round(sum.batch / slices) }
  }
  await measure(AT_ONCE, 1)
  const [few, many, most] = [await measure(8, 4), await measure(AT_ONCE, SLICES), await measure(256, 4)]
  bare.close()
  await store.close()
  const share = (at: typeof few): string =>
    `${Math.round(at.relay)} (${Math.round((100 * at.relay) / at.bare)} %)`
  return row({
    id: "relay.ring-post",
    what: `envelopes of 4 KiB on disk, ${AT_ONCE} visitors at once, each in its slot, by the relay's store`,
    value: many.relay,
    unit: "envelopes/s",
    beside: `bare node:sqlite, as many updates to a transaction as the relay had (${many.batch}), the same fsync`,
    besideValue: many.bare,
    goal: 0.7,
    direction: "higher is better",
    slope: `With 8, 64, 256 at once: ${share(few)}, ${share(many)}, ${share(most)} envelopes/s (of the bare database). A bare transaction took ${((1_000 * many.batch) / many.bare).toFixed(2)} ms: the slower a disk syncs, the larger is the share (70 % at 2 ms).`,
  })
}

/** @returns envelopes a second, each answered before its visitor sends the next. */
async function postFor(store: RelayStore, ms: number, atOnce: number): Promise<number> {
  const started = performance.now()
  let count = 0
  const visitor = async (): Promise<void> => {
    while (performance.now() - started < ms) {
      const position = must(await store.post(envelope))
      count++
      if (position % 256 === 0) must(await store.acknowledge(position))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, visitor))
  return (count * 1_000) / (performance.now() - started)
}

/** The same table, page size, journal and fsync as the relay's, without the relay. */
function bareRing(path: string): {
  overwriteFor: (ms: number, batch: number) => number
  close: () => void
} {
  const db = new DatabaseSync(path)
  db.exec(`
    pragma page_size = 32768;
    pragma secure_delete = on;
    pragma locking_mode = exclusive;
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma wal_autocheckpoint = 256;
    create table ring (slot integer primary key, envelope blob not null) strict;
    create table state (head integer not null) strict;
    insert into state values (0);
    begin;
  `)
  const insert = db.prepare("insert into ring values (?, ?)")
  for (let slot = 0; slot < SLOTS; slot++) insert.run(slot, envelope)
  db.exec("commit")
  const overwrite = db.prepare("update ring set envelope = ? where slot = ?")
  const setHead = db.prepare("update state set head = ?")
  let head = 0
  return {
    overwriteFor: (ms, batch) => {
      const before = head
      const started = performance.now()
      while (performance.now() - started < ms) {
        db.exec("begin immediate")
        for (let i = 0; i < batch; i++) overwrite.run(envelope, head++ % SLOTS)
        setHead.run(head)
        db.exec("commit")
      }
      return ((head - before) * 1_000) / (performance.now() - started)
    },
    close: () => db.close(),
  }
}

/** A lap of posts in rings of 1, 10 and 100 times the slots: neither file nor time of a post may grow with the ring. */
async function growthRow(folder: string): Promise<Row> {
  const sizes = [1_024, 10_240, 102_400]
  const measured: { readonly bytes: number; readonly perSecond: number; readonly grew: number }[] = []
  for (const slots of sizes) {
    const path = join(folder, `ring-${slots}.db`)
    let store = await openStore(path, slots)
    await fillWithRandom(store, slots)
    await store.close()
    const before = statSync(path).size
    store = await openStore(path, slots)
    const perSecond = await postFor(store, 2_000, AT_ONCE)
    await store.close()
    measured.push({ bytes: before / slots, perSecond, grew: statSync(path).size - before })
  }
  const [one, , hundred] = measured
  const list = (pick: (at: (typeof measured)[number]) => string): string => measured.map(pick).join(", ")
  return row({
    id: "relay.ring-growth",
    what: "posts a second into a ring of 102,400 slots",
    value: hundred?.perSecond ?? 0,
    unit: "envelopes/s",
    beside: "the same into a ring of 1,024 slots",
    besideValue: one?.perSecond ?? 0,
    goal: 0.5,
    direction: "higher is better",
    slope: `With 1,024, 10,240, 102,400 slots: ${list((at) => String(Math.round(at.perSecond)))} envelopes/s; ${list((at) => (at.bytes / 1_024).toFixed(2))} KiB of disk a slot; grown by ${list((at) => String(at.grew))} bytes after laps of posts.`,
  })
}

/** What a relay's operator waits for at its first start. */
async function fillRow(folder: string): Promise<Row> {
  const slots = 8_192
  const store = await openStore(join(folder, "fill.db"), slots)
  const started = performance.now()
  must(await fillRing(store, new Uint8Array(32) as never, () => {}))
  const seconds = (performance.now() - started) / 1_000
  await store.close()
  const whole = (seconds * 2 ** LOG2_SLOTS) / slots
  return row({
    id: "relay.ring-fill",
    what: `the first fill of ${(2 ** LOG2_SLOTS).toLocaleString("en")} slots with true seals, from ${slots.toLocaleString("en")} measured, all processors`,
    value: whole,
    unit: "s",
    beside: null,
    besideValue: null,
    goal: 120,
    direction: "lower is better",
    slope: `${((seconds * 1e6) / slots).toFixed(0)} µs a slot, whatever the ring's size.`,
  })
}

/** Puzzles for a whole ring, solved as fast as this machine hashes: what a flood costs who makes it. */
function attackRow(): Row {
  const input = crypto.getRandomValues(new Uint8Array(121))
  const started = performance.now()
  let hashes = 0
  while (performance.now() - started < 1_000) {
    for (let i = 0; i < 1_000; i++) sha256(input)
    hashes += 1_000
  }
  const perSecond = (hashes * 1_000) / (performance.now() - started)
  const coreHours = (bits: number): number => (2 ** bits * 2 ** LOG2_SLOTS) / perSecond / 3_600
  return row({
    id: "relay.ring-attack",
    what: `core-hours of hashing, in JavaScript as here, to fill a ring of ${(2 ** LOG2_SLOTS).toLocaleString("en")} slots at ${PUZZLE_BITS} bits`,
    value: coreHours(PUZZLE_BITS),
    unit: "core-hours",
    beside: null,
    besideValue: null,
    goal: null,
    direction: "higher is better",
    slope: `${Math.round(perSecond).toLocaleString("en")} hashes a second and core. At ${PUZZLE_BITS - 4}, ${PUZZLE_BITS}, ${MAX_PUZZLE_BITS} bits: ${[PUZZLE_BITS - 4, PUZZLE_BITS, MAX_PUZZLE_BITS].map((bits) => coreHours(bits).toPrecision(3)).join(", ")} core-hours; a graphics card hashes some ten thousand times as fast. Between two acknowledgements, as long as desks keep up: a flood slower than that, for days, is in THREAT_MODEL.md.`,
  })
}

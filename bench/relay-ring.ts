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
import { median, type Row, row } from "./row.ts"

/** Visitors at once: as many as keep a store at work, two bundles on their way and two that gather (`store/post-bundle.ts`). */
const AT_ONCE = 512
/**
 * The same work for both, in turns: what one writes more than the other, the disk would still be busy with while the other is
 * measured; and what it takes for one fsync differs tenfold from second to second.
 */
const TURNS = 16
const TURN_ENVELOPES = 16_384
/** Each another one, as visitors' are. */
const envelopes = Array.from({ length: 1_024 }, () => crypto.getRandomValues(new Uint8Array(ENVELOPE_BYTES)))
const envelopeOf = (count: number): Uint8Array => envelopes[count % envelopes.length] as Uint8Array
const SLOTS = 16_384

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
  const commits = countCommits(store, "postAll")
  await fillWithRandom(store, SLOTS)
  const bare = bareRing(join(folder, "bare-ring.db"))
  const measure = async (atOnce: number, envelopesEach = TURN_ENVELOPES): Promise<Measured> => {
    const turns: Measured[] = []
    let batch = atOnce
    for (let turn = 0; turn < TURNS; turn++) {
      const byRelay = async (): Promise<number> => {
        commits.take()
        const seconds = await postAll(store, envelopesEach, atOnce)
        // As many to a transaction as the relay had.
        batch = Math.max(1, Math.round(envelopesEach / commits.take()))
        return envelopesEach / seconds
      }
      const byBare = (): number => envelopesEach / bare.overwrite(envelopesEach, batch)
      const isFirst = turn % 2 === 0
      const relayFirst = isFirst ? await byRelay() : 0
      const bareRate = byBare()
      turns.push({ relay: isFirst ? relayFirst : await byRelay(), bare: bareRate, batch })
    }
    const middle = (pick: (turn: Measured) => number): number => median(turns.map(pick))
    return {
      relay: middle(({ relay }) => relay),
      bare: middle(({ bare }) => bare),
      batch: middle(({ batch }) => batch),
    }
  }
  await measure(AT_ONCE)
  const [few, some, many, most] = [
    await measure(8, TURN_ENVELOPES / 8),
    await measure(64),
    await measure(256),
    await measure(AT_ONCE),
  ]
  bare.close()
  await store.close()
  const share = (at: Measured): string =>
    `${Math.round(at.relay)} (${Math.round((100 * at.relay) / at.bare)} %)`
  return row({
    id: "relay.ring-post",
    what: `envelopes of 4 KiB on disk, ${AT_ONCE} visitors at once, each in its slot, by the relay's store`,
    value: most.relay,
    unit: "envelopes/s",
    beside: `bare node:sqlite, as many updates to a transaction as the relay had (${most.batch}), the same fsync`,
    besideValue: most.bare,
    goal: 0.7,
    direction: "higher is better",
    slope: `With 8, 64, 256, ${AT_ONCE} at once: ${share(few)}, ${share(some)}, ${share(many)}, ${share(most)} envelopes/s (of the bare database, ${few.batch}, ${some.batch}, ${many.batch}, ${most.batch} to a transaction of ${transactionMs(few)}, ${transactionMs(some)}, ${transactionMs(many)}, ${transactionMs(most)} ms). Few visitors wait for the waking of two threads, which takes as long as half a sync of this disk.`,
  })
}

interface Measured {
  readonly relay: number
  readonly bare: number
  readonly batch: number
}

const transactionMs = ({ bare, batch }: Measured): string => ((1_000 * batch) / bare).toFixed(2)

/** Each visitor has the answer before it sends the next. @returns seconds that it took. */
async function postAll(store: RelayStore, count: number, atOnce: number): Promise<number> {
  const started = performance.now()
  let left = count
  const visitor = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const position = must(await store.post(envelopeOf(left)))
      if (position % 256 === 0) must(await store.acknowledge(position))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, visitor))
  return (performance.now() - started) / 1_000
}

/** The same table, page size, journal and fsync as the relay's, without the relay. `overwrite` returns the seconds that it took. */
function bareRing(path: string): {
  overwrite: (count: number, batch: number) => number
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
  for (let slot = 0; slot < SLOTS; slot++) insert.run(slot, envelopeOf(slot))
  db.exec("commit")
  const overwrite = db.prepare("update ring set envelope = ? where slot = ?")
  const setHead = db.prepare("update state set head = ?")
  let head = 0
  return {
    overwrite: (count, batch) => {
      const started = performance.now()
      for (let done = 0; done < count; ) {
        db.exec("begin immediate")
        for (let i = 0; i < batch && done < count; i++, done++)
          overwrite.run(envelopeOf(head), head++ % SLOTS)
        setHead.run(head)
        db.exec("commit")
      }
      return (performance.now() - started) / 1_000
    },
    close: () => db.close(),
  }
}

const LAP_ENVELOPES = 204_800
/** A million visits a day, many times over. */
const GROWTH_AT_ONCE = 64

/** Laps of posts in rings of 1, 10 and 100 times the slots: neither file nor time of a post may grow with the ring. */
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
    const perSecond = LAP_ENVELOPES / (await postAll(store, LAP_ENVELOPES, GROWTH_AT_ONCE))
    await store.close()
    measured.push({ bytes: before / slots, perSecond, grew: statSync(path).size - before })
  }
  const [one, , hundred] = measured
  const list = (pick: (at: (typeof measured)[number]) => string): string => measured.map(pick).join(", ")
  return row({
    id: "relay.ring-growth",
    what: `posts a second into a ring of 102,400 slots, ${GROWTH_AT_ONCE} visitors at once`,
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

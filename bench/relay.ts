/** What a relay costs on top of the server and the database that it is made of. */
import { mkdtempSync, rmSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { Worker } from "node:worker_threads"
import { concatBytes } from "@kunak/core/bytes/equal"
import { encodePackage } from "@kunak/core/edition/package"
import { signTermGrant } from "@kunak/core/edition/term"
import { LOG_APPEND_CELLS, LOG_CELL_BYTES } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { makeEdition, makeOrganisation, SAMPLE_NOW, sampleBoard } from "@kunak/core/testing/organisation"
import { type App, createApp } from "@kunak/relay/app"
import { bearer, capabilityHash } from "@kunak/relay/capability"
import { httpServer } from "@kunak/relay/http/server"
import { httpSettings } from "@kunak/relay/http/settings"
import { fillRing } from "@kunak/relay/ring/fill"
import type { RelayStore } from "@kunak/relay/store/contract"
import { sqliteStoreInWorker } from "@kunak/relay/store/sqlite/store-in-worker"
import { type Commits, countCommits } from "./relay-commits.ts"
import { lookUpRows } from "./relay-lookups.ts"
import { ringRows } from "./relay-ring.ts"
import { wireRows } from "./relay-wire.ts"
import { median, type Row, row } from "./row.ts"

const ROUNDS = 5
const ROUND_MS = 800
/** About what the page with five warnings weighs, uncompressed. */
const PAGE_BYTES = 60_000
const capability = new Uint8Array(32).fill(1)

export async function relayBench(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "kunak-bench-"))
  const settings = { keepCells: 4_096, slots: 1_024 }
  const store = must(await sqliteStoreInWorker(join(folder, "relay.db"), settings, () => {}))
  try {
    must(await fillRing(store, new Uint8Array(32) as never, () => {}))
    const commits = countCommits(store, "append")
    const app = await publishedApp(store)
    return [
      await requestsRow(app),
      await appendRow(app, folder, commits),
      ...(await wireRows(app)),
      ...lookUpRows(),
      ...(await ringRows(folder)),
    ]
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A relay that serves one edition. */
async function publishedApp(store: RelayStore): Promise<App> {
  const organisation = await makeOrganisation()
  const hashes = [capabilityHash(capability)]
  const app = createApp({
    chain: organisation.chain,
    store,
    capabilities: { publish: hashes, read: hashes, append: hashes, acknowledge: hashes },
    termKey: null,
    now: () => SAMPLE_NOW,
    clockMs: () => performance.now(),
    report: () => {},
  })
  const { header, bulletinBytes } = await makeEdition(organisation)
  const text = (words: string): Uint8Array => new TextEncoder().encode(words)
  const page = text(
    Array.from({ length: PAGE_BYTES / 8 }, (_, i) => (i * 7_919).toString(36).padEnd(8)).join(""),
  )
  const files = [
    { name: "page.web.html", bytes: page },
    { name: "page.onion.html", bytes: page },
    { name: "feed.atom", bytes: text("<feed/>") },
    { name: "bulletin", bytes: bulletinBytes },
    { name: "board", bytes: sampleBoard().bytes },
  ]
  const grant = await signTermGrant(1, organisation.duties[0].publicKey, organisation.relayA)
  const body = concatBytes(grant, encodePackage({ header, files }))
  const { status } = await app({
    method: "POST",
    target: "/publish",
    host: "",
    acceptEncoding: "",
    authorization: bearer(capability),
    readBody: async () => ({ ok: true, value: body }),
  })
  if (status !== 200) throw new Error(`the edition was not taken: ${status}`)
  return app
}

async function requestsRow(app: App): Promise<Row> {
  const bare = await bareServer(app)
  const relay = httpServer(app, httpSettings)
  const ports = { relay: await portOf(relay), bare: await portOf(bare) }
  const perSecond = async (connections: number, rounds: number): Promise<{ relay: number; bare: number }> => {
    const measured = { relay: [] as number[], bare: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      // In turns, so that a busy moment of the machine meets both.
      for (const name of ["relay", "bare"] as const) {
        const { perSecond: answers } = await run({
          kind: "get",
          port: ports[name],
          connections,
          ms: ROUND_MS,
        })
        measured[name].push(answers)
      }
    }
    return { relay: median(measured.relay), bare: median(measured.bare) }
  }
  await perSecond(10, 1)
  const [one, ten, hundred] = [await perSecond(1, 3), await perSecond(10, ROUNDS), await perSecond(100, 3)]
  for (const server of [relay, bare]) {
    server.close()
    server.closeAllConnections()
  }
  const share = (at: typeof one): string =>
    `${Math.round(at.relay)} (${Math.round((100 * at.relay) / at.bare)} %)`
  return row({
    id: "relay.requests",
    what: "the page (brotli) and the header, in turns, over 10 kept connections",
    value: ten.relay,
    unit: "requests/s",
    beside: "a bare node:http server that sends the same bytes",
    besideValue: ten.bare,
    goal: 0.7,
    direction: "higher is better",
    slope: `With 1, 10, 100 connections: ${share(one)}, ${share(ten)}, ${share(hundred)} requests/s (of the bare server).`,
  })
}

/** Node's server with the relay's own answers, made beforehand. */
async function bareServer(app: App): Promise<Server> {
  const [page, header] = await Promise.all(
    ["/", "/header"].map((target) =>
      app({
        method: "GET",
        target,
        host: "localhost",
        acceptEncoding: "br",
        authorization: "",
        readBody: async () => ({ ok: true, value: new Uint8Array() }),
      }),
    ),
  )
  if (!page || !header) throw new Error("no answers")
  return createServer((request, response) => {
    const { headers, body } = request.url === "/" ? page : header
    response.writeHead(200, { ...headers, "Content-Length": body.length })
    response.end(body)
  })
}

/** Appends on their way at once: half of them wait while the disk does its work for the others. */
const APPENDS_AHEAD = 8
/** The same work for all three, in turns: what one writes more than another, the disk would still be busy with. */
const TURNS = 12
const TURN_APPENDS = 256

interface Appended {
  readonly relay: number
  readonly server: number
  readonly database: number
  readonly batch: number
}

async function appendRow(app: App, folder: string, commits: Commits): Promise<Row> {
  const relay = httpServer(app, httpSettings)
  const server = appendServer(bareLog(join(folder, "bare-server.db")))
  const ports = { relay: await portOf(relay), server: await portOf(server) }
  const database = bareLog(join(folder, "bare.db"))
  const heads = { relay: 0, server: 0 }
  const overHttp = async (name: "relay" | "server", cells: number): Promise<number> => {
    const appends = TURN_APPENDS
    const work = {
      kind: "append",
      port: ports[name],
      cells,
      head: heads[name],
      ahead: APPENDS_AHEAD,
      appends,
    } as const
    const { perSecond, next } = await run(work)
    heads[name] = next
    return perSecond
  }
  const measure = async (cells: number): Promise<Appended> => {
    const turns: Appended[] = []
    for (let turn = 0; turn < TURNS; turn++) {
      commits.take()
      const byRelay = await overHttp("relay", cells)
      // As many to a transaction as the relay had in the same moment.
      const batch = Math.round((TURN_APPENDS * cells) / commits.take())
      const byServer = await overHttp("server", cells)
      turns.push({
        relay: byRelay,
        server: byServer,
        database: perSecondOf(database, TURN_APPENDS * cells, batch),
        batch,
      })
    }
    const middle = (name: keyof Appended): number => median(turns.map((turn) => turn[name]))
    return {
      relay: middle("relay"),
      server: middle("server"),
      database: middle("database"),
      batch: middle("batch"),
    }
  }
  await measure(LOG_APPEND_CELLS)
  const [one, four, all] = [await measure(1), await measure(4), await measure(LOG_APPEND_CELLS)]
  for (const each of [relay, server]) {
    each.close()
    each.closeAllConnections()
  }
  const share = (at: Appended): string =>
    `${Math.round(at.relay)} (${Math.round((100 * at.relay) / at.server)} %, ${Math.round((100 * at.relay) / at.database)} % of the database alone)`
  return row({
    id: "relay.log-append",
    what: `cells of 4 KiB on disk, ${LOG_APPEND_CELLS} to an append, over HTTP with compare-and-swap`,
    value: all.relay,
    unit: "cells/s",
    beside:
      "a bare node:http server that writes the same bodies into bare node:sqlite, what came in one turn in one transaction, with the same fsync",
    besideValue: all.server,
    goal: 0.7,
    direction: "higher is better",
    slope: `With 1, 4, 16 cells to an append: ${share(one)}, ${share(four)}, ${share(all)} cells/s (of the bare server); ${one.batch}, ${four.batch}, ${all.batch} cells to a transaction, of which one takes the database alone ${((1_000 * all.batch) / all.database).toFixed(2)} ms.`,
  })
}

/** A log with nothing around it: the same table, page size, journal and fsync as the relay's. */
interface BareLog {
  /** In one transaction, with what is trimmed for them. */
  readonly insert: (cells: readonly Uint8Array[]) => void
  readonly head: () => number
}

function bareLog(path: string): BareLog {
  const db = new DatabaseSync(path)
  db.exec(`
    pragma page_size = 32768;
    pragma secure_delete = on;
    pragma locking_mode = exclusive;
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma wal_autocheckpoint = 256;
    create table log (position integer primary key, cell blob not null) strict;
  `)
  const insert = db.prepare("insert into log values (?, ?)")
  const trim = db.prepare("delete from log where position < ?")
  let position = 0
  return {
    insert: (cells) => {
      db.exec("begin immediate")
      for (const cell of cells) insert.run(position++, cell)
      trim.run(position - 4_096)
      db.exec("commit")
    },
    head: () => position,
  }
}

function perSecondOf(log: BareLog, count: number, batch: number): number {
  const cells = Array.from({ length: batch }, () => new Uint8Array(LOG_CELL_BYTES).fill(7))
  const started = performance.now()
  for (let done = 0; done < count; done += batch) log.insert(cells)
  return (count * 1_000) / (performance.now() - started)
}

/** Takes what a relay takes, without looking at it. */
function appendServer(log: BareLog): Server {
  let waiting: { readonly cells: readonly Uint8Array[]; readonly answer: (head: number) => void }[] = []
  const commit = (): void => {
    const batch = waiting
    waiting = []
    let head = log.head()
    log.insert(batch.flatMap(({ cells }) => cells))
    for (const { cells, answer } of batch) {
      head += cells.length
      answer(head)
    }
  }
  return createServer((request, response) => {
    const chunks: Uint8Array[] = []
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk))
    request.on("end", () => {
      const body = Buffer.concat(chunks)
      const count = (body.length - 9) / LOG_CELL_BYTES
      const cells = Array.from({ length: count }, (_, i) =>
        body.subarray(9 + i * LOG_CELL_BYTES, 9 + (i + 1) * LOG_CELL_BYTES),
      )
      const answer = (head: number): void => {
        const out = Buffer.alloc(8)
        out.writeBigUInt64BE(BigInt(head))
        response.writeHead(200, { "Content-Length": 8 })
        response.end(out)
      }
      if (waiting.push({ cells, answer }) === 1) setImmediate(commit)
    })
  })
}

const portOf = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port))
  })

interface Load {
  readonly kind: "get" | "append"
  readonly port: number
  /** How long, or how many appends. */
  readonly ms?: number
  readonly appends?: number
  readonly connections?: number
  readonly cells?: number
  readonly head?: number
  readonly ahead?: number
}

/** Asks from another thread. @returns answers (or cells) a second, and the log's head afterwards. */
function run(work: Load): Promise<{ readonly perSecond: number; readonly next: number }> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./relay-load.ts", import.meta.url), {
      workerData: { ...work, authorization: bearer(capability) },
    })
    worker.once("message", resolve)
    worker.once("error", reject)
  })
}

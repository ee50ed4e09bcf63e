/** A relay whose store is a real PostgreSQL: lost, and back from a backup. docs/backup.md */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { EditionId } from "@kunak/core/edition/header"
import { signTermRequest } from "@kunak/core/edition/term"
import { STRETCH_POSITIONS, STRETCH_SECONDS, stretchOf, stretchStart } from "@kunak/core/log/positions"
import { reveal, Secret } from "@kunak/core/secret"
import { signingKeyFromSeed } from "@kunak/core/suite"
import { LOG_START, LogFollower, trimmedIn } from "@kunak/duty/line/log-follower"
import { type PostgresServer, postgresServer } from "@kunak/relay/testing/postgres-server"
import { afterAll, beforeAll, expect, test } from "vitest"
import { passIntoStretch, passToStretch, type RealLine, realLine, until } from "../testing/real-line.ts"

let line: RealLine
let database: PostgresServer
beforeAll(async () => {
  ;[line, database] = await Promise.all([realLine(), postgresServer()])
})
afterAll(async () => {
  await line?.close()
  await database?.stop()
})

interface Counters {
  readonly term: number
  readonly logHead: number
  readonly ringHead: number
}
const at = (...names: readonly string[]): string => join(line.folder, ...names)
const words = (): readonly string[] => ["--passphrase-file", line.words, "--json"]
const kind = (said: string): string => (JSON.parse(said) as { error: { kind: string } }).error.kind
const relay = (name: string) => line.start("relay", "--config", at(name, "relay.json"))
const RESTORE = (): readonly string[] => ["restore", at("a.age"), "--to", at("relay-a"), ...words()]
const restore = () => line.kunak(...RESTORE())
const isAfter = (a: EditionId, b: EditionId): boolean =>
  a.term > b.term || (a.term === b.term && a.number > b.number)
const newer = (origin: string, than: EditionId | null): Promise<EditionId> =>
  until(`a newer edition at ${origin}`, async () => {
    const id = await line.edition(origin)
    return id && (!than || isAfter(id, than)) ? id : null
  })
/** A busy machine lets exchanges run out of time. */
const heard = <A extends { readonly ok: boolean }>(what: string, ask: () => Promise<A>) =>
  until(what, async () => {
    const answer = await ask()
    return answer.ok ? (answer as A & { ok: true }) : null
  })

function sql(query: string): string {
  const asked = spawnSync("psql", ["-h", database.folder, "-U", "relay", "-Atqc", query, "postgres"], {
    encoding: "utf8",
  })
  if (asked.status !== 0) throw new Error(asked.stderr)
  return asked.stdout.trim()
}
/** All that the database held is gone. */
const lose = (): string => sql("drop schema public cascade; create schema public")

test("[BU10] relay A on PostgreSQL, lost and restored twice from one backup, gives no term, position or edition again", async () => {
  const [originA, originB] = line.origins
  const config = JSON.parse(await readFile(at("relay-a", "relay.json"), "utf8")) as object
  const store = { kind: "postgres", url: database.url }
  await writeFile(at("relay-a", "relay.json"), JSON.stringify({ ...config, store }))
  let a = relay("relay-a")
  relay("relay-b")
  line.start("duty", "--dir", at("duty-1"))
  await newer(originA, null)
  // Unlike a file, a database lets the backup read while the relay goes on.
  const taken = await line.kunak(
    "backup",
    "relay",
    at("relay-a", "relay.json"),
    "--to",
    at("a.age"),
    ...words(),
  )
  expect([taken.code, taken.error]).toEqual([0, ""])

  // Since then: cells, editions, another term, and what desks read of all that.
  const officer = line.ceremony.officers[0]
  if (!officer) throw new TypeError("no officer")
  const [deskA, deskB] = line.clients(officer)
  const second = await line.enrolment("duty-2")
  const [dutyA] = line.clients(second)
  const log = new LogFollower({
    organisationId: line.ceremony.chain.organisationId,
    keys: { line: new Secret(reveal(officer.lineKey).slice()), staff: null as never },
    random: line.random,
  })
  const key = signingKeyFromSeed("duty", reveal((second as unknown as { seed: Secret<Uint8Array> }).seed))
  const granted = await until("a term for duty 2", async () => {
    const known = await line.edition(originB)
    if (!known) return null
    const answer = await dutyA.requestTerm(await signTermRequest(key, known.term))
    return answer.ok ? known.term + 1 : null
  })
  const before = await until("an edition under duty 1's newer term", async () => {
    const id = await line.edition(originB)
    return id && id.term > granted ? id : null
  })
  const seen = await heard("the log", () => log.catchUp(deskA, LOG_START))
  await until("the mirror", async () => {
    const mirrored = await deskB.readLog(0, 0)
    return mirrored.ok && mirrored.value.head >= seen.value.place.position
  })
  const ring = await heard("the ring", () => deskA.readRing(0, 1))

  await line.end(a, "SIGKILL")
  await rm(at("relay-a"), { recursive: true })
  // A database that still holds a store is not written over: a relay could go on with both.
  const held = await restore()
  expect([held.code, kind(held.error)]).toEqual([2, "not-new"])
  await database.kill()
  const away = await restore()
  expect([away.code, kind(away.error)]).toEqual([3, "store"])
  await database.start()
  expect(existsSync(at("relay-a"))).toBe(false)

  let known: Counters = { term: before.term, logHead: seen.value.place.position, ringHead: ring.value.head }
  let newest = before
  for (const time of ["once", "twice"]) {
    lose()
    // Killed when the ring is full and its stretch has not begun: what is half made is taken on.
    passIntoStretch(line)
    const killed = line.start(...RESTORE())
    await until("a dummy in the new ring", async () => {
      const tables = sql("select count(*) from pg_tables where tablename = 'relay_ring'")
      return tables === "1" && Number(sql("select count(*) from relay_ring")) > 0
    })
    await line.end(killed, "SIGKILL")
    expect([killed.signalCode, existsSync(at("relay-a"))], time).toEqual(["SIGKILL", false])
    passToStretch(line)
    const restored = await restore()
    expect([restored.code, restored.error], time).toEqual([0, ""])
    const { counters } = JSON.parse(restored.out) as { counters: Counters }
    const stretch = stretchOf(counters.logHead)
    expect(counters, time).toEqual({
      term: stretch * STRETCH_SECONDS,
      logHead: stretchStart(stretch) + 1,
      ringHead: stretchStart(stretch),
    })
    expect(counters.term).toBeGreaterThan(known.term)
    expect(counters.logHead).toBeGreaterThanOrEqual(known.logHead + STRETCH_POSITIONS)
    expect(counters.ringHead).toBeGreaterThanOrEqual(known.ringHead + STRETCH_POSITIONS)
    expect((await readdir(at("relay-a"))).sort()).toEqual(["charter.kunak", "relay.json", "term.key"])
    expect(JSON.parse(await readFile(at("relay-a", "relay.json"), "utf8"))).toMatchObject({ store })
    expect(sql("select term, head from relay_state")).toBe(`${counters.term}|${counters.logHead}`)

    a = relay("relay-a")
    const after = await newer(originA, newest)
    expect(after.term, time).toBeGreaterThan(counters.term)
    expect((await newer(originB, newest)).term).toBe(after.term)
    for (const used of [0, seen.value.place.position, known.logHead]) {
      const answer = await until("an answer to an append", async () => {
        const heardOf = await deskA.appendLog(used, [line.random(4_096)])
        return heardOf.ok || heardOf.error.kind !== "relay-down" ? heardOf : null
      })
      expect(answer, time).toMatchObject({ ok: false, error: { kind: "stale-head" } })
    }
    const rings = await heard("the new ring", () => deskA.readRing(known.ringHead, 64))
    expect([rings.value.head, rings.value.acknowledged], time).toEqual([counters.ringHead, counters.ringHead])
    // A desk reads on over the gap, and misses nothing that relay B has.
    const read = await heard("the log over the gap", () => log.catchUp(deskA, seen.value.place, deskB))
    expect(trimmedIn(read.value.gaps), time).toBe(0)
    expect(read.value.place.position).toBeGreaterThan(counters.logHead)
    await line.end(a, "SIGKILL")
    await rm(at("relay-a"), { recursive: true })
    known = { ...counters, term: after.term }
    newest = after
  }
}, 1_800_000)

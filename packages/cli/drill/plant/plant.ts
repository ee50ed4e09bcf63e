/** How each planted leak comes about: in a program that is loaded with a fault, in somebody's browser, or on a disk. */
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { request } from "node:http"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { encodeScsu } from "@kunak/core/text/scsu"
import { withOpenCopy } from "../canaries/open-copy.ts"
import { type TypedWords, wordsOf } from "../canaries/typed.ts"
import type { Wire } from "../places/wire.ts"
import { transliterations } from "../search/transliterate.ts"
import { VAULT } from "../week/officer.ts"
import type { Machine } from "../week/organisation.ts"
import type { Faults, Week } from "../week/week.ts"
import type { LeakName } from "./leaks.ts"

const FAULTY = fileURLToPath(new URL("faulty.ts", import.meta.url))

/** What a program of each machine is made to do wrongly. */
function faultsOf(
  leaks: ReadonlySet<LeakName>,
  machine: Machine,
  typed: TypedWords,
  scratch: string,
): object {
  const when = (leak: LeakName, on: Machine, fault: object): object =>
    leaks.has(leak) && machine === on ? fault : {}
  return {
    ...when("log-line", "relay-a", { logAddresses: true }),
    ...when("moment-in-log", "relay-a", { logMoments: true }),
    ...when("relay-counts", "relay-a", { countIn: join(scratch, "relay-a", "kunak", "visits") }),
    ...when("relay-remembers", "relay-b", { remembers: wordsOf(typed, "reply") }),
    ...when("core-dump", "duty-1", { remembers: wordsOf(typed, "second letter") }),
    ...when("cores-allowed", "relay-b", { allowsCores: true }),
    ...when("file-left-elsewhere", "desk-2", {
      closedElsewhere: { path: "/dev/shm/export.csv", text: wordsOf(typed, "name given to a conversation") },
    }),
    ...when("third-address", "duty-1", { connectsTo: "198.51.100.7" }),
    ...when("datagram", "relay-a", { sendsTo: "203.0.113.9" }),
    ...when("name-asked", "desk-1", { asksFor: "counter.example" }),
    ...when("answer-differs", "relay-b", { answersLonger: 16 }),
    ...when("name-in-latin", "duty-2", {
      says: transliterations(typed["name given to a conversation"].russian)[0],
    }),
    ...when("temporary-file", "desk-2", { temporary: wordsOf(typed, "check answer") }),
    ...when("file-elsewhere", "desk-1", {
      elsewhere: { path: join(scratch, "elsewhere"), text: wordsOf(typed, "check question") },
    }),
  }
}

export const plantInPrograms =
  (leaks: ReadonlySet<LeakName>, scratch: string) =>
  (typed: TypedWords): Faults => ({
    of: (machine) => {
      const faults = faultsOf(leaks, machine, typed, scratch)
      const path = join(scratch, `faults-of-${machine}.json`)
      const isFaulty = Object.keys(faults).length > 0
      if (isFaulty) writeFileSync(path, JSON.stringify(faults), { mode: 0o600 })
      const title = `--title=${wordsOf(typed, "note on a conversation").replace(" ", "-")}`
      return {
        nodeArguments: [
          ...(isFaulty ? ["--import", FAULTY] : []),
          ...(leaks.has("argument") && machine === "duty-2" ? [title] : []),
        ],
        environment: {
          ...(isFaulty ? { KUNAK_DRILL_FAULTS: path } : {}),
          ...(leaks.has("environment") && machine === "desk-2"
            ? { PASSPHRASE: wordsOf(typed, "passphrase of desk 2") }
            : {}),
        },
      }
    },
    inPage: (where, _, { words, shown }) => {
      const leak = where === "phone" ? "browser-profile" : "firefox-profile"
      const text = where === "phone" ? "second letter" : "letter of a deleted conversation"
      const keep = (store: "localStorage" | "sessionStorage", name: string, value: string): string =>
        `${store}.setItem(${JSON.stringify(name)}, ${JSON.stringify(value)})`
      return [
        ...(leaks.has(leak) ? [keep("localStorage", "draft", wordsOf(typed, text))] : []),
        ...(leaks.has("phrase-in-storage") && where === "phone"
          ? [keep("localStorage", "words", JSON.stringify(words))]
          : []),
        // The value of the field, as a browser keeps it that brings a session back.
        ...(leaks.has("phrase-in-field") && where === "phone"
          ? [keep("sessionStorage", "ask-phrase", shown)]
          : []),
        "localStorage.length + sessionStorage.length",
      ].join("; ")
    },
  })

/** While the relays still run: what a careless page or program would send. */
export async function plantOnWire(
  leaks: ReadonlySet<LeakName>,
  { typed, organisation }: Week,
): Promise<void> {
  const send = async (at: 0 | 1, path: string, body: Uint8Array): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${organisation.wires[at].port}${path}`, {
      method: "POST",
      body: Buffer.from(body),
    })
    await answer.arrayBuffer()
  }
  // As long as its text: a tick has two lengths, and this is neither.
  if (leaks.has("unpadded-length")) await send(0, "/tick", new Uint8Array(163 + 17))
  // A header that one visitor of a browser sends, and the others do not.
  if (leaks.has("head-differs")) await sendMarked(organisation.wires[0], typed)
  if (leaks.has("wire-packet"))
    await send(1, "/letter", gzipSync(JSON.stringify({ letter: wordsOf(typed, "first letter") })))
}

async function sendMarked(wire: Wire, typed: TypedWords): Promise<void> {
  const like = wire
    .messages()
    .find(
      ({ start, headers }) =>
        start.startsWith("POST /tick") &&
        headers.some((line) => line.includes(typed["browser of a visitor"].latin)),
    )
  if (!like) return
  const headers = [...like.headers, "X-Thread: 1"].map((line): [string, string] => {
    const at = line.indexOf(":")
    return [line.slice(0, at), line.slice(at + 1).trim()]
  })
  await new Promise<void>((done) => {
    const asking = request(
      { port: wire.port, path: "/tick", method: "POST", headers: headers.flat() },
      (answer) => {
        answer.resume().on("end", done)
      },
    )
    asking.on("error", () => done())
    asking.end(like.body)
  })
}

/** In duty's memory, before it is seized: what only officers may have. */
export function plantAtDuty(leaks: ReadonlySet<LeakName>, { programs, harvests }: Week): void {
  if (!leaks.has("duty-has-seeds")) return
  const path = join(programs["duty-1"].place.folder, "kunak", "memory.json")
  const seeds = harvests
    .flat()
    .flatMap(({ keys }) => keys)
    .filter(({ field }) => field === "vault.intake_seed.seed")
    .map(({ value }) => Buffer.from(value as Uint8Array).toString("base64"))
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), seeds }))
}

/** On disks, once all programs have ended and before anybody looks. */
export async function plantOnDisks(
  leaks: ReadonlySet<LeakName>,
  { typed, programs, officers, people }: Week,
  scratch: string,
  now: number,
): Promise<void> {
  const inside = (machine: Machine, ...path: string[]): string =>
    join(programs[machine].place.folder, "kunak", ...path)
  if (leaks.has("timestamp")) {
    const database = new DatabaseSync(inside("relay-b", "relay.db"))
    database.exec("alter table ring add column posted integer")
    database.prepare("update ring set posted = ? where slot < 20").run(Math.floor(now / 1000))
    database.close()
  }
  if (leaks.has("backup-file"))
    writeFileSync(
      inside("desk-1", "backup.json.gz"),
      gzipSync(JSON.stringify({ label: wordsOf(typed, "name given to a conversation") })),
    )
  if (leaks.has("duty-keeps-texts"))
    writeFileSync(
      inside("duty-1", "kept.json"),
      JSON.stringify({ part: Buffer.from(encodeScsu(wordsOf(typed, "reply")) ?? []).toString("base64") }),
    )
  const weekKey = people.find(({ field }) => field.startsWith("week key"))?.value as Uint8Array
  if (leaks.has("key-in-log"))
    appendFileSync(
      join(programs["desk-2"].place.folder, "log", "desk-2.err"),
      `key ${Buffer.from(weekKey).toString("hex")}\n`,
    )
  if (leaks.has("vault-wal")) plantLog(inside("desk-2", "officer.vault.next-wal"), typed, scratch)
  if (leaks.has("free-pages"))
    await plantInFreePages(join(officers[0].place.folder, VAULT), officers[0].passphrase, typed, scratch)
  if (leaks.has("cut-log"))
    await plantCutLog(join(officers[1].place.folder, VAULT), officers[1].passphrase, typed, scratch)
}

/** A write-ahead log of the vault that held a row which was deleted, cut off: its blocks are given back as they are. */
async function plantCutLog(
  vault: string,
  passphrase: string,
  typed: TypedWords,
  scratch: string,
): Promise<void> {
  await withOpenCopy(vault, passphrase, scratch, (database, copy) => {
    database
      .prepare("insert into setting (name, value) values ('planted', ?)")
      .run(wordsOf(typed, "note on a deleted conversation"))
    database.prepare("delete from setting where name = 'planted'").run()
    writeFileSync(`${vault}-wal`, readFileSync(`${copy}-wal`), { flush: true })
    truncateSync(`${vault}-wal`)
    rmSync(`${vault}-wal`)
  })
}

/** The write-ahead log of a database that somebody forgot to encrypt. */
function plantLog(path: string, typed: TypedWords, scratch: string): void {
  const file = join(mkdtempSync(join(scratch, "plain-")), "vault")
  const database = new DatabaseSync(file)
  database.exec("pragma journal_mode = wal; create table message (text text)")
  database.prepare("insert into message values (?)").run(wordsOf(typed, "first letter"))
  copyFileSync(`${file}-wal`, path)
  database.close()
}

/** A row that is deleted by a connection which does not overwrite what it deletes. */
export async function plantInFreePages(
  vault: string,
  passphrase: string,
  typed: TypedWords,
  scratch: string,
): Promise<void> {
  await withOpenCopy(vault, passphrase, scratch, (database, copy) => {
    database.pragma("secure_delete = OFF")
    const name = wordsOf(typed, "letter of a deleted conversation")
    database.prepare("insert into setting (name, value) values ('planted', ?)").run(`${name} `.repeat(300))
    database.prepare("delete from setting where name = 'planted'").run()
    database.pragma("wal_checkpoint(TRUNCATE)")
    database.close()
    copyFileSync(copy, vault)
    // The copy holds it already; played in once more, an old log would cut off the pages that came after it.
    for (const beside of ["-wal", "-shm"]) rmSync(`${vault}${beside}`, { force: true })
  })
}

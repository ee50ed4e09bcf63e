/** A whole organisation on this machine: two relays, two duties, two desks, each a process with a folder, and the wires between them. */
import { randomBytes } from "node:crypto"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { found } from "@kunak/cli/ceremony/ceremony"
import { writeCeremony } from "@kunak/cli/ceremony/files"
import { demoDescription, QUICK_RHYTHM } from "@kunak/cli/demo/description"
import { freePorts } from "@kunak/cli/demo/ports"
import { makeDemoVault } from "@kunak/cli/demo/vault"
import { toHex } from "@kunak/core/bytes/hex"
import type { CharterChain } from "@kunak/core/charter/charter"
import { decodeHeader } from "@kunak/core/edition/header"
import { TERM_GRANT_BYTES } from "@kunak/core/edition/term"
import { PUBLIC_KEY_BYTES } from "@kunak/core/keys"
import { HEADER_BYTES } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { reveal } from "@kunak/core/secret"
import { sha256, signingKeyFromSeed } from "@kunak/core/suite"
import { instantFromMs } from "@kunak/core/time/instant"
import { parseTemplate } from "@kunak/page/document/template"
import { guidanceHash } from "@kunak/page/document/words"
import { type PostgresServer, postgresServer } from "@kunak/relay/testing/postgres-server"
import type { Chance } from "./chance.ts"
import { DeskWindow } from "./desk-window.ts"
import { Machine } from "./machine.ts"
import { layWire, type Uploaded, type Wire } from "./wire.ts"

const TEMPLATE = fileURLToPath(new URL("../../packages/page/dist/template.html", import.meta.url))
export const PASSPHRASE = "mill bridge horse lantern"
const EDITION_SECONDS = 2
const TICK_MS = 400
const LOG2_SLOTS = 10
const STOP_MS = 5_000

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export interface RelayMachine extends Machine {
  readonly letter: "A" | "B"
}

export interface DeskMachine {
  readonly machine: Machine
  readonly window: DeskWindow
  /** Starts it and opens its vault with the passphrase. @returns whether it is open. */
  start(): Promise<boolean>
}

/** An edition on its way to a relay. */
export interface Publication {
  readonly term: number
  readonly number: number
  /** Whose: 0 or 1. */
  readonly duty: 0 | 1
}

export interface Organisation {
  readonly folder: string
  readonly chain: CharterChain
  readonly relays: readonly [Machine, Machine]
  readonly duties: readonly [Machine, Machine]
  readonly desks: readonly [DeskMachine, DeskMachine]
  readonly wires: readonly [Wire, Wire]
  /** Of relay A, where it keeps its store there; null: a file in its folder. */
  readonly database: PostgresServer | null
  /** What a body that goes to /publish is; null for any other. */
  publicationIn(upload: Uploaded): Publication | null
  /** Editions that arrived at either relay, in order. */
  readonly published: readonly Publication[]
  /** Where relay A and B themselves listen. */
  readonly relayPorts: readonly [number, number]
  /** Of every edition that was ever uploaded, by "term.number": the different bytes. More than one is a number used twice. */
  readonly editions: ReadonlyMap<string, ReadonlySet<string>>
  /** Lines that duties said. */
  readonly dutySaid: Readonly<Record<string, unknown>>[]
  stop(): Promise<void>
}

/** In memory where the system has such a folder: kills and cuts do not depend on what lies below the files. */
const scratch = (): string => mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "kunak-loss-"))

export interface FoundingOptions {
  /** Relay A keeps its store in PostgreSQL. */
  readonly withPostgres: boolean
}

export async function foundOrganisation(
  chance: Chance,
  { withPostgres }: FoundingOptions,
): Promise<Organisation> {
  const folder = scratch()
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))
  const [ports, deskPorts] = [await freePorts(), await freePorts()]
  const relayPorts = [ports.relayA, ports.relayB] as const
  const editions = new Map<string, Set<string>>()
  const published: Publication[] = []
  let dutyKeys: readonly string[] = []
  const publicationIn: Organisation["publicationIn"] = ({ path, body }) => {
    if (path !== "/publish") return null
    const header = body.subarray(TERM_GRANT_BYTES, TERM_GRANT_BYTES + HEADER_BYTES)
    const id = decodeHeader(new Uint8Array(header))?.header.id
    // A grant begins with its term, and whose it is.
    const duty = dutyKeys.indexOf(body.subarray(4, 4 + PUBLIC_KEY_BYTES).toString("hex"))
    return id && (duty === 0 || duty === 1) ? { term: id.term, number: id.number, duty } : null
  }
  const onUpload = (upload: Uploaded): void => {
    const publication = publicationIn(upload)
    if (!publication) return
    published.push(publication)
    const edition = upload.body.subarray(TERM_GRANT_BYTES)
    const name = `${publication.term}.${publication.number}`
    editions.set(name, (editions.get(name) ?? new Set()).add(toHex(sha256(new Uint8Array(edition)))))
  }
  const wires = [
    await layWire(relayPorts[0], chance.named("wire A"), onUpload),
    await layWire(relayPorts[1], chance.named("wire B"), onUpload),
  ] as const

  // Without its script: a relay compresses it in a tenth of the time, and there are many editions.
  const html = readFileSync(TEMPLATE, "utf8").replace(/<script>[\s\S]*?<\/script>/, "")
  const template = must(parseTemplate(html))
  const swap = { path: TEMPLATE, by: join(folder, "template.html") }
  writeFileSync(swap.by, html)
  const relay = (i: 0 | 1) => ({
    web: `http://127.0.0.1:${wires[i].port}`,
    onion: "",
    listen: `127.0.0.1:${relayPorts[i]}`,
  })
  const description = {
    ...(await demoDescription(ports, QUICK_RHYTHM)),
    relays: [relay(0), relay(1)] as const,
    editionSeconds: EDITION_SECONDS,
    tickMs: TICK_MS,
    log2Slots: LOG2_SLOTS,
  }
  const ceremony = must(
    await found(description, {
      random,
      now: instantFromMs(Date.now()),
      templateHash: template.hash,
      guidanceHash: (language) => guidanceHash(template.words, language),
    }),
  )
  dutyKeys = ceremony.duties.map(({ seed }) => toHex(signingKeyFromSeed("duty", reveal(seed)).publicKey))
  const files = join(folder, "machines")
  mkdirSync(files)
  await writeCeremony(files, ceremony, description, { of: async () => PASSPHRASE, workFactor: 4 })
  for (const [i, officer] of ceremony.officers.entries())
    await makeDemoVault(join(files, `officer-${i + 1}`, "desk.vault"), officer, PASSPHRASE)

  const database = withPostgres ? await postgresServer() : null
  if (database) {
    process.once("exit", () => void database.kill())
    const config = join(files, "relay-a", "relay.json")
    const store = { kind: "postgres", url: database.url }
    writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), store }))
  }

  const dutySaid: Readonly<Record<string, unknown>>[] = []
  const beside = join(folder, "records")
  const machine = (
    name: string,
    place: string,
    args: readonly string[],
    onLine?: (line: Readonly<Record<string, unknown>>) => void,
  ) => new Machine({ name, folder: join(files, place), beside, args, swap, ...(onLine ? { onLine } : {}) })
  const relayMachine = (letter: "a" | "b") =>
    machine(`relay ${letter.toUpperCase()}`, `relay-${letter}`, [
      "relay",
      "--config",
      join(files, `relay-${letter}`, "relay.json"),
    ])
  const dutyMachine = (number: number) =>
    machine(`duty ${number}`, `duty-${number}`, ["duty", "--dir", join(files, `duty-${number}`)], (line) =>
      dutySaid.push(line),
    )
  const deskMachine = (number: number, port: number): DeskMachine => {
    const vault = join(files, `officer-${number}`, "desk.vault")
    const one = machine(`desk ${number}`, `officer-${number}`, [
      "desk",
      "--vault",
      vault,
      "--port",
      String(port),
      "--no-open",
    ])
    const window = new DeskWindow(port)
    return {
      machine: one,
      window,
      start: async () => {
        const first = await one.start()
        return first !== null && (await window.open(String(first.address), PASSPHRASE))
      },
    }
  }
  const organisation: Organisation = {
    folder,
    chain: ceremony.chain,
    relays: [relayMachine("a"), relayMachine("b")],
    duties: [dutyMachine(1), dutyMachine(2)],
    desks: [deskMachine(1, deskPorts.desk1), deskMachine(2, deskPorts.desk2)],
    wires,
    database,
    publicationIn,
    published,
    relayPorts,
    editions,
    dutySaid,
    stop: async () => {
      const all = [
        ...organisation.desks.map(({ machine: one }) => one),
        ...organisation.duties,
        ...organisation.relays,
      ]
      // In order, where they can: what Node has compiled is kept for the next time.
      await Promise.all(all.map((one) => Promise.race([one.kill("SIGTERM"), sleep(STOP_MS)])))
      await Promise.all(all.map((one) => one.kill()))
      for (const wire of wires) await wire.close()
      await database?.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return organisation
}

export interface Answered {
  /** 0: the connection broke. */
  readonly status: number
  readonly body: Uint8Array
}

/** One request to a relay, as a visitor's browser sends it. */
export const askRelay = (
  port: number,
  method: "GET" | "POST",
  path: string,
  body?: Uint8Array,
): Promise<Answered> =>
  new Promise((resolve) => {
    const broken = { status: 0, body: new Uint8Array() }
    const asked = request({ host: "127.0.0.1", port, method, path, agent: false }, (answer) => {
      const parts: Buffer[] = []
      answer.on("data", (part: Buffer) => parts.push(part))
      answer.on("error", () => resolve(broken))
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, body: new Uint8Array(Buffer.concat(parts)) }),
      )
    })
    asked.on("error", () => resolve(broken))
    asked.end(body)
  })

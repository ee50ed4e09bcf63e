/**
 * Two histories of a whole organisation: both relays, a duty and a desk, as many rounds in both. In one people write, and
 * an officer reads, notes and answers; in the other they only read and the officer does nothing. What the relays' tables show
 * must be the same: how long the log is, how far the ring has come and is acknowledged, how large each edition and its board are.
 */
import { randomBytes } from "node:crypto"
import { cpSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { verifyDelegation } from "@kunak/core/delegation/delegation"
import { decodeHeader } from "@kunak/core/edition/header"
import { decodePackage } from "@kunak/core/edition/package"
import { verifyHeader } from "@kunak/core/edition/verify"
import { must } from "@kunak/core/result"
import { reveal } from "@kunak/core/secret"
import { signingKeyFromSeed } from "@kunak/core/suite"
import { instantFromMs } from "@kunak/core/time/instant"
import { makeOutgoing } from "@kunak/desk/platform/outgoing"
import { Duty } from "@kunak/duty/duty"
import { freshMemory } from "@kunak/duty/memory-file"
import { type Outgoing, relayClient } from "@kunak/duty/relay-client"
import { loadTemplate } from "@kunak/page/template-file"
import { Failure } from "../../failure.ts"
import type { DrillClock } from "../clock/drill-clock.ts"
import type { Place } from "../places/place.ts"
import { type Program, startProgram } from "../places/program.ts"
import type { Organisation } from "../week/organisation.ts"
import { type DeskInProcess, unlockedDesk } from "./desk-in-process.ts"
import { postTick } from "./histories.ts"
import type { Finding } from "./section.ts"

export const RELAYS = ["relay-a", "relay-b"] as const

/** Receive keys take seventeen cells, and a desk says four in a round. */
const FIRST_ROUNDS = 7
const LETTERS = 5

export interface WholeParts {
  readonly organisation: Organisation
  readonly clock: DrillClock
  /** `kunak/` of a relay as it was founded. */
  readonly founded: (relay: (typeof RELAYS)[number]) => string
  /** Of the desk, away from what is compared. */
  readonly deskFolder: string
}

/** What a relay's tables and files show, but for what is random in them. */
export type Shown = Readonly<Record<string, unknown>>

/** @param speaks people write and are answered. @returns of relay A and B. */
export async function liveWhole(
  place: Place,
  speaks: boolean,
  parts: WholeParts,
): Promise<readonly [Shown, Shown]> {
  const folders = RELAYS.map((relay) => join(place.folder, relay))
  const relays: Program[] = []
  let desk: DeskInProcess | null = null
  try {
    for (const [i, relay] of RELAYS.entries()) {
      const folder = folders[i] as string
      cpSync(parts.founded(relay), folder, { recursive: true })
      const args = ["relay", "--config", join(folder, "relay.json"), "--listen", "127.0.0.1:0", "--json"]
      relays.push(await startProgram(`${place.name}-${relay}`, place, args, { clock: parts.clock }))
    }
    const origins = relays.map((relay) => {
      const [listening = ""] = JSON.parse(relay.said().out.split("\n")[0] ?? "").listening as string[]
      return `http://${listening}`
    })
    const officer = parts.organisation.ceremony.officers[0]
    if (!officer) throw new TypeError("an organisation without officers")
    const outgoing = wayTo(origins, parts.organisation)
    desk = await unlockedDesk(parts.deskFolder, officer, parts.clock, outgoing)
    await liveRounds(desk, origins[0] ?? "", outgoing, speaks, parts)
  } finally {
    desk?.close()
    for (const relay of relays) await relay.stop()
  }
  place.flush()
  const [a, b] = folders.map(whatShows)
  return [a as Shown, b as Shown]
}

/** To where the relays listen in this history, under the addresses that the charter names. */
function wayTo(origins: readonly string[], { chain }: Organisation): Outgoing {
  const direct = makeOutgoing(() => null)
  const { relays } = chain.current.charter
  return async (exchange) => {
    const i = relays.findIndex(({ web }) => exchange.url.startsWith(`${web}/`))
    const web = relays[i as 0 | 1]?.web ?? ""
    return await direct({ ...exchange, url: `${origins[i] ?? ""}${exchange.url.slice(web.length)}` })
  }
}

async function liveRounds(
  desk: DeskInProcess,
  originA: string,
  outgoing: Outgoing,
  speaks: boolean,
  { organisation, clock }: WholeParts,
): Promise<void> {
  const { publish, client } = await dutyOf(organisation, outgoing, clock)
  const rounds = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) await desk.round()
  }
  await rounds(FIRST_ROUNDS)
  await publish()
  await rounds(1)
  const header = must(await client.header())
  const verified = header && (await verifyHeader(header, organisation.chain))
  const intake = verified?.ok ? verified.value.intakeKey : null
  if (!header || !intake) throw new Failure("nobody received in the two histories", "histories", 3)
  for (let i = 0; i < LETTERS; i += 1) {
    const text = speaks ? `${i}: помогите, за мной пришли. `.repeat(3 * i + 1) : null
    await postTick(originA, header, text, { chain: organisation.chain, intake, clock })
    await rounds(1)
  }
  const { threads } = await desk.ask<{ readonly threads: readonly { readonly id: string }[] }>(
    "hotline/queue",
  )
  if (threads.length !== (speaks ? LETTERS : 0))
    throw new Failure("what people wrote in the two histories did not reach the desk", "histories", 3)
  for (const { id } of threads) {
    await desk.ask("hotline/note", { id, note: "Знакомые знакомых." })
    await desk.ask("hotline/urgency", { id, urgency: "danger-to-life" })
    await desk.ask("hotline/reply", { id, text: "Мы прочитали. Оставайтесь там, где вы сейчас. ".repeat(9) })
  }
  await rounds(4 * LETTERS)
  await publish()
  await rounds(2)
}

async function dutyOf({ ceremony, chain }: Organisation, outgoing: Outgoing, clock: DrillClock) {
  const enrolment = ceremony.duties[0]
  if (!enrolment) throw new TypeError("an organisation without duties")
  const { relays } = chain.current.charter
  const [a, b] = [
    relayClient(relays[0], enrolment.relays[0], outgoing),
    relayClient(relays[1], enrolment.relays[1], outgoing),
  ]
  const delegations = await Promise.all(ceremony.delegations.map((bytes) => verifyDelegation(bytes, chain)))
  const duty = new Duty(
    {
      key: signingKeyFromSeed("duty", reveal(enrolment.seed)),
      relays: [a, b],
      logKeys: { line: enrolment.lineKey },
      template: await loadTemplate(),
      random: (length) => new Uint8Array(randomBytes(length)),
      now: () => instantFromMs(clock.now()),
      save: async () => {},
    },
    freshMemory(
      chain,
      delegations.flatMap((one) => (one.ok ? [one.value] : [])),
    ),
  )
  return {
    client: a,
    /** At the first try, so that both histories have as many cells. @throws Failure else. */
    publish: async (): Promise<void> => {
      const outcome = await duty.tick()
      if (outcome.kind !== "published" || outcome.relays.some((problem) => problem !== null))
        throw new Failure(
          `an edition of the two histories was not published (${outcome.kind})`,
          "histories",
          3,
        )
    },
  }
}

function whatShows(folder: string): Shown {
  const database = new DatabaseSync(join(folder, "relay.db"), { readOnly: true })
  const all = (query: string): readonly Record<string, unknown>[] => database.prepare(query).all()
  const lengthOf = (bytes: unknown): number => (bytes as Uint8Array).length
  try {
    return {
      files: readdirSync(folder).sort(),
      bytes: statSync(join(folder, "relay.db")).size,
      state: all("select * from state"),
      ring: all("select * from ring_state"),
      slots: all("select slot, envelope from ring order by slot").map((row) => lengthOf(row.envelope)),
      cells: all("select position, cell from log order by position").map(({ position, cell }) => [
        position,
        lengthOf(cell),
      ]),
      editions: all("select * from edition order by term, number").map(
        ({ term, number, package: bytes }) => ({
          term,
          number,
          ...sizesIn(new Uint8Array(bytes as Uint8Array)),
        }),
      ),
      revocations: all("select bytes from revocation").map((row) => lengthOf(row.bytes)),
    }
  } finally {
    database.close()
  }
}

/**
 * Of an edition: its files and their lengths, and how large its board is. Pages and feed are drawn from header and bulletin, and are
 * as long as the time of day in them: "9:59", "10:00".
 */
function sizesIn(bytes: Uint8Array): object {
  const edition = decodePackage(bytes)
  return {
    header: edition?.header.length,
    rows: edition && decodeHeader(edition.header)?.header.board.log2Rows,
    files: edition?.files.map(({ name, bytes: content }) => [
      name,
      /^(page\.|feed\.)/.test(name) ? "by the time of day" : content.length,
    ]),
  }
}

export function compareWhole(
  asked: readonly [Shown, Shown],
  read: readonly [Shown, Shown],
): readonly Finding[] {
  return asked.flatMap((one, i) =>
    Object.keys(one)
      .filter((what) => JSON.stringify(one[what]) !== JSON.stringify(read[i as 0 | 1][what]))
      .map((what) => ({
        kind: "difference" as const,
        what: `${what} with desk and duty`,
        form: "asked and only read",
        where: `relay ${"AB"[i]}'s disk`,
        times: 1,
      })),
  )
}

/**
 * Two relays with the same files and as many ticks of the same sizes: people asked for help at one, and only read at the
 * other. Their disks are compared: the same image but for what is random.
 */
import { randomBytes } from "node:crypto"
import { cpSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { CharterChain } from "@kunak/core/charter/charter"
import { headerHash } from "@kunak/core/edition/header"
import type { Enrolment } from "@kunak/core/enrolment/enrolment"
import { sealEnvelope } from "@kunak/core/envelope/envelope"
import { ENVELOPE_HEAD_BYTES, type Letter } from "@kunak/core/envelope/letter"
import type { IntakeKey } from "@kunak/core/intake/intake-key"
import { DEMONSTRATION_PUZZLE_BITS, MIN_LOG2_ROWS } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { reveal, Secret } from "@kunak/core/secret"
import { KEM_ENC_BYTES, sha256, signingKeyFromSeed } from "@kunak/core/suite"
import type { ThreadId, WeekKey } from "@kunak/core/thread/keys"
import { encodeTickRequest } from "@kunak/core/tick/codec"
import { PuzzleSolver } from "@kunak/core/tick/puzzle"
import { type Instant, instantFromMs, weekOf } from "@kunak/core/time/instant"
import { makeOutgoing } from "@kunak/desk/platform/outgoing"
import { Duty, type TickOutcome } from "@kunak/duty/duty"
import type { LineState } from "@kunak/duty/line/line-state"
import { LOG_START } from "@kunak/duty/line/log-follower"
import { relayClient } from "@kunak/duty/relay-client"
import { loadTemplate } from "@kunak/page/template-file"
import { Failure } from "../../failure.ts"
import type { DrillClock } from "../clock/drill-clock.ts"
import type { Place } from "../places/place.ts"
import { type ProgramOptions, startProgram } from "../places/program.ts"
import { likelihoodOfUniform } from "./randomness.ts"
import type { Finding } from "./section.ts"

const TICKS = 24
/** A busy machine answers late. */
const TRIES = 4
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))

export interface HistoryParts {
  readonly clock: DrillClock
  /** `kunak/` of relay A as it was founded, before it ran. */
  readonly founded: string
  readonly duty: Enrolment
  readonly line: LineState
  readonly intake: IntakeKey
  readonly program: ProgramOptions
  /** Keeps what is published the same at both: the same bytes, signed once. */
  readonly edition: { bytes: ReadonlyMap<string, Uint8Array> | null }
}

export interface HistoryDisk {
  readonly files: readonly string[]
  /** Blocks of 512 bytes that the file system gave. */
  readonly blocks: number
  /** The database with its slots, which are random, made zero. */
  readonly masked: Buffer
  readonly tables: string
  /** What the slots hold behind head and KEM: a ciphertext of AES. ML-KEM's own are not even, whoever makes them. */
  readonly random: Buffer
}

/** One history, on a disk of its own. @param texts null for a tick that says nothing. */
export async function liveThrough(
  place: Place,
  texts: readonly (string | null)[],
  parts: HistoryParts,
): Promise<HistoryDisk> {
  const folder = join(place.folder, "kunak")
  cpSync(parts.founded, folder, { recursive: true })
  const relay = await startProgram(
    place.name,
    place,
    ["relay", "--config", join(folder, "relay.json"), "--listen", "127.0.0.1:0", "--json"],
    parts.program,
  )
  try {
    const [listening = ""] = JSON.parse(relay.said().out.split("\n")[0] ?? "").listening as string[]
    const origin = `http://${listening}`
    const header = await publishOnce(origin, parts)
    const { intake, clock } = parts
    for (const text of texts) await postTick(origin, header, text, { chain: parts.line.chain, intake, clock })
  } finally {
    await relay.stop()
  }
  place.flush()
  return await readDisk(folder, texts.length)
}

/** By duty's own code; at the second relay the same answers to the same questions give the same bytes. */
async function publishOnce(origin: string, parts: HistoryParts): Promise<Uint8Array> {
  const outgoing = makeOutgoing(() => null)
  const { edition } = parts
  const client = relayClient({ web: origin, onion: "" }, parts.duty.relays[0], outgoing)
  const publish: typeof client.publish = async (grant, bytes) => {
    const same = edition.bytes?.get("package") ?? bytes
    edition.bytes ??= new Map([["package", bytes]])
    return await client.publish(grant, same)
  }
  const at = instantFromMs(parts.clock.now())
  const duty = new Duty(
    {
      key: signingKeyFromSeed("duty", reveal(parts.duty.seed)),
      relays: [
        { ...client, publish },
        { ...client, publish },
      ],
      logKeys: { line: parts.duty.lineKey },
      template: await loadTemplate(),
      random,
      now: () => at,
      save: async () => {},
    },
    {
      line: { ...parts.line, lease: null },
      place: LOG_START,
      resume: LOG_START,
      grant: null,
      knownTerm: 0,
      number: 0,
    },
  )
  let outcome = await duty.tick()
  for (let tries = 1; tries < TRIES && !isPublished(outcome); tries += 1) outcome = await duty.tick()
  if (!isPublished(outcome))
    throw new Failure(`a relay of the two histories took no edition (${outcome.kind})`, "histories", 3)
  const header = must(await client.header())
  if (!header) throw new Failure("a relay of the two histories has no edition", "histories", 3)
  return header
}

const isPublished = (outcome: TickOutcome): boolean =>
  outcome.kind === "published" && outcome.relays[0] === null

/** A visit's tick with an envelope, to relay A. @param text null for one that says nothing. */
export async function postTick(
  origin: string,
  header: Uint8Array,
  text: string | null,
  {
    chain,
    intake,
    clock,
  }: { readonly chain: CharterChain; readonly intake: IntakeKey; readonly clock: DrillClock },
): Promise<void> {
  const envelope = await sealEnvelope(intake, chain.organisationId, letterOf(text, clock.now()))
  const puzzle = {
    termKey: chain.current.charter.relays[0].termKey,
    headerHash: headerHash(header),
    envelopeHash: sha256(envelope),
    bits: DEMONSTRATION_PUZZLE_BITS,
  }
  const solver = new PuzzleSolver(puzzle, random(8))
  let nonce: Uint8Array | null = null
  while (!nonce) nonce = solver.try(1_000)
  const masks = [random(2 ** MIN_LOG2_ROWS / 8), random(2 ** MIN_LOG2_ROWS / 8)] as const
  const body = encodeTickRequest({
    wantsHeader: false,
    log2Rows: MIN_LOG2_ROWS,
    headerHash: puzzle.headerHash,
    masks,
    posted: { nonce, envelope },
  })
  const answer = await fetch(`${origin}/tick`, { method: "POST", body: Buffer.from(body) })
  const [room] = new Uint8Array(await answer.arrayBuffer())
  if (answer.status !== 200 || room !== 1)
    throw new Failure(`a relay of the two histories refused a tick: ${answer.status}`, "histories", 3)
}

const letterOf = (text: string | null, nowMs: number): Letter => ({
  edition: { term: 1, number: 1 },
  threadId: random(16) as ThreadId,
  week: weekOf(instantFromMs(nowMs) as Instant),
  weekKeys: [0, 1, 2].map(() => new Secret(random(32)) as WeekKey),
  read: [],
  message: text === null ? null : { id: random(8), text },
})

async function readDisk(folder: string, posted: number): Promise<HistoryDisk> {
  const path = join(folder, "relay.db")
  const database = new DatabaseSync(path, { readOnly: true })
  const slots = database.prepare("select slot, envelope from ring order by slot").all()
  const cells = database.prepare("select position, cell from log order by position").all()
  const columns = database.prepare("select type, name, sql from sqlite_schema order by name").all()
  const tables = JSON.stringify({
    columns,
    state: database.prepare("select * from state").all(),
    ring: database.prepare("select * from ring_state").all(),
    slots: slots.map(({ slot, envelope }) => [slot, (envelope as Uint8Array).length]),
    cells: cells.map(({ position, cell }) => [position, (cell as Uint8Array).length]),
  })
  database.close()
  const masked = readFileSync(path)
  const taken: Buffer[] = []
  let from = 0
  const mask = (bytes: Uint8Array, head: number): void => {
    const near = masked.indexOf(bytes, from)
    const at = near < 0 ? masked.indexOf(bytes) : near
    if (at < 0) throw new Failure("a slot does not stand in the relay's file", "histories", 3)
    from = Math.max(0, at - 10 * bytes.length)
    taken.push(Buffer.from(bytes.subarray(ENVELOPE_HEAD_BYTES + KEM_ENC_BYTES)))
    masked.fill(0, at + head, at + bytes.length)
  }
  // Of what people posted the head stays: version and key are the same for all. Dummies have keys of their own.
  for (const { slot, envelope } of slots)
    mask(envelope as Uint8Array, Number(slot) < posted ? ENVELOPE_HEAD_BYTES : 1)
  from = 0
  for (const { cell } of cells) mask(cell as Uint8Array, 0)
  return {
    files: readdirSync(folder).sort(),
    blocks: statSync(path).blocks,
    masked,
    tables,
    random: Buffer.concat(taken.slice(0, slots.length)),
  }
}

export interface Compared {
  readonly findings: readonly Finding[]
  readonly bytes: number
  /** Of the bytes that differ by right: how likely such counts are if they are uniform. */
  readonly likelihood: number
}

const WILDLY_UNLIKELY = 1e-6

export function compareHistories(asked: HistoryDisk, read: HistoryDisk): Compared {
  const differs = (what: string, times: number): readonly Finding[] =>
    times === 0
      ? []
      : [{ kind: "difference", what, form: "asked and only read", where: "relay A's disk", times }]
  const likelihood = Math.min(likelihoodOfUniform(asked.random), likelihoodOfUniform(read.random))
  return {
    bytes: asked.masked.length + read.masked.length,
    likelihood,
    findings: [
      ...differs("the files", asked.files.join() === read.files.join() ? 0 : 1),
      ...differs("the size", Math.abs(asked.masked.length - read.masked.length)),
      ...differs("the blocks that the file system gave", Math.abs(asked.blocks - read.blocks)),
      ...differs("tables and their rows", asked.tables === read.tables ? 0 : 1),
      ...differs("bytes outside the slots", differing(asked.masked, read.masked)),
      ...differs("slots that are not random", likelihood < WILDLY_UNLIKELY ? 1 : 0),
    ],
  }
}

function differing(a: Buffer, b: Buffer): number {
  let count = Math.abs(a.length - b.length)
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) if (a[i] !== b[i]) count += 1
  return count
}

export const HISTORY_TICKS = TICKS

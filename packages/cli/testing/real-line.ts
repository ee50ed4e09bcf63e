/** A whole organisation on real processes and files, as its people run them, without browsers. */
import { type ChildProcess, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { decodeHeader, type EditionId } from "@kunak/core/edition/header"
import { decodeEnrolment, type Enrolment } from "@kunak/core/enrolment/enrolment"
import { stretchAt, stretchBegins } from "@kunak/core/log/positions"
import { must } from "@kunak/core/result"
import { instantFromMs } from "@kunak/core/time/instant"
import { makeOutgoing } from "@kunak/desk/platform/outgoing"
import { type RelayClient, relayClient } from "@kunak/duty/relay-client"
import { loadTemplate } from "@kunak/page/template-file"
import { type Ceremony, found } from "../ceremony/ceremony.ts"
import { writeCeremony } from "../ceremony/files.ts"
import { demoDescription, QUICK_RHYTHM } from "../demo/description.ts"
import { freePorts } from "../demo/ports.ts"
import { makeDemoVault } from "../demo/vault.ts"
import { type DrillClock, makeClock } from "../drill/clock/drill-clock.ts"

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url))
export const REAL_PASSPHRASE = "five random words for tests"

export interface RealLine {
  readonly folder: string
  /** Of all processes here: time can pass at once. */
  readonly clock: DrillClock
  /** A file with the passphrase of everything here. */
  readonly words: string
  readonly ceremony: Ceremony
  /** Origins of A and B. */
  readonly origins: readonly [string, string]
  readonly random: (bytes: number) => Uint8Array
  /** An officer's or duty's way to both relays. */
  clients(enrolment: Enrolment): readonly [RelayClient, RelayClient]
  enrolment(folder: string): Promise<Enrolment>
  /** Runs `kunak …` to its end. */
  kunak(
    ...args: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string; readonly error: string }>
  /** Starts `kunak …` that goes on; ended with `end` or `close`. */
  start(...args: readonly string[]): ChildProcess
  end(child: ChildProcess, signal?: NodeJS.Signals): Promise<void>
  endAll(): Promise<void>
  /** The newest edition's id that a relay serves; null before there is one or while it is down. */
  edition(origin: string): Promise<EditionId | null>
  close(): Promise<void>
}

/** @param editionSeconds a machine that does much else takes some for one. */
export async function realLine(editionSeconds = 4): Promise<RealLine> {
  const folder = await mkdtemp(join(tmpdir(), "kunak-line-"))
  const ports = await freePorts()
  const example = await demoDescription(ports, QUICK_RHYTHM)
  const description = { ...example, editionSeconds, tickMs: 1_000, log2Slots: 10 }
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))
  const template = await loadTemplate()
  const ceremony = must(
    await found(description, {
      random,
      now: instantFromMs(Date.now()),
      templateHash: template.hash,
      guidanceHash: () => null,
    }),
  )
  await writeCeremony(folder, ceremony, description, { of: async () => REAL_PASSPHRASE, workFactor: 2 })
  for (const [i, officer] of ceremony.officers.slice(0, 1).entries())
    await makeDemoVault(join(folder, `officer-${i + 1}`, "officer.vault"), officer, REAL_PASSPHRASE)
  const words = join(folder, "words")
  await writeFile(words, `${REAL_PASSPHRASE}\n`)
  const clock = makeClock(join(folder, "clock"))
  const command = (args: readonly string[]): string[] => [...clock.nodeArguments, MAIN, ...args]
  const env = { ...process.env, ...clock.environment }
  const children = new Set<ChildProcess>()
  const outgoing = makeOutgoing(() => null)
  const [a, b] = description.relays
  const start: RealLine["start"] = (...args) => {
    const child = spawn(process.execPath, command(args), { env, stdio: ["ignore", "ignore", "inherit"] })
    children.add(child)
    return child
  }
  const end: RealLine["end"] = async (child, signal = "SIGTERM") => {
    children.delete(child)
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, "exit")
    child.kill(signal)
    await ended
  }
  const endAll = async (): Promise<void> => {
    for (const child of [...children]) await end(child, "SIGKILL")
  }
  return {
    folder,
    clock,
    words,
    ceremony,
    origins: [a.web, b.web],
    random,
    clients: ({ relays }) => [relayClient(a, relays[0], outgoing), relayClient(b, relays[1], outgoing)],
    enrolment: async (name) =>
      must(decodeEnrolment(await readFile(join(folder, name, "enrolment.json"), "utf8"))),
    kunak: async (...args) => {
      const child = spawn(process.execPath, command(args), { env, stdio: ["ignore", "pipe", "pipe"] })
      let [out, error] = ["", ""]
      child.stdout.on("data", (part: Buffer) => {
        out += part.toString()
      })
      child.stderr.on("data", (part: Buffer) => {
        error += part.toString()
      })
      const [code] = await once(child, "close")
      return { code: code as number, out, error }
    },
    start,
    end,
    endAll,
    edition: async (origin) => {
      const answer = await fetch(`${origin}/header`).catch(() => null)
      if (answer?.status !== 200) return null
      return decodeHeader(new Uint8Array(await answer.arrayBuffer()))?.header.id ?? null
    },
    close: async () => {
      await endAll()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A relay that is restored waits for the next stretch: until shortly before it, time passes at once for everybody. */
export function passToStretch(line: RealLine): void {
  line.clock.pass(Math.max(0, untilStretch(line) - ENOUGH_SECONDS) * 1000)
}
/** Until the process has looked at the clock; where it takes longer, it waits for the stretch after. */
const ENOUGH_SECONDS = 6

/** Time passes until a whole stretch lies ahead: whoever is restored now waits for as long as that. */
export function passIntoStretch(line: RealLine): void {
  line.clock.pass(untilStretch(line) * 1000)
}

function untilStretch(line: RealLine): number {
  const now = instantFromMs(line.clock.now())
  return stretchBegins(stretchAt(now)) - now
}

/** Asks until it holds; a busy machine takes its time. */
export async function until<T>(what: string, ask: () => Promise<T | null | undefined | false>): Promise<T> {
  for (const end = Date.now() + 500_000; Date.now() < end; ) {
    const answer = await ask()
    if (answer) return answer
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`${what}: not within minutes`)
}

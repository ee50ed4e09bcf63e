/** Duties as processes on a real line, what desks hand them to place, and what of it stands in their memory: for rule U17. */
import { type ChildProcess, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { EditionId } from "@kunak/core/edition/header"
import { must } from "@kunak/core/result"
import { reveal, Secret } from "@kunak/core/secret"
import type { PlacingKeys } from "@kunak/core/thread/keys"
import { instantFromMs, plusSeconds, type Week, weekOf } from "@kunak/core/time/instant"
import { LOG_START, LogFollower } from "@kunak/duty/line/log-follower"
import { onTestFinished } from "vitest"
import type { Canary } from "../drill/canaries/canary.ts"
import { openAll } from "../drill/examine/duty-opens.ts"
import { recordedBy } from "../drill/examine/recorded.ts"
import { environmentOf, memoryOf } from "../drill/places/memory.ts"
import { makeSearcher } from "../drill/search/searcher.ts"
import { type RealLine, realLine, until } from "./real-line.ts"

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url))

export interface RunningDuty {
  readonly child: ChildProcess
  readonly pid: number
  readonly said: () => string
  /** On standard error. */
  readonly complained: () => string
  /** Of its editions, in order. */
  readonly editions: () => readonly EditionId[]
  /** When it said what became of each of its turns, by the clock of all. */
  readonly turns: readonly number[]
}

/** An answer that waits: by which keys it is placed in three weeks. */
export interface Answered {
  readonly handle: Uint8Array
  readonly week: Week
  readonly keys: readonly PlacingKeys[]
}

/** Both relays run. */
export interface DutyLine {
  readonly line: RealLine
  readonly thisWeek: () => Week
  /** `kunak …` as somebody starts it where core dumps are allowed. @param fault script that is loaded before it. */
  readonly start: (args: readonly string[], fault?: string) => RunningDuty
  readonly startDuty: (name: string, fault?: string) => RunningDuty
  /** A desk answers somebody who wrote this week. @returns once the duties of these folders keep it on their disks. */
  readonly answer: (...names: readonly string[]) => Promise<Answered>
  /** Whether a duty of this folder, started again, knows of it. */
  readonly isKept: (name: string, answered: Answered) => boolean
  /** Whether that week's keys find it on a board that relay A keeps. */
  readonly isOnBoard: (answered: Answered, inWeek: Week) => Promise<boolean>
}

export async function dutyLine(editionSeconds: number): Promise<DutyLine> {
  const line = await realLine(editionSeconds)
  const startRelay = (name: string): ChildProcess =>
    line.start("relay", "--config", join(line.folder, name, "relay.json"))
  startRelay("relay-b")
  let relayA = startRelay("relay-a")
  await until("relays", async () => (await fetch(`${line.origins[0]}/header`).catch(() => null)) !== null)
  const isKept: DutyLine["isKept"] = (name, { handle }) => {
    const text = readFileSync(join(line.folder, name, "memory.json"), "utf8")
    const { parts } = JSON.parse(text) as { parts: readonly string[] }
    return parts.some((part) => Buffer.from(part, "base64").includes(Buffer.from(handle)))
  }
  const start: DutyLine["start"] = (args, fault = "") => startOn(line, args, fault)
  return {
    line,
    thisWeek: () => weekOf(instantFromMs(line.clock.now())),
    start,
    startDuty: (name, fault) => start(["duty", "--dir", join(line.folder, name), "--json"], fault),
    answer: async (...names) => {
      const answered = await answerOn(line)
      for (const name of names)
        await until("an answer in a duty's memory", async () => isKept(name, answered))
      return answered
    },
    isKept,
    isOnBoard: async ({ keys, week }, inWeek) => {
      // Its disk can be read while it is down.
      await line.end(relayA)
      const recorded = recordedBy(join(line.folder, "relay-a", "relay.db"))
      relayA = startRelay("relay-a")
      const { organisationId } = line.ceremony.chain
      const placing = keys.slice(inWeek - week, inWeek - week + 1)
      return (await openAll([recorded], { organisationId, keys: [], threadIds: [], placing })).parts > 0
    },
  }
}

function startOn(line: RealLine, args: readonly string[], fault: string): RunningDuty {
  const preload = fault === "" ? [] : ["--import", `data:text/javascript,${encodeURIComponent(fault)}`]
  const command = [process.execPath, ...line.clock.nodeArguments, ...preload, MAIN, ...args]
  const child = spawn("prlimit", ["--core=unlimited:unlimited", ...command], {
    env: { ...process.env, ...line.clock.environment },
    stdio: ["pipe", "pipe", "pipe"],
  })
  onTestFinished(() => line.end(child))
  let [said, complained] = ["", ""]
  const turns: number[] = []
  child.stdout?.on("data", (part: Buffer) => {
    said += part.toString()
    turns.push(line.clock.now())
  })
  child.stderr?.on("data", (part: Buffer) => {
    complained += part.toString()
  })
  const outcomes = (): readonly { readonly kind: string; readonly id: EditionId }[] =>
    said.split("\n").flatMap((one) => (one.endsWith("}") ? [JSON.parse(one)] : []))
  const editions = () => outcomes().flatMap(({ kind, id }) => (kind === "published" ? [id] : []))
  return { child, pid: child.pid ?? 0, said: () => said, complained: () => complained, editions, turns }
}

async function answerOn(line: RealLine): Promise<Answered> {
  const enrolment = await line.enrolment("duty-1")
  const [a] = line.clients(enrolment)
  const { organisationId } = line.ceremony.chain
  const { random } = line
  const follower = new LogFollower({ organisationId, keys: { line: enrolment.lineKey }, random })
  const key = (): Secret<Uint8Array> => new Secret(random(32))
  const now = instantFromMs(line.clock.now())
  const part = {
    handle: random(16),
    week: weekOf(now),
    keys: [0, 1, 2].map(() => ({ cell: key(), placement: key() })),
    sequence: 16,
    written: now,
    expires: plusSeconds(now, 13 * 86_400),
    part: random(996),
  }
  await until("a place in the log", async () => {
    const { place } = must(await follower.catchUp(a, LOG_START))
    return (await follower.append(a, place, follower.partsOf({ kind: "part", part }))).ok
  })
  return part
}

export const publishes = ({ editions }: RunningDuty, more = 1, since = editions().length): Promise<unknown> =>
  until("an edition", async () => editions().length >= since + more)

export const hasBegunAnew = ({ pid }: RunningDuty, mark = "KUNAK_DUTY_BEFORE=yes"): boolean =>
  Buffer.from(environmentOf(pid)).includes(mark)
export const beginsAnew = (duty: RunningDuty, mark?: string): Promise<unknown> =>
  until("a process that has begun anew", async () => hasBegunAnew(duty, mark))

/** Of which of its three weeks keys stand in a process's memory, in whatever form the drill knows. */
export function weeksFoundIn(pid: number, { keys }: Answered): readonly number[] {
  const canaries = keys.flatMap(({ cell, placement }, i) =>
    [cell, placement].map(
      (one): Canary => ({ field: String(i), kind: "key", value: reveal(one).slice(), may: [] }),
    ),
  )
  const { hits } = makeSearcher(canaries).pieces(memoryOf(pid), [], "not")
  return [...new Set(hits.map(({ canary }) => Number(canary.field)))].sort()
}

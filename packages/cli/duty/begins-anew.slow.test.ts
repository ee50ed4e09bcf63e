/** Duties whose week ends while they run, as processes: rule U17. Their memory is searched with the drill's eyes. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { EditionId } from "@kunak/core/edition/header"
import type { Enrolment } from "@kunak/core/enrolment/enrolment"
import { must } from "@kunak/core/result"
import { reveal, Secret } from "@kunak/core/secret"
import type { PlacingKeys } from "@kunak/core/thread/keys"
import { instantFromMs, plusSeconds, type Week, weekEnd, weekOf } from "@kunak/core/time/instant"
import { LOG_START, LogFollower } from "@kunak/duty/line/log-follower"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import type { Canary } from "../drill/canaries/canary.ts"
import { openAll } from "../drill/examine/duty-opens.ts"
import { recordedBy } from "../drill/examine/recorded.ts"
import { environmentOf, limitsOf, memoryOf } from "../drill/places/memory.ts"
import { makeSearcher } from "../drill/search/searcher.ts"
import { type RealLine, realLine, until } from "../testing/real-line.ts"

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url))
/** A lease outlives two and a half: a process that begins anew on a busy machine has time. */
const EDITION_SECONDS = 10

let line: RealLine
let relayA: ChildProcess
const startRelay = (name: string): ChildProcess =>
  line.start("relay", "--config", join(line.folder, name, "relay.json"))
beforeAll(async () => {
  line = await realLine(EDITION_SECONDS)
  startRelay("relay-b")
  relayA = startRelay("relay-a")
  await until("relays", async () => (await fetch(`${line.origins[0]}/header`).catch(() => null)) !== null)
})
afterAll(() => line?.close())

const thisWeek = (): Week => weekOf(instantFromMs(line.clock.now()))
const toTheEndOfTheWeek = (secondsBefore: number): void =>
  line.clock.pass((weekEnd(thisWeek()) - secondsBefore) * 1000 - line.clock.now())

interface Running {
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

/** As somebody starts it where core dumps are allowed. @param fault loaded before it. */
function start(args: readonly string[], fault = ""): Running {
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
const startDuty = (name: string, fault = ""): Running =>
  start(["duty", "--dir", join(line.folder, name), "--json"], fault)

const publishes = ({ editions }: Running, more = 1, since = editions().length): Promise<unknown> =>
  until("an edition", async () => editions().length >= since + more)
const says = ({ said }: Running, what: string): Promise<unknown> =>
  until(what, async () => said().includes(what))
const hasBegunAnew = ({ pid }: Running, mark = "KUNAK_DUTY_BEFORE=yes"): boolean =>
  Buffer.from(environmentOf(pid)).includes(mark)
const beginsAnew = (duty: Running, mark?: string): Promise<unknown> =>
  until("a process that has begun anew", async () => hasBegunAnew(duty, mark))

interface Answered {
  readonly handle: Uint8Array
  readonly week: Week
  readonly keys: readonly PlacingKeys[]
}

/** A desk answers somebody who wrote this week: the duty is told by which keys that is placed in three weeks. */
async function answer(enrolment: Enrolment): Promise<Answered> {
  const [a] = line.clients(enrolment)
  const { organisationId } = line.ceremony.chain
  const follower = new LogFollower({
    organisationId,
    keys: { line: enrolment.lineKey },
    random: line.random,
  })
  const key = (): Secret<Uint8Array> => new Secret(line.random(32))
  const now = instantFromMs(line.clock.now())
  const part = {
    handle: line.random(16),
    week: weekOf(now),
    keys: [0, 1, 2].map(() => ({ cell: key(), placement: key() })),
    sequence: 16,
    written: now,
    expires: plusSeconds(now, 13 * 86_400),
    part: line.random(996),
  }
  await until("a place in the log", async () => {
    const { place } = must(await follower.catchUp(a, LOG_START))
    return (await follower.append(a, place, follower.partsOf({ kind: "part", part }))).ok
  })
  return part
}

const memoryFile = (name: string): string => join(line.folder, name, "memory.json")
/** Once the duty of this folder keeps it on its disk. */
const isKept = (name: string, { handle }: Answered): Promise<unknown> =>
  until("an answer in a duty's memory", async () => heldBy(name, handle))
const heldBy = (name: string, handle: Uint8Array): boolean => {
  const { parts } = JSON.parse(readFileSync(memoryFile(name), "utf8")) as { parts: readonly string[] }
  return parts.some((text) => Buffer.from(text, "base64").includes(Buffer.from(handle)))
}

/** Which of its three weeks' keys stand in a process's memory, in whatever form the drill knows. */
function weeksFoundIn(pid: number, { keys }: Answered): readonly number[] {
  const canaries = keys.flatMap(({ cell, placement }, i) =>
    [cell, placement].map(
      (one): Canary => ({ field: String(i), kind: "key", value: reveal(one).slice(), may: [] }),
    ),
  )
  const { hits } = makeSearcher(canaries).pieces(memoryOf(pid), [], "not")
  return [...new Set(hits.map(({ canary }) => Number(canary.field)))].sort()
}

/** Whether the sealed part was found by that week's keys on a board that relay A keeps. Its disk is read while it is down. */
async function isOnBoard({ keys, week }: Answered, inWeek: Week): Promise<boolean> {
  await line.end(relayA)
  const recorded = recordedBy(join(line.folder, "relay-a", "relay.db"))
  relayA = startRelay("relay-a")
  const trial = { organisationId: line.ceremony.chain.organisationId, keys: [], threadIds: [] }
  const { parts } = await openAll([recorded], {
    ...trial,
    placing: keys.slice(inWeek - week, inWeek - week + 1),
  })
  return parts > 0
}

test("[U17] when a week ends both duties begin anew: its keys are in neither's memory, the line stays with the one that has it", async () => {
  const week = thisWeek()
  const duties = [startDuty("duty-1")]
  const [first] = duties as [Running]
  await publishes(first)
  duties.push(startDuty("duty-2"))
  const [, second] = duties as [Running, Running]
  await says(second, "standing-by")
  const answered = await answer(await line.enrolment("duty-1"))
  for (const name of ["duty-1", "duty-2"]) await isKept(name, answered)
  // The eyes see: what is looked for stands there while it is needed.
  for (const { pid } of duties) expect(weeksFoundIn(pid, answered)).toEqual([0, 1, 2])

  toTheEndOfTheWeek(45)
  const leapt = line.clock.now()
  // The leap was longer than any lease: one of both takes the line anew.
  const all = (): readonly EditionId[] => duties.flatMap(({ editions }) => editions())
  const before = all().length
  await until("an edition in the week's last minute", async () => all().length > before + 1)
  expect(thisWeek()).toBe(week)
  const { term } = all().reduce((one, other) => (other.term > one.term ? other : one))
  for (const duty of duties) await beginsAnew(duty)
  const turned = all().length
  await until("editions of the new week", async () => all().length >= turned + 2)
  expect(thisWeek()).toBe(week + 1)

  for (const { pid } of duties) expect(weeksFoundIn(pid, answered)).toEqual([1, 2])
  // Nobody took over, no number twice and none left out: as without a new beginning.
  const numbers = all()
    .filter((id) => id.term === term)
    .map(({ number }) => number)
    .sort((a, b) => a - b)
  expect(numbers).toEqual(numbers.map((_, i) => i + 1))
  expect(Math.max(...all().map((id) => id.term))).toBe(term)
  for (const duty of duties) {
    expect(duty.child.exitCode).toBeNull()
    // One turn at a beat: whoever watches the relays sees no more of it than of any other.
    const beats = duty.turns.filter((at) => at > leapt).map((at) => Math.floor(at / 1000 / EDITION_SECONDS))
    expect(new Set(beats).size).toBe(beats.length)
    expect(limitsOf(duty.pid)).toMatch(/^Max core file size\s+1\s+1\s/m)
    expect(hasBegunAnew(duty)).toBe(true)
  }
  // It goes on to be ended as before: from a terminal and by whoever supervises it.
  for (const [duty, signal] of [
    [first, "SIGINT"],
    [second, "SIGTERM"],
  ] as const) {
    const ended = once(duty.child, "exit")
    duty.child.kill(signal)
    expect(await ended).toEqual([0, null])
  }
  expect(await isOnBoard(answered, (week + 1) as Week)).toBe(true)
})

/** Its turn comes in the week after: the moments in which something could be lost. */
const inNextWeek = (week: Week, fault: string): string => `
  import fs from "node:fs/promises"
  import { syncBuiltinESMExports } from "node:module"
  const isNow = () => Date.now() >= ${weekEnd(week) * 1000}
  const die = () => process.kill(process.pid, "SIGKILL")
  ${fault}
  syncBuiltinESMExports()`

const KILLED: Readonly<Record<string, string>> = {
  "as it writes its memory without the old keys": `
    const { rename } = fs
    fs.rename = (...names) => (isNow() ? die() : rename(...names))`,
  "as soon as that is written": `
    const { rename } = fs
    fs.rename = async (...names) => { await rename(...names); if (isNow()) die() }`,
  "as it is to be replaced": "process.execve = die",
  "as soon as it is replaced": `if (process.env.KUNAK_DUTY_BEFORE) die()`,
}

test.each(Object.entries(KILLED))(
  "[U17] [U5] killed %s it loses nothing, and begins anew then",
  async (_, fault) => {
    const week = thisWeek()
    const killed = startDuty("duty-1", inNextWeek(week, fault))
    await publishes(killed)
    const answered = await answer(await line.enrolment("duty-1"))
    await isKept("duty-1", answered)
    const ended = once(killed.child, "exit")
    line.clock.pass(7 * 86_400_000)
    expect(await ended).toEqual([null, "SIGKILL"])

    const again = startDuty("duty-1")
    await publishes(again, 2)
    const used = [...killed.editions(), ...again.editions()].map(({ term, number }) => `${term}.${number}`)
    expect(new Set(used).size).toBe(used.length)
    expect(heldBy("duty-1", answered.handle)).toBe(true)
    // Where the old keys were on its disk still, it had them from there.
    await until("a memory without them", async () => !weeksFoundIn(again.pid, answered).includes(0))
    expect(weeksFoundIn(again.pid, answered)).toEqual([1, 2])
    await line.end(again.child)
    expect(await isOnBoard(answered, (week + 1) as Week)).toBe(true)
  },
)

test("[U17] whoever ends it in the moment in which it begins anew has ended it", async () => {
  // It has said what became of the turn, and has not yet been replaced.
  const fault = `
    const write = process.stdout.write.bind(process.stdout)
    process.stdout.write = (...parts) => {
      if (isNow()) process.kill(process.pid, "SIGTERM")
      return write(...parts)
    }`
  const duty = startDuty("duty-1", inNextWeek(thisWeek(), fault))
  await publishes(duty)
  const ended = once(duty.child, "exit")
  line.clock.pass(7 * 86_400_000)
  const anew = beginsAnew(duty).then(() => "begun anew")
  expect(await Promise.race([ended, anew])).toEqual([0, null])
})

test("[U17] where it can't begin anew it says so once and goes on", async () => {
  const duty = startDuty("duty-1", "process.execve = undefined")
  await publishes(duty)
  const answered = await answer(await line.enrolment("duty-1"))
  await isKept("duty-1", answered)
  line.clock.pass(7 * 86_400_000)
  await publishes(duty, 3)
  // What was overwritten in place is not all: a script's texts stay.
  expect(weeksFoundIn(duty.pid, answered)).toEqual([0, 1, 2])
  expect(hasBegunAnew(duty)).toBe(false)
  expect(duty.complained().split("can't begin anew here")).toHaveLength(2)
})

test("[U17] [U13] a locked desk beside which a duty runs begins anew with it, on the same port", async () => {
  const vault = join(line.folder, "officer-1", "officer.vault")
  const desk = start(["desk", "--vault", vault, "--no-open", "--json", "--duty", join(line.folder, "duty-1")])
  await publishes(desk)
  const answered = await answer(await line.enrolment("duty-1"))
  await isKept("duty-1", answered)
  expect(weeksFoundIn(desk.pid, answered)).toEqual([0, 1, 2])
  const { port } = JSON.parse(desk.said().split("\n")[0] ?? "") as { port: number }
  line.clock.pass(7 * 86_400_000)
  await beginsAnew(desk, "KUNAK_DESK_BEFORE=")
  await publishes(desk, 2)
  expect(weeksFoundIn(desk.pid, answered)).toEqual([1, 2])
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200)
  // Whoever was signed in still is: nobody is given a new address.
  expect(
    desk
      .said()
      .split("\n")
      .filter((one) => one.includes('"address"')),
  ).toHaveLength(1)
})

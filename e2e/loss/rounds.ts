/**
 * Rounds of harm to a running organisation under load, and the look afterwards at whether anything was lost. Everything that is drawn comes from
 * one seed, so that a round that went wrong can be made again (the moments are then as good as the same: processes have their own pace).
 */

import { attendance } from "@kunak/core/edition/attendance"
import { decodeHeader } from "@kunak/core/edition/header"
import { verifyEdition } from "@kunak/core/edition/verify"
import { noticeSentences } from "@kunak/relay/notice"
import { type Chance, chanceOf } from "./chance.ts"
import type { Disk, Machine } from "./machine.ts"
import { isLost, judge, type Told, type Verdict } from "./oracle.ts"
import {
  askRelay,
  type DeskMachine,
  foundOrganisation,
  type Organisation,
  PASSPHRASE,
  type Publication,
} from "./organisation.ts"
import { letVisitorsWrite, type Visitors } from "./visitors.ts"
import type { Cargo, Torn, Uploaded } from "./wire.ts"

export const HARMS = [
  "kill",
  "power cut",
  "blackout",
  "disk",
  "clock",
  "torn uploads",
  "pause",
  "takeover",
  "database",
] as const
export type Harm = (typeof HARMS)[number]
/** Where no relay keeps its store in a database there is none to harm. */
export const HARMS_OF_FILES = HARMS.filter((harm) => harm !== "database")

/** How often each is drawn. */
const DRAWN: readonly Harm[] = [
  ...Array<Harm>(5).fill("kill"),
  ...Array<Harm>(6).fill("power cut"),
  "blackout",
  "disk",
  "disk",
  "disk",
  "clock",
  "clock",
  "clock",
  "torn uploads",
  "torn uploads",
  "pause",
  "takeover",
  "database",
  "database",
  "database",
]

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const JUMPS = [
  -40 * DAY,
  -3 * DAY,
  -5 * HOUR,
  -10 * MINUTE,
  10 * MINUTE,
  5 * HOUR,
  20 * HOUR,
  3 * DAY,
  20 * DAY,
  40 * DAY,
]

const VISITORS = 6
/** Rounds between two looks at everything that was told. */
const LOOK_EVERY = 50
/** A lease of ten seconds has to run out. */
const TAKEOVER_MS = 11_500
/** The other duty may be starting, or waiting for a lease of before. */
const LONGEST_TAKEOVER_MS = 60_000
/** In the middle of every fifty rounds a duty is stopped between its two uploads: tried so often, until it was made. */
const TRIES = 3
/** Until an upload to one of the relays was torn, and an answer to another; so long at most. */
const LONGEST_TEARING_MS = 10_000
const PATIENCE_SECONDS = 600

export interface RoundsOptions {
  readonly seed: number
  readonly rounds: number
  /** Told what happens. */
  readonly say?: (line: string) => void
  /** Only these. */
  readonly harms?: readonly Harm[]
  /** Only these, by their names, are killed or lose their power by themselves. */
  readonly machines?: readonly string[]
  /** So long anything that has to come may take: a machine that does much else is slow. */
  readonly patienceSeconds?: number
  /** Relay A keeps its store in PostgreSQL, which is killed and started again, too. */
  readonly withPostgres?: boolean
}

export interface RoundsResult {
  readonly rounds: number
  readonly harms: Readonly<Record<string, number>>
  /** Changes to files that power cuts judged. */
  readonly changes: number
  readonly counts: Visitors["counts"]
  readonly told: number
  readonly lost: number
  readonly doubled: number
  readonly invented: number
  /** Editions uploaded; numbers of which two different ones were. */
  readonly editions: number
  readonly numbersUsedTwice: readonly string[]
  readonly terms: number
  /** Of what desks and duties wrote, of visitors' ticks, and of questions: what was torn on its way there, and answers lost. */
  readonly torn: Readonly<Record<Cargo, Torn>>
  /** In which another duty held the line when the first went on: at any moment, and between the two uploads of one edition. */
  readonly takeovers: { readonly anywhere: number; readonly betweenUploads: number }
  /** Of what must be said where a disk or a clock is bad: what was not. */
  readonly unsaid: readonly string[]
  /** What was heard that should not be, each once. */
  readonly oddities: readonly string[]
  readonly seconds: number
  /** Milliseconds by what they went to. */
  readonly spent: Readonly<Record<string, number>>
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** One question takes no longer: what is beyond it, this process stood still, and so did those that it asks. */
const LONGEST_ASK_MS = 20_000

/** Whether it held within the time. */
async function becomes(ask: () => Promise<boolean>, ms: number): Promise<boolean> {
  for (let left = ms; left > 0; ) {
    const began = performance.now()
    if (await ask()) return true
    await sleep(200)
    left -= Math.min(performance.now() - began, LONGEST_ASK_MS)
  }
  return false
}

export async function runRounds({
  seed,
  rounds,
  say = () => {},
  withPostgres = false,
  harms = withPostgres ? HARMS : HARMS_OF_FILES,
  machines,
  patienceSeconds = PATIENCE_SECONDS,
}: RoundsOptions): Promise<RoundsResult> {
  const chance = chanceOf(seed)
  const began = performance.now()
  const organisation = await foundOrganisation(chance.named("wires"), { withPostgres })
  const tormentor = new Tormentor(
    organisation,
    chance.named("moments"),
    patienceSeconds * 1000,
    say,
    machines,
  )
  try {
    await tormentor.timed("start", () => tormentor.startAll())
    say(`all run after ${Math.round(performance.now() - began)} ms`)
    const visitors = letVisitorsWrite(organisation, VISITORS, chance.named("visitors"))
    const unsaid = await tormentor.timed("sentences", () => tormentor.hearSentences(visitors.told))
    const draw = chance.named("harms")
    const counted: Record<string, number> = {}
    const drawn = DRAWN.filter((harm) => harms.includes(harm))
    for (let round = 1; round <= rounds; round += 1) {
      const harm = draw.pick(drawn)
      counted[harm] = (counted[harm] ?? 0) + 1
      await tormentor.timed(harm, () => tormentor.harm(harm, round))
      if (drawn.includes("takeover") && round % LOOK_EVERY === Math.ceil(Math.min(rounds, LOOK_EVERY) / 2))
        await tormentor.timed("takeover between uploads", () => tormentor.takeOverBetweenUploads(round))
      if (round % LOOK_EVERY === 0 && round < rounds)
        await tormentor.timed("settling", () => tormentor.settle(visitors.told))
    }
    await visitors.stop()
    const verdict = await tormentor.timed("settling", () => tormentor.settle(visitors.told))
    const { editions } = organisation
    const odd = new Set(
      visitors.told
        .filter(({ oddAnswer }) => oddAnswer !== 0)
        .map(({ oddAnswer }) => `a visitor heard ${oddAnswer}`),
    )
    return {
      rounds,
      harms: counted,
      changes: tormentor.changes,
      counts: visitors.counts,
      told: verdict.told,
      lost: verdict.lost.length,
      doubled: verdict.doubled.length,
      invented: verdict.invented.length,
      editions: editions.size,
      numbersUsedTwice: [...editions].filter(([, bytes]) => bytes.size > 1).map(([id]) => id),
      torn: tormentor.torn,
      takeovers: tormentor.takeovers,
      terms: new Set([...editions.keys()].map((id) => id.split(".")[0])).size,
      unsaid,
      oddities: [...odd, ...tormentor.oddities, ...tormentor.notMade(counted)],
      seconds: Math.round((performance.now() - began) / 1000),
      spent: tormentor.spent,
    }
  } finally {
    await organisation.stop()
  }
}

type Victim = Machine | DeskMachine

const machineOf = (victim: Victim): Machine => ("machine" in victim ? victim.machine : victim)

class Tormentor {
  readonly #organisation: Organisation
  readonly #chance: Chance
  readonly #patienceMs: number
  readonly #say: (line: string) => void
  readonly #isMeant: (victim: Victim) => boolean
  readonly oddities = new Set<string>()
  changes = 0
  readonly takeovers = { anywhere: 0, betweenUploads: 0 }
  /** Milliseconds by what they went to. */
  readonly spent: Record<string, number> = {}
  /** What goes on beside the rounds: starts, takeovers. One at a time for each machine. */
  readonly #busy = new Map<Victim, Promise<unknown>>()

  constructor(
    organisation: Organisation,
    chance: Chance,
    patienceMs: number,
    say: (line: string) => void,
    machines: readonly string[] | undefined,
  ) {
    this.#organisation = organisation
    this.#chance = chance
    this.#patienceMs = patienceMs
    this.#say = say
    this.#isMeant = (victim) => machines?.includes(machineOf(victim).name) ?? true
  }

  #becomes(ask: () => Promise<boolean>): Promise<boolean> {
    return becomes(ask, this.#patienceMs)
  }

  get #all(): readonly Victim[] {
    const { relays, duties, desks } = this.#organisation
    return [...relays, ...duties, ...desks]
  }

  async startAll(): Promise<void> {
    const { relays, duties, desks } = this.#organisation
    await Promise.all(relays.map((relay) => relay.start()))
    await Promise.all([...duties.map((duty) => duty.start()), ...desks.map((desk) => desk.start())])
    if (!(await this.#becomes(async () => (await this.#isReceiving(0)) && (await this.#isReceiving(1)))))
      throw new Error(`the line never received: ${this.#sentences()}`)
  }

  async timed<T>(what: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now()
    try {
      return await work()
    } finally {
      this.spent[what] = Math.round((this.spent[what] ?? 0) + performance.now() - began)
    }
  }

  async harm(harm: Harm, round: number): Promise<void> {
    await sleep(this.#chance.below(350))
    switch (harm) {
      case "kill":
      case "power cut": {
        const victim = this.#chance.pick(this.#all.filter(this.#isMeant))
        this.#say(`${round} ${harm}: ${machineOf(victim).name}`)
        await this.#kill(victim, harm === "power cut")
        this.#startAgain(victim)
        return
      }
      case "blackout":
        this.#say(`${round} blackout`)
        for (const victim of this.#all) machineOf(victim).signal("SIGKILL")
        await this.#organisation.database?.kill()
        for (const victim of this.#all) await this.#kill(victim, true)
        await this.#organisation.database?.start()
        for (const victim of this.#all) this.#startAgain(victim)
        return
      case "disk": {
        const machine = machineOf(this.#chance.pick(this.#all))
        const disk = this.#chance.pick<Disk>(["full", "read-only", "failing"])
        this.#say(`${round} disk ${disk}: ${machine.name}`)
        machine.setDisk(disk)
        await sleep(300 + this.#chance.below(700))
        machine.setDisk("well")
        return
      }
      case "clock": {
        const victim = this.#chance.pick(this.#all)
        const seconds = this.#chance.pick(JUMPS)
        this.#say(`${round} clock ${seconds / HOUR} h: ${machineOf(victim).name}`)
        await this.#busy.get(victim)
        machineOf(victim).setClock(seconds)
        // Somebody unlocks the desk, which locked itself, before anybody sees that its clock is wrong.
        if ("window" in victim) await this.#unlock(victim)
        await sleep(500 + this.#chance.below(2_500))
        machineOf(victim).setClock(0)
        if ("window" in victim) await this.#unlock(victim)
        return
      }
      case "torn uploads":
        this.#say(`${round} torn uploads`)
        await this.#tear()
        return
      case "database":
        this.#say(`${round} database`)
        await this.#organisation.database?.kill()
        await sleep(this.#chance.below(2_000))
        await this.#organisation.database?.start()
        return
      case "pause": {
        const machine = machineOf(this.#chance.pick(this.#all))
        this.#say(`${round} pause: ${machine.name}`)
        machine.signal("SIGSTOP")
        await sleep(200 + this.#chance.below(1_000))
        machine.signal("SIGCONT")
        return
      }
      case "takeover":
        this.#say(`${round} takeover`)
        this.#takeOver()
        return
    }
  }

  /** Bad disks everywhere, then wrong clocks: each machine says what is the matter, and that it is over. @returns what was not said. */
  async hearSentences(told: readonly Told[]): Promise<readonly string[]> {
    const { relays, duties, desks } = this.#organisation
    const unsaid: string[] = []
    const hear = async (what: string, ask: () => Promise<boolean>): Promise<void> => {
      const isHeard = await this.#becomes(ask)
      this.#say(`${isHeard ? "heard" : "not heard"}: ${what}`)
      if (!isHeard) unsaid.push(what)
    }
    const says = (machine: Machine, words: string) => async () =>
      machine.sentences.some((one) => one.includes(words))
    const machines = this.#all.map(machineOf)
    await hear("a relay: there is room", async () => told.some(({ isTold }) => isTold))
    for (const machine of machines) machine.setDisk("full")
    await this.#organisation.database?.kill()
    for (const relay of relays)
      await hear(`${relay.name}: the disk`, says(relay, noticeSentences["store-refuses-writes"]))
    for (const duty of duties)
      await hear(`${duty.name}: the disk`, says(duty, "can't be written. Free some space"))
    for (const machine of machines) machine.setDisk("well")
    await this.#organisation.database?.start()
    for (const relay of relays)
      await hear(`${relay.name}: the disk is well`, says(relay, noticeSentences["store-writes-again"]))
    const someone = told.find(({ isTold }) => isTold)
    for (const desk of desks) {
      // Only a thread that the desk has can be written to; its key may still have been on its way.
      await hear(`${desk.machine.name}: a message`, async () => {
        await this.#unlock(desk)
        const found = await desk.window.ask<{ thread: unknown } | null>("hotline/open", {
          id: someone?.threadId,
        })
        return found.value != null
      })
      desk.machine.setDisk("full")
      await hear(`${desk.machine.name}: the disk`, async () => {
        const { error } = await desk.window.ask("hotline/note", { id: someone?.threadId, note: "x" })
        return error?.kind === "disk-full" || error?.kind === "disk-failed"
      })
      desk.machine.setDisk("well")
    }
    for (const duty of duties) duty.setClock(3 * DAY)
    for (const relay of relays)
      await hear(`${relay.name}: the clock`, says(relay, noticeSentences["clock-differs"]))
    for (const duty of duties) duty.setClock(0)
    const [desk] = desks
    desk.machine.setClock(-HOUR)
    await hear("desk 1: it locked itself", async () => {
      const { value } = await desk.window.ask<{ lockReason: string; locked: boolean }>("state")
      return value?.locked === true && value.lockReason === "suspend"
    })
    await hear("desk 1: the clock", async () => {
      // It begins anew when it locks: whoever unlocks it at once finds nobody there.
      await this.#unlock(desk)
      const { value } = await desk.window.ask<{ items: readonly { kind: string }[] }>("today")
      return value?.items.some(({ kind }) => kind === "clock-wrong") ?? false
    })
    desk.machine.setClock(0)
    await this.#unlock(desk)
    return unsaid
  }

  async #tear(): Promise<void> {
    const { wires } = this.#organisation
    for (const wire of wires) Object.assign(wire, { tornPercent: 25, due: ["there", "back"] })
    await sleep(800)
    await becomes(async () => wires.some(({ due }) => due.length === 0), LONGEST_TEARING_MS)
    for (const wire of wires) Object.assign(wire, { tornPercent: 0, due: [] })
  }

  /** On both ways together. */
  get torn(): Readonly<Record<Cargo, Torn>> {
    const [a, b] = this.#organisation.wires
    const of = (cargo: Cargo): Torn => ({
      there: a.torn[cargo].there + b.torn[cargo].there,
      back: a.torn[cargo].back + b.torn[cargo].back,
    })
    return { uploads: of("uploads"), ticks: of("ticks"), questions: of("questions") }
  }

  /** What was drawn, or is due, and never came about: then nothing was put to the test. */
  notMade(counted: Readonly<Record<string, number>>): readonly string[] {
    const { uploads } = this.torn
    return [
      ...(counted["torn uploads"] && (uploads.there === 0 || uploads.back === 0)
        ? ["no upload was torn there, or none back"]
        : []),
      ...(counted.takeover && this.takeovers.betweenUploads === 0
        ? ["no duty was overtaken between its two uploads"]
        : []),
    ]
  }

  /** The duty that holds the line stops in the middle of what it does, for longer than its lease; then it goes on, killed or as if nothing had been. */
  #takeOver(): void {
    const { duties, published } = this.#organisation
    const holder = published.at(-1)
    if (!holder) return
    const victim = duties[holder.duty]
    const isKilled = this.#chance.below(2) === 0
    this.#beside(victim, async () => {
      const { length } = published
      victim.signal(isKilled ? "SIGKILL" : "SIGSTOP")
      await sleep(TAKEOVER_MS)
      if (published.slice(length).some(({ duty }) => duty !== holder.duty)) this.takeovers.anywhere += 1
      victim.signal("SIGCONT")
      if (isKilled) await this.#start(victim)
    })
  }

  /**
   * Relay B has taken a duty's edition, and the duty stands still before it offers it to relay A; meanwhile the other duty takes the line over
   * and publishes. Then the first goes on, with an edition of a term that is over. Nothing else is done meanwhile.
   */
  async takeOverBetweenUploads(round: number): Promise<void> {
    const { duties } = this.#organisation
    for (let tries = 0; tries < TRIES; tries += 1) {
      await Promise.all(this.#busy.values())
      for (const duty of duties) await this.#start(duty)
      const isMade = await this.#stopBetweenUploads()
      this.#say(`${round} takeover between uploads: ${isMade ? "made" : "not made"}`)
      if (!isMade) continue
      this.takeovers.betweenUploads += 1
      return
    }
  }

  async #stopBetweenUploads(): Promise<boolean> {
    const { duties, wires, published, publicationIn } = this.#organisation
    const [, b] = wires
    const isOf = (one: Publication, other: Publication): boolean =>
      one.term === other.term && one.number === other.number && one.duty === other.duty
    let stopped: Publication | null = null
    b.onTaken = (upload: Uploaded) => {
      stopped = publicationIn(upload)
      if (!stopped) return
      duties[stopped.duty].signal("SIGSTOP")
      b.onTaken = null
    }
    if (!(await becomes(async () => stopped !== null, LONGEST_TAKEOVER_MS))) {
      b.onTaken = null
      return false
    }
    const half = stopped as unknown as Publication
    const { pid } = duties[half.duty]
    const since = published.length
    const isOvertaken = await becomes(
      async () => published.slice(since).some(({ term, duty }) => term > half.term && duty !== half.duty),
      LONGEST_TAKEOVER_MS,
    )
    const offered = published.length
    duties[half.duty].signal("SIGCONT")
    // To relay A, late.
    const isOffered = await becomes(
      async () => published.slice(offered).some((one) => isOf(one, half)),
      20_000,
    )
    return isOvertaken && isOffered && duties[half.duty].pid === pid
  }

  #beside(victim: Victim, work: () => Promise<unknown>): void {
    const done = (this.#busy.get(victim) ?? Promise.resolve()).then(work).finally(() => {
      if (this.#busy.get(victim) === done) this.#busy.delete(victim)
    })
    this.#busy.set(victim, done)
  }

  async #kill(victim: Victim, isPowerCut: boolean): Promise<void> {
    const machine = machineOf(victim)
    if (isPowerCut) this.changes += await machine.cutPower(this.#chance)
    else await machine.kill()
  }

  /** The rounds go on meanwhile: it may be killed again while it starts. */
  #startAgain(victim: Victim): void {
    this.#beside(victim, () => this.#start(victim))
  }

  async #start(victim: Victim): Promise<void> {
    if (machineOf(victim).isRunning) return
    await victim.start()
  }

  async #unlock(desk: DeskMachine): Promise<void> {
    const { value } = await desk.window.ask<{ locked: boolean }>("state")
    if (value?.locked) await desk.window.unlock(PASSPHRASE)
  }

  /** Everything is made well; then it must mend itself, without anybody's help but the passphrases. */
  async settle(told: readonly Told[]): Promise<Verdict> {
    const { desks } = this.#organisation
    const began = performance.now()
    await Promise.all(this.#busy.values())
    for (const victim of this.#all) {
      if (!machineOf(victim).isRunning) await this.#start(victim)
      if (!machineOf(victim).isRunning)
        this.oddities.add(`${machineOf(victim).name} does not start: ${this.#sentences()}`)
    }
    this.#say("settling: all run")
    const before = await Promise.all([this.#newest(0), this.#newest(1)])
    const now = [...told]
    const shown = desks.map(() => new Map<string, readonly string[]>())
    let verdicts: readonly Verdict[] = []
    const isWhole = await this.#becomes(async () => {
      await this.#openDesks()
      verdicts = await Promise.all(
        desks.map(async (desk, i) => {
          const seen = shown[i] ?? new Map()
          // What was whole is not asked again: that is for the last look.
          const isMissing = (one: Told): boolean => !seen.has(one.threadId) || isLost(one, seen)
          for (const [id, texts] of await shownBy(desk, now.filter(isMissing))) seen.set(id, texts)
          return judge(now, seen)
        }),
      )
      return verdicts.every(({ lost }) => lost.length === 0)
    })
    if (!isWhole)
      this.oddities.add(
        `messages are missing: ${JSON.stringify(verdicts.map(({ lost }) => lost.slice(0, 3)))}`,
      )
    this.#say("settling: looked for every message")
    for (const relay of [0, 1] as const) {
      const isFresh = await this.#becomes(async () => {
        const id = await this.#newest(relay)
        return (
          id !== null &&
          id !== before[relay] &&
          (await this.#isReceiving(relay)) &&
          (await this.#isAttended(relay))
        )
      })
      if (!isFresh)
        this.oddities.add(
          `relay ${"AB"[relay]} shows no edition that receives and is attended: ${this.#sentences()}`,
        )
    }
    this.#say("settling: looked for new editions")
    // Everything once more: what came twice may have come late.
    await this.#becomes(async () => {
      await this.#openDesks()
      verdicts = await Promise.all(desks.map(async (desk) => judge(now, await shownBy(desk, now))))
      return !isWhole || verdicts.every(({ lost }) => lost.length === 0)
    })
    this.#say(
      `settled in ${Math.round(performance.now() - began)} ms: ${verdicts.map(({ told: count }) => count).join(", ")} told`,
    )
    const both = verdicts as readonly [Verdict, Verdict]
    const all = <K extends "lost" | "doubled" | "invented">(key: K): Verdict[K] =>
      [...both[0][key], ...both[1][key]] as unknown as Verdict[K]
    return { told: both[0].told, lost: all("lost"), doubled: all("doubled"), invented: all("invented") }
  }

  async #openDesks(): Promise<void> {
    for (const desk of this.#organisation.desks) {
      const state = await desk.window.ask<{ locked: boolean }>("state")
      if (state.status === 401 || state.status === 0) {
        await desk.machine.kill()
        await desk.start()
      } else if (state.value?.locked) await desk.window.unlock(PASSPHRASE)
    }
  }

  async #newest(relay: 0 | 1): Promise<string | null> {
    const { body } = await askRelay(this.#organisation.relayPorts[relay], "GET", "/header")
    const id = decodeHeader(body)?.header.id
    return id ? `${id.term}.${id.number}` : null
  }

  async #isReceiving(relay: 0 | 1): Promise<boolean> {
    const { body } = await askRelay(this.#organisation.relayPorts[relay], "GET", "/header")
    return (decodeHeader(body)?.header.intakeKey.length ?? 0) > 0
  }

  async #isAttended(relay: 0 | 1): Promise<boolean> {
    const port = this.#organisation.relayPorts[relay]
    const [header, bulletin] = await Promise.all([
      askRelay(port, "GET", "/header"),
      askRelay(port, "GET", "/bulletin"),
    ])
    const edition = await verifyEdition(header.body, bulletin.body, this.#organisation.chain.organisationId)
    return edition.ok && attendance(edition.value).kind === "attended"
  }

  #sentences(): string {
    return this.#all
      .map(
        (victim) =>
          `${machineOf(victim).name}: ${[...new Set(machineOf(victim).sentences)].slice(-3).join(" | ")}`,
      )
      .join("; ")
  }
}

/** Every thread of these messages as the desk shows it. */
async function shownBy(
  desk: DeskMachine,
  told: readonly Told[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const shown = new Map<string, readonly string[]>()
  for (const threadId of new Set(told.map((one) => one.threadId))) {
    const { value } = await desk.window.ask<{ items: readonly { kind: string; text?: string }[] } | null>(
      "hotline/open",
      { id: threadId },
    )
    const texts = (value?.items ?? []).flatMap(({ kind, text }) => (kind === "message" && text ? [text] : []))
    shown.set(threadId, texts)
  }
  return shown
}

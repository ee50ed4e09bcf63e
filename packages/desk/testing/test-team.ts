/** Desks of several officers on one line, and a clock that they share. */
import { rmSync } from "node:fs"
import { must } from "@kunak/core/result"
import { SAMPLE_NOW } from "@kunak/core/testing/organisation"
import type { Instant } from "@kunak/core/time/instant"
import { expect } from "vitest"
import type { DeskOptions } from "../desk.ts"
import type { ConversationView, QueueView } from "../hotline/model.ts"
import type { TodayView } from "../today/model.ts"
import { deskIn, makeTestDesk, type OfficerName, type TestDesk } from "./test-desk.ts"
import { type DeskLine, makeDeskLine } from "./test-line.ts"

export interface Team {
  readonly line: DeskLine
  readonly now: () => Instant
  desk(officer: OfficerName, change?: Partial<DeskOptions>): Promise<TestDesk>
  /** Desks after their first rounds, with an edition that has an intake key. */
  start(...officers: readonly OfficerName[]): Promise<readonly TestDesk[]>
  /** So many rounds of each in turn, a second apart. */
  rounds(count: number, ...of: readonly TestDesk[]): Promise<void>
  /** Seconds that all open desks see pass. */
  pass(seconds: number): void
  /** Time in which these are locked, and nobody else is there; the line makes an edition at its end. */
  sleep(seconds: number, ...locked: readonly TestDesk[]): Promise<void>
  /** The same vault in a new process: the old one was killed, whatever it was doing. */
  restart(desk: TestDesk, change?: Partial<DeskOptions>): Promise<TestDesk>
  /** From a copy of its folder, taken at any moment: what a desk that was killed finds at its next start. */
  revive(before: TestDesk, copy: string): Promise<TestDesk>
  publish(): Promise<void>
  close(): Promise<void>
}

export async function makeTeam(): Promise<Team> {
  const time = { wall: SAMPLE_NOW * 1000, monotonic: 0 }
  const clock = { wall: () => time.wall, monotonic: () => time.monotonic }
  const now = (): Instant => Math.floor(time.wall / 1000) as Instant
  const line = await makeDeskLine(now)
  const desks: TestDesk[] = []
  const pass = (seconds: number): void => {
    for (let left = seconds; left > 0; left -= 20) {
      time.wall += Math.min(20, left) * 1000
      time.monotonic += Math.min(20, left) * 1000
      for (const one of desks) {
        one.desk.host.watch.touch()
        one.desk.host.open()
      }
    }
  }
  const desk: Team["desk"] = async (officer, change = {}) => {
    const made = await makeTestDesk(line, officer, clock, change)
    desks.push(made)
    return made
  }
  const rounds: Team["rounds"] = async (count, ...of) => {
    for (let i = 0; i < count; i += 1)
      for (const one of of) {
        pass(1)
        await one.open().sync.tick()
      }
  }
  const publish = async (): Promise<void> => {
    pass(2)
    const outcome = (await line.publish()) as { readonly kind: string }
    expect(outcome.kind).toBe("published")
  }
  return {
    line,
    now,
    desk,
    rounds,
    pass,
    publish,
    start: async (...officers) => {
      const made: TestDesk[] = []
      for (const officer of officers) made.push(await desk(officer))
      // Receive keys take seventeen cells, and a desk says four in a round.
      await rounds(7, ...made)
      await publish()
      await rounds(1, ...made)
      return made
    },
    sleep: async (seconds, ...locked) => {
      for (const one of locked) await one.ask("lock")
      const open = desks.filter((one) => !locked.includes(one) && one.desk.host.open())
      for (const one of open) await one.ask("lock")
      time.wall += seconds * 1000
      time.monotonic += seconds * 1000
      for (const one of open) must(await unlocked(one))
      await publish()
    },
    restart: async (before, change = {}) => {
      before.desk.host.lock("button")
      const again = deskIn(before.folder, line, clock, change)
      desks.splice(desks.indexOf(before), 1, again)
      must(await unlocked(again))
      return again
    },
    revive: async (before, copy) => {
      before.desk.host.lock("button")
      rmSync(before.folder, { recursive: true, force: true })
      const again = deskIn(copy, line, clock)
      desks.splice(desks.indexOf(before), 1, again)
      must(await unlocked(again))
      return again
    },
    close: async () => {
      for (const one of desks) {
        expect(one.mistakes).toEqual([])
        one.remove()
      }
      await line.close()
    },
  }
}

async function unlocked(desk: TestDesk) {
  const heard = await desk.unlock()
  return heard.status === 200
    ? ({ ok: true, value: null } as const)
    : ({ ok: false, error: { kind: heard.text } } as const)
}

export const queueOf = async (desk: TestDesk): Promise<QueueView> =>
  (await desk.ask<QueueView>("hotline/queue")).value
export const openThread = async (desk: TestDesk, id: string): Promise<ConversationView | null> =>
  (await desk.ask<ConversationView | null>("hotline/open", { id })).value
export const todayOf = async (desk: TestDesk): Promise<TodayView> =>
  (await desk.ask<TodayView>("today")).value
/** Messages and replies of a thread, as they stand. */
export const textsOf = async (desk: TestDesk, id: string): Promise<readonly string[]> =>
  ((await openThread(desk, id))?.items ?? []).flatMap((item) =>
    item.kind === "message" || item.kind === "reply" ? [item.text] : [],
  )

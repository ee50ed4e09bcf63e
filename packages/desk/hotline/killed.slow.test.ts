/** A desk that is killed between any two steps: whatever it was doing, nothing is lost and nothing is there twice. */
import { cpSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { must } from "@kunak/core/result"
import { runs } from "@kunak/core/testing/runs"
import type { Outgoing } from "@kunak/duty/relay-client"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { TestDesk } from "../testing/test-desk.ts"
import { makePerson, type TestPerson } from "../testing/test-person.ts"
import { makeTeam, openThread, type Team, textsOf } from "../testing/test-team.ts"

let team: Team
beforeEach(async () => {
  team = await makeTeam()
})
afterEach(() => team.close())

/**
 * Where a desk dies: before its n-th step counted from now, or right after it. A step is a request to a relay (sent or not,
 * its answer never comes) or a change of the vault (on disk or not).
 */
interface Death {
  readonly step: number
  readonly isAfter: boolean
}

interface Mortal {
  /** Goes on until it dies; then the folder as it was in that moment. Null where it came to the end of its rounds. */
  live(death: Death, rounds: () => Promise<void>): Promise<string | null>
}

/** Puts itself between a desk and its vault, and between the desk and the relays. */
function makeMortal(desk: TestDesk, outgoing: { current: Outgoing }): Mortal {
  let death: Death | null = null
  let steps = 0
  let died: ((copy: string) => void) | null = null
  let isDead = false
  const never = new Promise<never>(() => {})
  const die = (): void => {
    const copy = mkdtempSync(join(tmpdir(), "desk-"))
    cpSync(desk.folder, copy, { recursive: true })
    isDead = true
    died?.(copy)
  }
  const isDue = (isAfter: boolean): boolean =>
    !isDead && death !== null && steps === death.step && death.isAfter === isAfter
  const { vault } = desk.open()
  const plainChange = vault.change.bind(vault)
  Object.assign(vault, {
    change: (work: Parameters<typeof plainChange>[0]) => {
      steps += 1
      if (isDue(false)) die()
      const done = plainChange(work)
      if (isDue(true)) die()
      return done
    },
  })
  const plainOutgoing = outgoing.current
  outgoing.current = async (exchange) => {
    if (isDead) return await never
    steps += 1
    if (isDue(false)) {
      die()
      return await never
    }
    const answer = await plainOutgoing(exchange)
    if (isDue(true)) die()
    return isDead ? await never : answer
  }
  return {
    live: async (when, rounds) => {
      death = when
      steps = 0
      return await Promise.race([
        new Promise<string>((resolve) => {
          died = resolve
        }),
        rounds().then(() => null),
      ])
    },
  }
}

describe("a desk that is killed", () => {
  it("[I6] [S1] at any step: every message once at both desks, every answer once on the board, all acknowledged", async () => {
    const outgoing = { current: team.line.outgoing }
    const boris = await team.desk("boris")
    let amina = await team.desk("amina", { outgoing: (exchange) => outgoing.current(exchange) })
    await team.rounds(12, amina, boris)
    await team.publish()
    await team.rounds(20, amina, boris)
    const people: { readonly person: TestPerson; readonly text: string; readonly answer: string }[] = []
    let lived = 0
    for (let step = 1; lived < 2 && step < runs(120); step += 1) {
      const person = await makePerson(team.line, `person ${step}`)
      const text = `message ${step}`
      const answer = `answer ${step} `.repeat(100).trim()
      const id = await person.say({ text, to: "both" })
      await person.say({ text, id, to: "A" })
      // Every other time Boris's desk opens the envelopes first; what dies is Amina's.
      if (step % 4 > 1) await team.rounds(1, boris)
      outgoing.current = team.line.outgoing
      const mortal = makeMortal(amina, outgoing)
      const folder = await mortal.live({ step, isAfter: step % 2 === 0 }, async () => {
        await amina.open().sync.tick()
        await amina.ask("hotline/reply", { id: person.id, text: answer })
        await amina.open().sync.tick()
        await amina.open().sync.tick()
      })
      lived += folder === null ? 1 : 0
      if (folder !== null) amina = await team.revive(amina, folder)
      else amina = await team.restart(amina)
      outgoing.current = team.line.outgoing
      await team.rounds(2, amina, boris)
      // Whoever was asked to answer and died does so again, if the vault says that nothing was answered.
      const isAnswered = (await textsOf(amina, person.id)).includes(answer)
      if (!isAnswered) await amina.ask("hotline/reply", { id: person.id, text: answer })
      await team.rounds(2, amina, boris)
      people.push({ person, text, answer })
      for (const one of [amina, boris])
        expect([step, await textsOf(one, person.id)]).toEqual([step, [text, answer]])
    }
    expect(lived, "the last ones came through alive: every step was died at").toBe(2)
    expect(people.length).toBeGreaterThan(30)
    await team.rounds(10, amina, boris)
    await team.publish()
    await team.rounds(1, amina, boris)
    for (const { person, answer } of people) {
      const parts = await person.look()
      const said = parts.filter((part) => part.text !== "")
      const whole = said.map((part) => part.text).join("")
      expect(whole).toBe(answer)
      expect(said.every(({ opened }) => opened.length === 1)).toBe(true)
      const items = (await openThread(boris, person.id))?.items ?? []
      expect(items.filter(({ kind }) => kind === "reply")).toMatchObject([{ state: "on-board" }])
    }
    for (const store of team.line.stores) {
      const { head, acknowledged } = must(await store.ringState())
      expect(acknowledged).toBe(head)
    }
  })
})

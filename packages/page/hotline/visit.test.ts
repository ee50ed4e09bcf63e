/** What a visit does for the person who has it open. That the wire shows nothing of it: wire.test.ts. */
import type { Part } from "@kunak/core/board/part"
import { type Envelope, openEnvelope, parseEnvelope } from "@kunak/core/envelope/envelope"
import type { Letter } from "@kunak/core/envelope/letter"
import { signIntakeKey, windowOf } from "@kunak/core/intake/intake-key"
import { reveal, Secret } from "@kunak/core/secret"
import { signBody } from "@kunak/core/signature/signed"
import { kemOpener } from "@kunak/core/suite"
import { delegationAt, SAMPLE_NOW, signEdition } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { dummyRoot, type ThreadRoot, threadIdOf, type WeekKey, weekKeyOf } from "@kunak/core/thread/keys"
import { decodeTickAnswer, encodeTickAnswer } from "@kunak/core/tick/codec"
import { plusSeconds, weekOf, weekStart } from "@kunak/core/time/instant"
import { makeIntake } from "@kunak/relay/testing/hotline"
import { beforeEach, describe, expect, test } from "vitest"
import { assess } from "../state/findings.ts"
import { liveThread, openLetters, partsOf } from "./testing/desk-side.ts"
import {
  type RelayName,
  type Spoil,
  startVisit,
  type TestVisit,
  type VisitLine,
  visitLine,
} from "./testing/visit-line.ts"
import type { Visit } from "./visit-state.ts"

let line: VisitLine
beforeEach(async () => {
  line = await visitLine()
})

const amina = (): ThreadRoot => dummyRoot(seededRandom("Amina"))
/** The id of what was sent. @throws TypeError when it was refused. */
function send(visit: Visit, text: string): string {
  const sent = visit.send(text)
  if (!sent.ok) throw new TypeError(sent.error.kind)
  return sent.id
}
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"))
/** Letters of the envelopes that went out, by tick; null where the intake key opens nothing. */
const lettersOf = async ({ bodies }: TestVisit): Promise<readonly (Letter | null)[]> =>
  await openLetters(
    bodies.filter(({ length }) => length > 4_096).map((body) => body.slice(-4_096)),
    line.intake,
    line.organisation,
  )
const progress = (visit: Visit): readonly string[] => visit.state().messages.map((one) => one.progress)
const down: Spoil = () => "down"
const busy: Spoil = (bytes) => Uint8Array.of(0, ...bytes.slice(1))
const serving =
  (header: Uint8Array): Spoil =>
  (bytes) => {
    const answer = decodeTickAnswer(bytes, 9, true)
    return answer ? encodeTickAnswer({ ...answer, header }) : bytes
  }

describe("ticks", () => {
  test("[Z1] fifteen, each to A and B in the same moment, A first, of the sizes that the tick decides", async () => {
    const { visit, runTo, seen } = startVisit(line, { own: await line.publish() })
    await runTo(14)
    const expected = Array.from({ length: 30 }, (_, i) => {
      const [tick, relay] = [Math.floor(i / 2), i % 2]
      const bringsEnvelope = tick > 0 && relay === tick % 2
      return [
        5_000 + 60_000 * tick,
        `https://relay-${"ab"[relay]}.example/tick`,
        bringsEnvelope ? 4_267 : 163,
      ]
    })
    expect(seen.map(({ atMs, url, bytes }) => [atMs, url, bytes])).toEqual(expected)
    expect(visit.state()).toMatchObject({
      isOver: true,
      nextSendSeconds: null,
      obstacle: null,
      brokenLookUps: 0,
      rounds: 3,
    })
  })

  test("[Z1] chance puts each off, at most by a quarter of a second, to A and B alike", async () => {
    const drawn = [0, 0.5, 0.999]
    let draws = 0
    const { runTo, seen } = startVisit(line, {
      own: await line.publish(),
      chance: () => drawn[draws++ % 3] as number,
    })
    await runTo(14)
    const late = seen.map(({ atMs }, i) => Math.round(atMs - 5_000 - 60_000 * Math.floor(i / 2)))
    expect(late.slice(0, 8)).toEqual([0, 0, 125, 125, 250, 250, 0, 0])
    expect([late.length, draws]).toEqual([30, 15])
  })

  test("[Z1] headers are judged at ticks 0, 5 and 10: what is newer then is used from then on", async () => {
    const started = startVisit(line, { own: await line.publish() })
    const { visit, runTo } = started
    expect(visit.state().relays).toBeNull()
    await runTo(4)
    await line.publish()
    await runTo(5)
    expect(visit.state().relays).toMatchObject(
      [2, 2].map((number) => ({ verified: { header: { id: { number } } } })),
    )
    await runTo(7)
    const editions = (await lettersOf(started)).map((letter) => letter?.edition.number)
    expect(editions).toEqual([1, 1, 1, 1, 1, 2, 2])
  })

  test("[Z3] a visit that only reads brings letters with nothing to say, of a thread that nobody else has", async () => {
    const own = await line.publish()
    const visits = ["one", "another"].map((seed) => startVisit(line, { own, seed }))
    const letters: (Letter | null)[] = []
    for (const started of visits) {
      await started.runTo(3)
      letters.push(...(await lettersOf(started)))
    }
    expect(letters.map((letter) => letter?.message)).toEqual([null, null, null, null, null, null])
    expect(new Set(letters.map((letter) => String(letter?.threadId))).size).toBe(2)
  })

  test("[I4] no two envelopes have anything in common but their key, whatever is in them", async () => {
    const { visit, runTo, bodies } = startVisit(line, { own: await line.publish() })
    visit.enter(amina())
    send(visit, "Одно и то же")
    await runTo(4)
    const sealed = bodies.filter(({ length }) => length > 4_096).map((body) => body.slice(-4_096 + 9))
    expect(new Set(sealed.map((bytes) => String(bytes.slice(0, 32)))).size).toBe(4)
  })
})

describe("messages", () => {
  test("[I6] goes out in every envelope, to both relays in turn, until it is opened", async () => {
    const own = await line.publish()
    const started = startVisit(line, { own })
    const { visit, runTo } = started
    await runTo(0)
    visit.enter(amina())
    const id = send(visit, " Меня ищут.\r\nЧто делать? ")
    expect(visit.state().messages).toEqual([{ id, progress: "waiting", leavesInSeconds: 60 }])
    expect(visit.state().nextSendSeconds, "another one").toBe(120)
    await runTo(1)
    expect(progress(visit)).toEqual(["half"])
    await runTo(2)
    expect(progress(visit)).toEqual(["handed-over"])
    await runTo(4)
    const threadId = await threadIdOf(amina())
    for (const letter of await lettersOf(started))
      expect(letter).toMatchObject({ threadId, message: { text: "Меня ищут.\nЧто делать?" } })
    expect([(await line.envelopesAt("A")).length, (await line.envelopesAt("B")).length]).toEqual([2, 2])

    const opened = partsOf("x", { sequence: 0, text: "", opened: [bytesOf(id)] })
    await line.publish([await liveThread(amina(), opened)])
    await runTo(9)
    expect(progress(visit)).toEqual(["opened"])
    await runTo(10)
    expect((await lettersOf(started)).at(-1)?.message).toBeNull()
  })

  test("[I6] of several, what nobody has comes first, then each goes to both relays in turn", async () => {
    const started = startVisit(line, { own: await line.publish() })
    started.visit.enter(amina())
    send(started.visit, "первое")
    send(started.visit, "второе")
    await started.runTo(8)
    const texts = (await lettersOf(started)).map((letter) => letter?.message?.text)
    expect(texts).toEqual(["первое", "второе", "второе", "первое", "первое", "первое", "второе", "второе"])
  })

  test("[I6] with one relay down the other still gets every message", async () => {
    const { visit, runTo } = startVisit(line, { own: await line.publish(), spoil: { B: down } })
    visit.enter(amina())
    send(visit, "первое")
    send(visit, "второе")
    await runTo(2)
    expect(progress(visit)).toEqual(["handed-over", "waiting"])
    await runTo(4)
    expect(progress(visit)).toEqual(["handed-over", "handed-over"])
    expect(visit.state().obstacle).toBe("one-down")
  })

  test("[G22] one relay says that it has it and stores nothing: not handed over before the other was asked and has it", async () => {
    const liar: Spoil = (bytes) => Uint8Array.of(1, ...bytes.slice(1))
    const { visit, runTo } = startVisit(line, { own: await line.publish(), spoil: { A: busy, B: liar } })
    visit.enter(amina())
    send(visit, "Меня ищут.")
    await runTo(1)
    expect(progress(visit)).toEqual(["half"])
    await runTo(13)
    expect(progress(visit)).toEqual(["half"])
  })

  test("[G22] an answer that is lost once does not make a relay silent; two in a row do, until it answers", async () => {
    const lost: Spoil = (bytes, { tick }) => ([3, 6, 7].includes(tick) ? "down" : bytes)
    const { visit, runTo } = startVisit(line, { own: await line.publish(), spoil: { A: lost } })
    visit.enter(amina())
    await runTo(2)
    send(visit, "Меня ищут.")
    await runTo(3)
    expect(progress(visit), "A's one answer was lost").toEqual(["half"])
    await runTo(4)
    expect(progress(visit)).toEqual(["handed-over"])
    await runTo(5)
    send(visit, "И ещё.")
    const said: string[] = []
    for (const tick of [6, 7, 8]) {
      await runTo(tick)
      said.push(progress(visit)[1] ?? "")
    }
    expect(said).toEqual(["left", "handed-over", "handed-over"])
  })

  test("[I6] is taken back while it waits, not once its envelope is closed", async () => {
    const started = startVisit(line, { own: await line.publish() })
    const { visit, runTo } = started
    visit.enter(amina())
    const first = send(visit, "не надо")
    expect(visit.takeBack(first)).toBe(true)
    expect(visit.takeBack(first)).toBe(false)
    const second = send(visit, "надо")
    let isTaken: boolean | null = null
    await runTo(1, (ms) => {
      if (ms === 65_000) isTaken = visit.takeBack(second)
    })
    expect(isTaken).toBe(false)
    expect((await lettersOf(started)).map((letter) => letter?.message?.text)).toEqual(["надо"])
    expect(visit.takeBack(second)).toBe(false)
  })

  test("[G23] is not taken back once it has left, answer or none: a relay has it on its disk", async () => {
    const lost: Spoil = (bytes, { tick }) => (tick > 0 ? "silent" : bytes)
    const { visit, runTo } = startVisit(line, { own: await line.publish(), spoil: { A: lost, B: lost } })
    visit.enter(amina())
    const id = send(visit, "Меня ищут.")
    const tries: boolean[] = []
    const said: string[] = []
    await runTo(2, (ms) => {
      if (ms <= 65_000) return
      tries.push(visit.takeBack(id))
      said.push(...progress(visit))
    })
    expect((await line.envelopesAt("B")).length, "it did arrive").toBe(1)
    expect([new Set(tries), new Set(said)]).toEqual([new Set([false]), new Set(["left"])])
  })

  test("[G23] is taken back after a relay has said that it did not take it, and where nobody receives", async () => {
    const cases = [
      { spoil: { A: busy, B: busy }, change: {} },
      { spoil: {}, change: { intakeKey: new Uint8Array() } },
    ]
    for (const { spoil, change } of cases) {
      const { visit, runTo } = startVisit(line, { own: await line.publish([], change), spoil })
      visit.enter(amina())
      const id = send(visit, "Меня ищут.")
      await runTo(2)
      expect(progress(visit)).toEqual(["waiting"])
      expect(visit.takeBack(id)).toBe(true)
      expect(visit.state().messages).toEqual([])
    }
  })

  test("[I5] refuses what is empty, and says by how many letters a text is too long", async () => {
    const { visit } = startVisit(line, { own: await line.publish() })
    expect(visit.send(" \n\t ")).toEqual({ ok: false, error: { kind: "empty" } })
    expect(visit.send("ж".repeat(2_752))).toEqual({ ok: false, error: { kind: "too-long", over: 3 } })
    expect(visit.state().messages).toEqual([])
  })

  test("[G27] nothing can be sent any more once the last envelope is closed, half an interval before the end", async () => {
    const { visit, runTo, clock } = startVisit(line, { own: await line.publish() })
    await runTo(13)
    visit.enter(amina())
    const said: (readonly (number | null)[])[] = []
    const say = () => said.push([visit.state().nextSendSeconds, visit.state().lastSendSeconds])
    say()
    await runTo(14, () => {
      if (clock.nowMs() === 785_000 + 30_000) say()
    })
    expect(said[0], "a second after tick 13 has begun").toEqual([60, 29])
    expect(said.at(-1)).toEqual([null, 0])
  })

  test("[Z1] says in how many seconds what is written now leaves", async () => {
    const { visit, runTo, clock } = startVisit(line, { own: await line.publish() })
    const said: (number | null)[] = []
    await runTo(1, (ms) => {
      if (ms === 65_000) said.push(visit.state().nextSendSeconds, (ms - clock.nowMs()) / 1_000)
    })
    expect(said, "its envelope is closed: the one after").toEqual([90, 30])
    await runTo(13)
    visit.enter(amina())
    send(visit, "в последний раз")
    expect(visit.state()).toMatchObject({ messages: [{ leavesInSeconds: 60 }], nextSendSeconds: null })
    await runTo(14)
    send(visit, "слишком поздно")
    expect(visit.state()).toMatchObject({ nextSendSeconds: null, isOver: true })
    expect(progress(visit)).toEqual(["half", "waiting"])
  })
})

describe("replies", () => {
  const read = async (parts: readonly Part[], spoil: Partial<Record<RelayName, Spoil>> = {}) => {
    const own = await line.publish([await liveThread(amina(), parts)])
    const started = startVisit(line, { own, spoil })
    started.visit.enter(amina())
    await started.runTo(5)
    return started
  }

  test("[O3] are put together by place, and what was read is said in the envelopes that follow", async () => {
    const parts = partsOf("Первая часть. ".repeat(150))
    expect(parts).toHaveLength(3)
    const started = await read([...parts].reverse())
    const { visit, runTo } = started
    const [reply] = visit.state().replies
    expect(reply?.parts.join("")).toBe("Первая часть. ".repeat(150))
    expect(reply).toMatchObject({ written: SAMPLE_NOW, isRead: false })
    visit.markRead(reply?.id ?? "")
    expect(visit.state().replies[0]?.isRead).toBe(true)
    await runTo(6)
    const letters = await lettersOf(started)
    expect(letters.map((letter) => letter?.read)).toEqual([[], [], [], [], [], [16, 32, 48]])
  })

  test("[G24] whoever comes back before an answer is told when what they wrote was opened; leaving forgets it", async () => {
    const { visit } = await read(partsOf("x", { sequence: 0, text: "", opened: [new Uint8Array(8)] }))
    expect(visit.state()).toMatchObject({ openedAt: SAMPLE_NOW, replies: [], rounds: 1 })
    visit.enter(null)
    expect(visit.state().openedAt).toBeNull()
  })

  test("[O3] the same part twice counts once, and one of another thread not at all", async () => {
    const parts = partsOf("Мы вас слышим.")
    const { visit } = await read([...parts, ...parts])
    expect(visit.state().replies.map((one) => one.parts)).toEqual([["Мы вас слышим."]])
    const boris = await line.publish([await liveThread(dummyRoot(seededRandom("Boris")), parts)])
    const other = startVisit(line, { own: boris })
    other.visit.enter(amina())
    await other.runTo(5)
    expect(other.visit.state()).toMatchObject({ replies: [], brokenLookUps: 0, rounds: 1 })
  })

  test("[Z2] one altered byte: the row does not count, and is counted", async () => {
    const alter: Spoil = (bytes) => bytes.map((byte, i) => (i === 600 ? byte ^ 1 : byte))
    const { visit } = await read(partsOf("Мы вас слышим."), { A: alter })
    expect(visit.state().brokenLookUps).toBe(5)
    expect(visit.state().rounds, "nothing can be said of what is not there").toBe(0)
  })

  test("[Z2] nothing is read while a relay is down, and nothing is called broken", async () => {
    const { visit } = await read(partsOf("Мы вас слышим."), { A: down })
    expect(visit.state()).toMatchObject({ replies: [], brokenLookUps: 0, rounds: 0, obstacle: "one-down" })
  })

  test("[Z2] no relay is called broken that may have let the edition go: they keep five", async () => {
    const quick = await visitLine((charter) => ({ ...charter, editionSeconds: 150 }))
    // Whoever hears nothing at tick 5 goes on with what tick 0 brought.
    const silentAt5: Spoil = (bytes, { tick }) => (tick === 5 ? "down" : bytes)
    const own = await quick.publish()
    const { visit, runTo } = startVisit(quick, { own, spoil: { A: silentAt5, B: silentAt5 } })
    visit.enter(amina())
    await runTo(4)
    expect(visit.state().brokenLookUps).toBe(0)
    for (let i = 0; i < 6; i++) await quick.publish()
    send(visit, "Меня ищут.")
    await runTo(9)
    expect(visit.state().brokenLookUps, "five more may have been made by now").toBe(0)
    expect(progress(visit), "a relay drops what names an edition that it has not").toEqual(["left"])
    await runTo(11)
    expect(progress(visit)).toEqual(["half"])
    await runTo(12)
    expect(progress(visit)).toEqual(["handed-over"])
  })

  test("[Z2] a relay that lets an edition go too soon is called broken", async () => {
    const quick = await visitLine((charter) => ({ ...charter, editionSeconds: 150 }))
    const { visit, runTo } = startVisit(quick, { own: await quick.publish() })
    visit.enter(amina())
    await runTo(0)
    for (let i = 0; i < 6; i++) await quick.publish()
    await runTo(2)
    expect(visit.state().brokenLookUps, "so soon no honest duty has made five more").toBe(4)
  })

  test("[Z2] a saved copy of an edition long gone calls nobody broken: it was never shared", async () => {
    const own = await line.publish()
    for (let i = 0; i < 6; i++) await line.publish()
    const fromTick1 =
      (): Spoil =>
      (bytes, { tick }) =>
        tick === 0 ? "down" : bytes
    const { visit, runTo } = startVisit(line, { own, spoil: { A: fromTick1(), B: fromTick1() } })
    await runTo(4)
    expect(visit.state()).toMatchObject({ brokenLookUps: 0, rounds: 0 })
    await runTo(9)
    expect(visit.state()).toMatchObject({ brokenLookUps: 0, rounds: 1 })
  })

  test("[Z2] a relay that has the header but answers rows of another is noticed", async () => {
    const filler: Spoil = (bytes) => bytes.map((byte, i) => (i > 0 && i <= 2 * 1_312 ? byte ^ (i * 7) : byte))
    const { visit } = await read(partsOf("Мы вас слышим."), { B: filler })
    expect(visit.state()).toMatchObject({ replies: [], brokenLookUps: 10 })
  })
})

describe("threads", () => {
  test("[Z3] leaving forgets everything and erases the root; what is on its way then shows nothing", async () => {
    const own = await line.publish([await liveThread(amina(), partsOf("Мы вас слышим."))])
    const { visit, runTo } = startVisit(line, { own })
    const bytes = new Uint8Array(reveal<Uint8Array>(amina()))
    const root = new Secret(bytes) as ThreadRoot
    visit.enter(root)
    send(visit, "Меня ищут.")
    await runTo(4)
    expect(visit.state().replies).toHaveLength(1)
    expect(visit.state().rounds).toBe(1)
    await runTo(5, (ms) => {
      if (ms > 305_000) visit.enter(null)
    })
    expect(visit.state()).toMatchObject({ messages: [], replies: [], rounds: 0 })
    expect(bytes).toEqual(new Uint8Array(32))
    expect(() => reveal(root)).toThrow("erased")
    await runTo(9)
    expect(visit.state()).toMatchObject({ replies: [], brokenLookUps: 0, rounds: 1 })
  })
})

describe("what stands in the way", () => {
  const obstacleWith = async (
    spoil: Partial<Record<RelayName, Spoil>>,
    change: Parameters<VisitLine["publish"]>[1] = {},
  ): Promise<TestVisit> => {
    const started = startVisit(line, { own: await line.publish([], change), spoil })
    started.visit.enter(amina())
    send(started.visit, "Меня ищут.")
    await started.runTo(3)
    return started
  }

  test("[Z8] busy, down and refused keep the message and say so", async () => {
    const cases: readonly (readonly [Partial<Record<RelayName, Spoil>>, string, string])[] = [
      [{ A: busy, B: busy }, "busy", "waiting"],
      [{ A: down, B: down }, "both-down", "left"],
      [{ A: () => 503, B: () => 500 }, "both-down", "left"],
      [{ A: (bytes) => bytes.slice(1), B: (bytes) => Uint8Array.of(...bytes, 0) }, "both-down", "left"],
      [{ A: () => "silent", B: () => "silent" }, "both-down", "left"],
      [{ A: down }, "one-down", "handed-over"],
    ]
    for (const [spoil, obstacle, state] of cases) {
      const { visit } = await obstacleWith(spoil)
      expect(visit.state().obstacle, `${Object.values(spoil)}`).toBe(obstacle)
      expect(progress(visit)).toEqual([state])
    }
  })

  test("[I4] without an intake key it seals to one that is thrown away, and says that nobody receives", async () => {
    const started = await obstacleWith({}, { intakeKey: new Uint8Array() })
    expect(started.visit.state().obstacle).toBe("not-receiving")
    expect(progress(started.visit)).toEqual(["waiting"])
    expect(await lettersOf(started)).toEqual([null, null, null])
    expect(started.seen.map(({ bytes }) => bytes)).toEqual([163, 163, 163, 4267, 4267, 163, 163, 4267])
  })

  test("[I1] an intake key that duty signed is none: nothing is sealed to it", async () => {
    const { amina: officer, duties } = line.organisation
    const forged = await signIntakeKey(
      line.intake.key.publicKey,
      windowOf(SAMPLE_NOW),
      officer,
      delegationAt(line.organisation, SAMPLE_NOW),
    )
    const body = forged.slice(0, -64)
    const intakeKey = Uint8Array.of(...body, ...(await signBody("intake key", body, duties[0])))
    const started = await obstacleWith({}, { intakeKey })
    expect(started.visit.state().obstacle).toBe("not-receiving")
    expect(await lettersOf(started)).toEqual([null, null, null])
  })

  test("[I3] a key whose hours are over by all clocks is none; one wrong clock keeps nobody from asking", async () => {
    const own = await line.publish()
    const tomorrow = plusSeconds(SAMPLE_NOW, 86_400)
    const obstacleAt = async (a: typeof tomorrow, b: typeof tomorrow) => {
      const { visit, runTo } = startVisit(line, { own, now: tomorrow, relayNow: { A: a, B: b } })
      await runTo(0)
      return visit.state().obstacle
    }
    expect(await obstacleAt(tomorrow, tomorrow)).toBe("not-receiving")
    expect(await obstacleAt(SAMPLE_NOW, SAMPLE_NOW)).toBeNull()
    expect(await obstacleAt(tomorrow, SAMPLE_NOW)).toBeNull()
  })

  test("[Z7] an unsolved puzzle goes out alike, is called a slow device, and the message waits", async () => {
    const own = await line.publish([], {
      changeHeader: (header) => ({ ...header, board: { ...header.board, puzzleBits: 20 } }),
    })
    const started = startVisit(line, { own, pauseMs: 25_000 })
    started.visit.enter(amina())
    send(started.visit, "Меня ищут.")
    await started.runTo(2)
    expect(started.seen.map(({ bytes }) => bytes)).toEqual([163, 163, 163, 4267, 4267, 163])
    expect(started.visit.state().obstacle).toBe("slow-device")
    expect(progress(started.visit)).toEqual(["waiting"])
    expect([await line.envelopesAt("A"), await line.envelopesAt("B")]).toEqual([[], []])
  })

  test("[Z5] a device that is not done by the moment leaves the tick out, and says that it is slow", async () => {
    const own = await line.publish([], {
      changeHeader: (header) => ({ ...header, board: { ...header.board, puzzleBits: 20 } }),
    })
    const { visit, runTo, seen } = startVisit(line, { own, pauseMs: 40_000 })
    await runTo(3)
    expect(seen.map(({ atMs }) => atMs)).toEqual([5_000, 5_000])
    expect(visit.state().obstacle).toBe("slow-device")
  })
})

describe("headers", () => {
  test("[Z4] of two that are close the lower is used: both relays have it", async () => {
    await line.publish()
    const own = await line.publish([await liveThread(amina(), partsOf("Мы вас слышим."))])
    await line.publish([], {}, ["A"])
    const { visit, runTo } = startVisit(line, { own })
    visit.enter(amina())
    await runTo(1)
    expect(visit.state().disagree).toBe(false)
    expect(visit.state().replies).toHaveLength(1)
  })

  test("[Z4] far apart they disagree: said, and messages still reach the relay that is asked", async () => {
    const old = await line.publish()
    const own = await line.publish([], { id: { term: 1, number: 9 } })
    const { visit, runTo } = startVisit(line, { own, spoil: { A: serving(old.header) } })
    visit.enter(amina())
    send(visit, "Меня ищут.")
    await runTo(5)
    expect(visit.state()).toMatchObject({ disagree: true, brokenLookUps: 0 })
    expect(progress(visit)).toEqual(["handed-over"])
    expect([(await line.envelopesAt("A")).length, (await line.envelopesAt("B")).length]).toEqual([2, 3])
  })

  test("[Z4] [G12] two under one id: said as an equivocation, and neither is used for reading", async () => {
    const own = await line.publish()
    const { id, intakeKey } = own.edition.header
    const other = await signEdition(line.organisation, { id, intakeKey, issued: plusSeconds(SAMPLE_NOW, 90) })
    const { visit, runTo } = startVisit(line, { own, spoil: { B: serving(other.header) } })
    await runTo(4)
    expect(visit.state()).toMatchObject({ disagree: true, brokenLookUps: 0, rounds: 0 })
    const relays = visit.state().relays ?? []
    const { findings } = assess({ own: own.edition, relays, now: SAMPLE_NOW, isSavedCopy: false })
    expect(findings.map(({ kind }) => kind)).toContain("equivocation")
  })

  test("[Z7] a relay that serves a header with another intake key drops what is sealed to the newer: not handed over", async () => {
    const before = await line.publish([], { intakeKey: new Uint8Array() })
    const own = await line.publish()
    const old = serving(before.header)
    const { visit, runTo } = startVisit(line, { own, spoil: { A: old, B: old } })
    visit.enter(amina())
    send(visit, "Меня ищут.")
    await runTo(4)
    expect(visit.state()).toMatchObject({ disagree: false, obstacle: null })
    expect(progress(visit)).toEqual(["left"])
  })

  test("[I5] over the end of a week, with relay A an edition behind, letters have the week of the key that they are sealed to", async () => {
    const monday = weekStart(weekOf(SAMPLE_NOW))
    const [before, after] = [plusSeconds(monday, -60), plusSeconds(monday, 120)] as const
    const keys = {
      before: await makeIntake(line.organisation, before),
      after: await makeIntake(line.organisation, after),
    }
    const own = await line.publish([], { issued: before, intakeKey: keys.before.key.bytes })
    await line.publish([], { issued: after, intakeKey: keys.after.key.bytes }, ["B"])
    const { visit, runTo } = startVisit(line, { own, now: after })
    visit.enter(amina())
    send(visit, "Меня ищут.")
    await runTo(1)
    expect(visit.state().relays).toMatchObject([
      { verified: { header: { issued: before } } },
      { verified: { header: { issued: after } } },
    ])
    expect(progress(visit)).toEqual(["half"])
    const [bytes] = await line.envelopesAt("B")
    const envelope = parseEnvelope(bytes as Uint8Array) as Envelope
    const { organisationId } = line.organisation.chain
    // As desks open it: with the window of the key.
    const opener = await kemOpener(keys.after.seed)
    const letter = await openEnvelope(envelope, opener, organisationId, keys.after.key.window)
    expect(letter?.message?.text).toBe("Меня ищут.")
    const ofMonday = await weekKeyOf(amina(), weekOf(after))
    expect(reveal<Uint8Array>(letter?.weekKeys[0] as WeekKey)).toEqual(reveal<Uint8Array>(ofMonday))
  })

  test("[Z4] what nobody signed is refused; its relay's word that a message arrived is worth nothing", async () => {
    const own = await line.publish()
    const unsigned = own.header.map((byte, i) => (i === 100 ? byte ^ 1 : byte))
    const { visit, runTo } = startVisit(line, { own, spoil: { B: serving(unsigned) } })
    visit.enter(amina())
    send(visit, "Меня ищут.")
    await runTo(1)
    expect(visit.state().disagree).toBe(true)
    expect(visit.state().relays?.[1].kind).toBe("refused")
    expect(progress(visit)).toEqual(["left"])
    await runTo(14)
    expect(progress(visit), "the other alone has it, to the end").toEqual(["half"])
  })
})

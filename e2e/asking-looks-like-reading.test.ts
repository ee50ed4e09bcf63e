/**
 * The central promise on the wire: who asks for help and who reads the warnings send and get the same, in every state. Two
 * visits in a real browser, one that only reads, one that asks; what the watcher of each relay's wire wrote down
 * must be equal in order, method, path, headers, sizes and connections. docs/protocol.md §21; rules G4, Z1, Z3, Z6.
 */

import { TICKS } from "@kunak/core/parameters"
import { runs } from "@kunak/core/testing/runs"
import { openChromium, type Visit, visit } from "@kunak/page/testing/browser"
import type { App } from "@kunak/relay/app"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { openLine, type PageLine } from "./page-line/open-line.ts"
import { comeBack, HOTLINE, practise, press, takeWords, write } from "./page-line/steps.ts"
import { type Recorder, recordWire, tracesOf } from "./wire/recorder.ts"

const TICK_MS = 1_500
/** A whole visit, and how many ticks of it are watched where a state shows itself sooner. */
const WHOLE = TICKS
const SOME = 8
const TEXT = "Это Амина. За мной следят у дома, мне страшно. Что делать?"
const ANSWER = "Оставайтесь у подруги. Мы ответим завтра до полудня. ".repeat(60)

let browser: Browser
beforeAll(async () => {
  browser = await openChromium()
})
afterAll(() => browser.close())

/** A line of its own for each rule, so that all are watched at once: most of a visit is waiting. */
interface Watched {
  readonly line: PageLine
  readonly wires: readonly Recorder[]
}

async function watched(look: (line: Watched) => Promise<void>): Promise<void> {
  const wires: Recorder[] = []
  const line = await openLine(TICK_MS, async (relay, port) => {
    const wire = await recordWire(relay, port)
    wires.push(wire)
    return wire.origin
  })
  try {
    await line.publish()
    await look({ line, wires })
  } finally {
    await line.close()
    await Promise.all(wires.map((wire) => wire.close()))
  }
}

type Act = (open: Visit) => Promise<unknown>
const reads: Act = async () => {}

/** A busy machine leaves ticks out (rule Z5), for everybody: such a visit is made again. */
async function carried(on: Watched, act: Act, ticks: number): Promise<readonly (readonly unknown[])[]> {
  for (let attempt = 0; attempt < 8; attempt++) {
    const traces = await carriedOnce(on, act, ticks)
    if (traces[0]?.length === 2 + 2 * ticks) return traces
  }
  throw new Error("eight visits in which a tick was left out")
}

/** One visit until some time after a tick. @returns what each wire carried. */
async function carriedOnce(
  { line, wires }: Watched,
  act: Act,
  ticks: number,
): Promise<readonly (readonly unknown[])[]> {
  for (const wire of wires) wire.seen.length = 0
  const open = await visit(browser, line.a.origin)
  const begun = performance.now()
  await act(open)
  // The last of them lies a twelfth of an interval after the one before the last ends.
  const until = (ticks - 1) * TICK_MS + TICK_MS * (ticks === TICKS ? 2.5 : 0.6)
  const left = until - (performance.now() - begun)
  expect(left, "the person was done before the visit was").toBeGreaterThan(0)
  await open.page.waitForTimeout(left)
  await open.close()
  return wires.map((wire, i) => tracesOf(wire.seen, i === 0 ? "A" : "B"))
}

async function expectAlike(on: Watched, act: Act, ticks: number): Promise<readonly (readonly unknown[])[]> {
  const reader = await carried(on, reads, ticks)
  const seeker = await carried(on, act, ticks)
  expect(seeker).toEqual(reader)
  return reader
}

const usable = (open: Visit): Promise<void> =>
  open.page.locator(`${HOTLINE} button:visible`).first().waitFor()
/** Somebody new each time, who learns ten words and writes. @param keep is given the words. */
const asks =
  (keep: (words: readonly string[]) => void = () => {}): Act =>
  async (open) => {
    await usable(open)
    const words = await takeWords(open.page)
    keep(words)
    await practise(open.page, words)
    await write(open.page, TEXT)
  }
const comesBack = async (open: Visit, words: readonly string[]): Promise<void> => {
  await usable(open)
  await comeBack(open.page, words.join(" "))
}
const heldTexts = (open: Visit): Promise<string> =>
  open.page
    .locator(`${HOTLINE} textarea`)
    .evaluateAll((all) => all.map((one) => (one as HTMLTextAreaElement).value).join())

test.concurrent("[Z1] at the first visit, when somebody asks, practises and writes: two wires that nobody can tell apart, and silence after the last tick", () =>
  watched(async (on) => {
    const [a, b] = await expectAlike(on, asks(), WHOLE)
    // The page and fifteen ticks, with their answers; at B the ticks alone.
    expect([a?.length, b?.length]).toEqual([32, 30])
    const letters = await on.line.letters()
    expect(letters.filter(({ message }) => message?.text === TEXT).length).toBeGreaterThan(5)
  }))

test.concurrent("[Z3] when an answer waits, is read in its parts, and is answered in turn", () =>
  watched(async (on) => {
    const { line } = on
    let words: readonly string[] = []
    await carriedOnce(
      on,
      asks((taken) => {
        words = taken
      }),
      SOME,
    )
    const letter = (await line.letters()).find(({ message }) => message?.text === TEXT)
    if (!letter) throw new TypeError("nobody asked")
    await line.publish([await line.replyTo(letter, ANSWER)])
    let read = ""
    const reply: Act = async (open) => {
      await comesBack(open, words)
      await write(open.page, "Спасибо. Я у подруги.")
      await open.page
        .locator(`${HOTLINE} button:visible`, { hasText: "Я прочитал" })
        .waitFor({ timeout: 12 * TICK_MS })
      read = await heldTexts(open)
      await press(open.page, "Я прочитал")
    }
    await expectAlike(on, reply, WHOLE)
    expect(read).toContain(ANSWER.trim().slice(0, 200))
  }))

test.concurrent("[Z3] when relay B is down", () =>
  watched(async (on) => {
    on.wires[1]?.cut(true)
    const [a, b] = await expectAlike(on, asks(), SOME)
    expect([a?.length, b?.length]).toEqual([2 + 2 * SOME, 0])
  }))

test.concurrent("[Z6] when relay B lies: garbled rows; with more runs, always busy, and answers of another size", () =>
  watched(async (on) => {
    const honest = on.line.b.app
    const lying =
      (change: (body: Uint8Array) => Uint8Array): App =>
      async (request) => {
        const answer = await honest(request)
        return request.target === "/tick" && answer.status === 200
          ? { ...answer, body: change(answer.body) }
          : answer
      }
    const lies = [
      (body: Uint8Array) => body.map((byte, i) => (i % 97 === 1 ? byte ^ 1 : byte)),
      (body: Uint8Array) => body.map((byte, i) => (i === 0 ? 0 : byte)),
      (body: Uint8Array) => body.slice(0, -1),
    ]
    let words: readonly string[] = []
    const learn = asks((taken) => {
      words = taken
    })
    await carriedOnce(on, learn, SOME)
    // One of the lies each time, all of them in the long run.
    for (const change of lies.slice(0, runs(1))) {
      on.line.b.app = lying(change)
      await expectAlike(on, (open) => comesBack(open, words), SOME)
    }
  }))

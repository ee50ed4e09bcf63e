/**
 * The central promise on the wire: who asks for help and who reads the warnings send and get the same, in every state. Two
 * visits in a real browser, one that only reads, one that asks; what the watcher of each relay's wire wrote down
 * must be equal in order, method, path, headers, sizes and connections. docs/protocol.md §21; rules G4, Z1, Z3, Z6.
 */

import { randomBytes } from "node:crypto"
import { TICKS } from "@kunak/core/parameters"
import { makePhrase, phraseWords } from "@kunak/core/phrase/phrase"
import { openChromium, type Visit, visit } from "@kunak/page/testing/browser"
import type { App } from "@kunak/relay/app"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { withoutNewCryptography } from "./page-line/old-phone.ts"
import { comeBack, HOTLINE, practise, press, takeWords, write } from "./page-line/steps.ts"
import { type Trace, tracesOf } from "./wire/recorder.ts"
import { noneIsLeftOut, type Watched, watchedLine } from "./wire/watched-line.ts"

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
const watched = (look: (on: Watched) => Promise<void>): Promise<void> => watchedLine(TICK_MS, look)

type Act = (open: Visit) => Promise<unknown>
const reads: Act = async () => {}

/** What holds for both visits alike. */
interface Circumstances {
  readonly before?: (page: Page) => Promise<void>
  /** From the beginning, relay A's wire and B's. */
  readonly isCut?: readonly [boolean, boolean]
  /** What happens to the line once a visit has made three ticks. */
  readonly midway?: () => void
  /** Messages on A's wire where not every tick is answered. */
  readonly messagesAtA?: number
}

/** A busy machine leaves ticks out (rule Z5), for everybody: such a visit is made again. */
async function carried(
  on: Watched,
  act: Act,
  ticks: number,
  alike: Circumstances,
): Promise<readonly (readonly Trace[])[]> {
  for (let attempt = 0; attempt < 8; attempt++) {
    const traces = await carriedOnce(on, act, ticks, alike)
    const [atA = []] = traces
    if (atA.length === (alike.messagesAtA ?? 2 + 2 * ticks) && noneIsLeftOut(atA)) return traces
  }
  throw new Error("eight visits in which a tick was left out")
}

/** One visit until some time after a tick. @returns what each wire carried. */
async function carriedOnce(
  { line, wires }: Watched,
  act: Act,
  ticks: number,
  { before, midway, isCut = [false, false] }: Circumstances = {},
): Promise<readonly (readonly Trace[])[]> {
  for (const [i, wire] of wires.entries()) {
    wire.cut(isCut[i] === true)
    wire.seen.length = 0
  }
  const open = await visit(browser, line.a.origin, {}, before)
  const begun = performance.now()
  const timer = midway && setTimeout(midway, 2.7 * TICK_MS)
  await act(open)
  // The last of them lies a twelfth of an interval after the one before the last ends.
  const until = (ticks - 1) * TICK_MS + TICK_MS * (ticks === TICKS ? 2.5 : 0.6)
  const left = until - (performance.now() - begun)
  expect(left, "the person was done before the visit was").toBeGreaterThan(0)
  await open.page.waitForTimeout(left)
  clearTimeout(timer)
  await open.close()
  return wires.map((wire, i) => tracesOf(wire.seen, i === 0 ? "A" : "B"))
}

async function expectAlike(
  on: Watched,
  act: Act,
  ticks: number,
  alike: Circumstances = {},
): Promise<readonly (readonly Trace[])[]> {
  const reader = await carried(on, reads, ticks, alike)
  const seeker = await carried(on, act, ticks, alike)
  expect(seeker).toEqual(reader)
  return reader
}

const usable = (open: Visit): Promise<void> =>
  open.page.locator(`${HOTLINE} button:visible`).first().waitFor()
/** Somebody new each time, who learns ten words and writes. */
const asks: Act = async (open) => {
  await usable(open)
  await practise(open.page, await takeWords(open.page))
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
    const [a, b] = await expectAlike(on, asks, WHOLE)
    // The page and fifteen ticks, with their answers; at B the ticks alone.
    expect([a?.length, b?.length]).toEqual([32, 30])
    const letters = await on.line.letters()
    expect(letters.filter(({ message }) => message?.text === TEXT).length).toBeGreaterThan(5)
  }))

test.concurrent("[Z3] when an answer waits, is read in its parts, and is answered in turn", () =>
  watched(async (on) => {
    const { line } = on
    const words = phraseWords(makePhrase("ru", (bytes) => new Uint8Array(randomBytes(bytes))))
    await line.publish([await line.replyTo(await line.writerOf(words), ANSWER)])
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

/** Answers ticks as it likes; everything else as it should. */
const changed =
  (honest: App, change: (body: Uint8Array) => Uint8Array): App =>
  async (request) => {
    const answer = await honest(request)
    return request.target === "/tick" && answer.status === 200
      ? { ...answer, body: change(answer.body) }
      : answer
  }
const garbled = (body: Uint8Array): Uint8Array => body.map((byte, i) => (i % 97 === 1 ? byte ^ 1 : byte))
const busy = (body: Uint8Array): Uint8Array => body.map((byte, i) => (i === 0 ? 0 : byte))
const shortened = (body: Uint8Array): Uint8Array => body.slice(0, -1)
/** After it has heard the whole tick: else what comes first on the wire, its end or the answer, is chance. */
const failing =
  (honest: App): App =>
  async (request) => {
    const answer = await honest(request)
    return request.target === "/tick" ? { status: 503, headers: {}, body: new Uint8Array() } : answer
  }

const STATES: readonly {
  readonly when: string
  readonly prepare: (on: Watched) => void
  readonly alike?: (on: Watched) => Circumstances
  /** Messages on A's wire and on B's. */
  readonly carries: readonly [number, number]
}[] = [
  {
    when: "[Z3] when relay B is down",
    prepare: () => {},
    alike: () => ({ isCut: [false, true] }),
    carries: [2 + 2 * SOME, 0],
  },
  {
    when: "[Z3] when relay A fails every tick",
    prepare: ({ line }) => {
      line.a.app = failing(line.a.app)
    },
    carries: [2 + 2 * SOME, 2 * SOME],
  },
  {
    when: "[Z3] when both are cut off in the middle, with a message queued",
    prepare: () => {},
    alike: ({ wires }) => ({
      midway: () => {
        for (const wire of wires) wire.cut(true)
      },
      messagesAtA: 2 + 2 * 3,
    }),
    carries: [2 + 2 * 3, 2 * 3],
  },
  ...(["a", "b"] as const).map((relay) => ({
    when: `[Z6] when relay ${relay.toUpperCase()} answers garbled rows`,
    prepare: ({ line }: Watched) => {
      line[relay].app = changed(line[relay].app, garbled)
    },
    carries: [2 + 2 * SOME, 2 * SOME] as const,
  })),
  {
    when: "[Z6] when relay B is always busy",
    prepare: ({ line }) => {
      line.b.app = changed(line.b.app, busy)
    },
    carries: [2 + 2 * SOME, 2 * SOME],
  },
  {
    when: "[Z6] when relay B answers in another size",
    prepare: ({ line }) => {
      line.b.app = changed(line.b.app, shortened)
    },
    carries: [2 + 2 * SOME, 2 * SOME],
  },
  {
    when: "[G16] on a phone whose browser has neither Ed25519 nor X25519 nor ML-KEM",
    prepare: () => {},
    alike: () => ({ before: withoutNewCryptography }),
    carries: [2 + 2 * SOME, 2 * SOME],
  },
]

for (const { when, prepare, alike, carries } of STATES)
  test.concurrent(when, () =>
    watched(async (on) => {
      prepare(on)
      const [a, b] = await expectAlike(on, asks, SOME, alike?.(on))
      expect([a?.length, b?.length]).toEqual(carries)
    }),
  )

/**
 * The central promise on the wire, in Firefox ESR, the base of Tor Browser: who only reads, who asks for help, and who comes back to an
 * answer, reads and replies, send and get the same. As in Chromium (asking-looks-like-reading.test.ts), one after the other: Firefox
 * lets only the page in front have its moments.
 */
import { openFirefox } from "@kunak/page/testing/firefox"
import type { Browser, Page } from "puppeteer-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import {
  comeBackIn,
  firefoxVisit,
  hears,
  practiseIn,
  pressIn,
  takeWordsIn,
  valueIn,
  writeIn,
} from "./page-line/firefox-steps.ts"
import { SAYS } from "./page-line/said.ts"
import { type Trace, tracesOf } from "./wire/recorder.ts"
import { noneIsLeftOut, type Watched, watchedLine } from "./wire/watched-line.ts"

const TICK_MS = 1_500
/** The page's words are typed in the first of them; an answer of two parts is read and replied to in the others. */
const WATCHED_TICKS = 8
const TEXT = "Это Амина, выдуманная. За мной следят у дома."
const ANSWER = "Оставайтесь у подруги. Мы ответим завтра до полудня. ".repeat(30).trim()
const THANKS = "Спасибо. Я у подруги."

let browser: Browser
beforeAll(async () => {
  browser = await openFirefox()
})
afterAll(() => browser.close())

type Act = (page: Page) => Promise<void>
const reads: Act = async () => {}

/** By somebody new to the browser. @returns what each wire carried until some time after the last tick that is watched. */
async function carriedOnce({ line, wires }: Watched, act: Act): Promise<readonly (readonly Trace[])[]> {
  for (const { seen } of wires) seen.length = 0
  const context = await browser.createBrowserContext()
  const { page, complaints } = await firefoxVisit(context, line.a.origin)
  const begun = performance.now()
  await act(page)
  const left = (WATCHED_TICKS - 1 + 0.6) * TICK_MS - (performance.now() - begun)
  expect(left, "the person was done before the visit was").toBeGreaterThan(0)
  await new Promise((over) => setTimeout(over, left))
  expect(complaints).toEqual([])
  await context.close()
  return wires.map(({ seen }, i) => tracesOf(seen, i === 0 ? "A" : "B"))
}

/** A busy machine leaves ticks out (rule Z5), for everybody: such a visit is made again. */
async function carried(on: Watched, act: Act): Promise<readonly (readonly Trace[])[]> {
  for (let attempt = 0; attempt < 8; attempt++) {
    const traces = await carriedOnce(on, act)
    const [atA = []] = traces
    if (atA.length === 2 + 2 * WATCHED_TICKS && noneIsLeftOut(atA)) return traces
  }
  throw new Error("eight visits in which a tick was left out")
}

test("[Z1] [Z3] in Firefox who reads, who asks, and who comes back to an answer and replies: wires that nobody can tell apart", () =>
  watchedLine(TICK_MS, async (on) => {
    const { line } = on
    const reader = await carried(on, reads)
    expect(reader.map(({ length }) => length)).toEqual([2 + 2 * WATCHED_TICKS, 2 * WATCHED_TICKS])

    let words: readonly string[] = []
    const asker = await carried(on, async (page) => {
      words = await takeWordsIn(page)
      await practiseIn(page, words)
      await writeIn(page, TEXT)
    })
    expect(asker).toEqual(reader)
    const letter = (await line.letters()).find(({ message }) => message?.text === TEXT)
    if (!letter) throw new TypeError("nobody asked")

    await line.publish([await line.replyTo(await line.writerOf(words), ANSWER)])
    const answered = await carried(on, reads)
    expect(answered, "an answer on the board, and nobody who looks for it").toEqual(
      await carried(on, async (page) => {
        await comeBackIn(page, words)
        await hears(page, "Он останется здесь до")
        expect(await valueIn(page, ".item textarea[id^=ask-reply]")).toBe(ANSWER)
        await pressIn(page, SAYS.ru.read)
        await writeIn(page, THANKS)
      }),
    )
    const thanks = (await line.letters()).find(({ message }) => message?.text === THANKS)
    expect(thanks?.read).toHaveLength(2)
  }))

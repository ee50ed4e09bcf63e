/** What a phone that is six times slower than this machine needs for the puzzle and for ten words, at their true strength, in Chromium. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import { MAX_PUZZLE_BITS, PBKDF2_ROUNDS, PUZZLE_BITS, TICK_MS } from "@kunak/core/parameters"
import { OPTIONS } from "@kunak/page/build-scripts"
import { build } from "esbuild"
import type { Browser, Page } from "playwright-core"
import { median, type Row, row } from "./row.ts"

const SLOWER = 6
const ROUNDS = 5
const MEASURE_MS = 2_000

/** As the page's own script is bundled, with its small libraries. */
const SCRIPT = `
import { makePhrase, rootFromPhrase } from "@kunak/core/phrase/phrase"
import { PuzzleSolver } from "@kunak/core/tick/puzzle"
const random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes))
const pause = () => new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => { port1.close(); resolve() }
  port2.postMessage(0)
})
globalThis.triesPerSecond = async (ms) => {
  const puzzle = { termKey: random(32), headerHash: random(32), envelopeHash: random(32), bits: 256 }
  const solver = new PuzzleSolver(puzzle, random(8))
  const started = performance.now()
  let tries = 0
  while (performance.now() - started < ms) {
    solver.try(256)
    tries += 256
    await pause()
  }
  return tries * 1000 / (performance.now() - started)
}
globalThis.phraseMs = async () => {
  const started = performance.now()
  await rootFromPhrase(makePhrase("ru", random), random(32))
  return performance.now() - started
}`

interface Measures {
  triesPerSecond(ms: number): Promise<number>
  phraseMs(): Promise<number>
}

export async function phoneRows(browser: Browser): Promise<readonly Row[]> {
  const resolveDir = fileURLToPath(new URL("../packages/page", import.meta.url))
  const { outputFiles } = await build({ ...OPTIONS, stdin: { contents: SCRIPT, resolveDir } })
  // The platform's cryptography is there for whoever comes from somewhere, and not on an empty page.
  const server = createServer((_, response) => response.end("<!doctype html>"))
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  const page = await browser.newPage()
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    await page.evaluate(outputFiles[0]?.text ?? "")
    const session = await page.context().newCDPSession(page)
    const slow = (rate: number): Promise<unknown> => session.send("Emulation.setCPUThrottlingRate", { rate })
    const phraseMs = await measured(page, ({ phraseMs }) => phraseMs())
    await slow(SLOWER)
    const tries = await measured(page, ({ triesPerSecond }, ms) => triesPerSecond(ms))
    await slow(1)
    return [puzzleRow(tries), phraseRow(phraseMs)]
  } finally {
    await page.close()
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
}

async function measured(page: Page, of: (page: Measures, ms: number) => Promise<number>): Promise<number> {
  const values: number[] = []
  for (let i = 0; i < ROUNDS; i++)
    values.push((await page.evaluate(`(${of})(globalThis, ${MEASURE_MS})`)) as number)
  return median(values)
}

/** Of a hundred puzzles one takes longer than this many times the average: −ln 0.01. */
const ONE_IN_HUNDRED = 4.605
/** From half an interval before a tick, when its envelope is closed, to a sixth before (rule Z5). */
const PUZZLE_SECONDS = TICK_MS / 1000 / 3

function puzzleRow(triesPerSecond: number): Row {
  const seconds = (bits: number): string => ((ONE_IN_HUNDRED * 2 ** bits) / triesPerSecond).toFixed(1)
  return row({
    id: "page.puzzle-seconds",
    what: `99 of 100 puzzles of ${PUZZLE_BITS} bits are solved, Chromium slowed ${SLOWER} times; a page gives up after ${PUZZLE_SECONDS} s`,
    value: (ONE_IN_HUNDRED * 2 ** PUZZLE_BITS) / triesPerSecond,
    unit: "s",
    beside: null,
    besideValue: null,
    goal: PUZZLE_SECONDS,
    direction: "lower is better",
    slope: `${Math.round(triesPerSecond).toLocaleString("en")} tries/s. ${PUZZLE_BITS}, ${PUZZLE_BITS + 2}, ${MAX_PUZZLE_BITS} bits, at most: 99 of 100 within ${[PUZZLE_BITS, PUZZLE_BITS + 2, MAX_PUZZLE_BITS].map(seconds).join(", ")} s.`,
  })
}

const phraseRow = (ms: number): Row =>
  row({
    id: "page.phrase-seconds",
    what: `ten words become a root: PBKDF2, ${PBKDF2_ROUNDS.toLocaleString("en")} rounds, of the platform, on a thread of its own that Chromium's throttle does not reach: ${SLOWER} times of what it takes here`,
    value: (SLOWER * ms) / 1000,
    unit: "s",
    beside: null,
    besideValue: null,
    goal: null,
    direction: "lower is better",
    slope: "In proportion to the rounds; nothing else grows with it.",
  })

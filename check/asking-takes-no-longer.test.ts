/**
 * Whether who asks can be told from who reads by *when* things go over the wire: visits of each kind in a real browser, a
 * classifier on the moments of requests and answers, judged on visits that it has not seen. A control plants 20 ms into
 * some visits: what would not find that could find nothing. How long people stay is told beside it and judged by nobody: it can be seen.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { TICKS } from "@kunak/core/parameters"
import { runs } from "@kunak/core/testing/runs"
import { openChromium, visit } from "@kunak/page/testing/browser"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { openLine, type PageLine } from "../e2e/page-line/open-line.ts"
import { HOTLINE, practise, takeWords, write } from "../e2e/page-line/steps.ts"
import { type Judgement, tellApart } from "../e2e/wire/classifier.ts"
import { type Recorder, recordWire, type Seen } from "../e2e/wire/recorder.ts"

const TICK_MS = 1_000
/** Ticks of a visit that are watched, and visits of each kind; two hundred in the long run. */
const WATCHED = 5
const VISITS = Math.min(200, runs(24))
/** Visits at the same time: more would measure each other. */
const SIDE_BY_SIDE = 4
/** Of deviations above chance: more fails. Where nothing can be told one run in forty does. */
const MOST_SIGMAS = 2

let browser: Browser
const lines: { readonly line: PageLine; readonly wires: readonly Recorder[] }[] = []

beforeAll(async () => {
  browser = await openChromium()
  for (let i = 0; i < SIDE_BY_SIDE; i++) {
    const wires: Recorder[] = []
    const line = await openLine(TICK_MS, async (relay, port) => {
      const wire = await recordWire(relay, port)
      wires.push(wire)
      return wire.origin
    })
    await line.publish()
    lines.push({ line, wires })
  }
})
afterAll(async () => {
  await browser.close()
  for (const { line, wires } of lines) {
    await line.close()
    await Promise.all(wires.map((wire) => wire.close()))
  }
})

interface Kind {
  readonly before?: (page: Page) => Promise<void>
  readonly act: (page: Page) => Promise<unknown>
}
/** Sees what the asking one sees, and touches nothing. */
const reads: Kind = {
  act: async (page) => {
    await page.locator(`${HOTLINE} button:visible`).first().waitFor()
  },
}
const asks: Kind = {
  act: async (page) => {
    await page.locator(`${HOTLINE} button:visible`).first().waitFor()
    await practise(page, await takeWords(page))
    await write(page, "Это Амина. За мной следят, мне страшно. Что делать?")
  },
}
/** Twenty milliseconds of work in a page at the moment of every request. */
const works: Kind = {
  before: async (page) => {
    await page.addInitScript(() => {
      const real = window.fetch.bind(window)
      window.fetch = (...given) => {
        const until = performance.now() + 20
        while (performance.now() < until);
        return real(...given)
      }
    })
  },
  act: reads.act,
}

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

/**
 * What a watcher could go by: how far apart the two requests of a tick are, how far a tick is from its beat, how long
 * answers take, and how much each of these varies. Null when a busy machine left a tick out.
 */
function momentsOf(wires: readonly Recorder[]): readonly number[] | null {
  const of = (kind: Seen["kind"]) =>
    wires.map((wire, i) => wire.seen.filter((one) => one.kind === kind).slice(i === 0 ? 1 : 0))
  const [[a = [], b = []], [heardA = [], heardB = []]] = [of("request"), of("answer")]
  if (Math.min(a.length, b.length, heardA.length, heardB.length) < WATCHED) return null
  const ticks = Array.from({ length: WATCHED }, (_, k) => ({
    apart: (b[k]?.at ?? 0) - (a[k]?.at ?? 0),
    off: k === 0 ? 0 : (a[k]?.at ?? 0) - (a[k - 1]?.at ?? 0) - TICK_MS,
    waitA: (heardA[k]?.at ?? 0) - (a[k]?.at ?? 0),
    waitB: (heardB[k]?.at ?? 0) - (b[k]?.at ?? 0),
  }))
  const first = (a[0]?.at ?? 0) - (wires[0]?.seen[0]?.at ?? 0)
  return [
    first,
    ...(["apart", "off", "waitA", "waitB"] as const).flatMap((name) => {
      const values = ticks.map((tick) => tick[name])
      return [middle(values), middle(values.map((value) => Math.abs(value - middle(values))))]
    }),
  ]
}

/** Ticks that a visit made. Who asks leaves when the page lets them go; a reader after any of them. */
async function dwell(at: number, isAsking: boolean): Promise<readonly number[]> {
  const place = lines[at]
  if (!place) throw new RangeError("no such line")
  for (const wire of place.wires) wire.seen.length = 0
  const { page, close } = await visit(browser, place.line.a.origin)
  if (isAsking) {
    await asks.act(page)
    await page.getByText("Страницу можно закрыть").first().waitFor()
  } else await page.waitForTimeout(Math.random() * WATCHED * TICK_MS)
  await close()
  return [place.wires[1]?.seen.filter(({ kind }) => kind === "request").length ?? 0]
}

async function dwells(each: number): Promise<readonly [number[][], number[][]]> {
  const found: [number[][], number[][]] = [[], []]
  await Promise.all(
    lines.map(async (_, at) => {
      for (let turn = at; turn < 2 * each; turn += lines.length) {
        const isAsking = (turn - at) % (2 * lines.length) === 0
        found[isAsking ? 0 : 1].push([...(await dwell(at, isAsking))])
      }
    }),
  )
  return found
}

async function oneVisit(at: number, { before, act }: Kind): Promise<readonly number[] | null> {
  const place = lines[at]
  if (!place) throw new RangeError("no such line")
  for (const wire of place.wires) wire.seen.length = 0
  const open = await visit(browser, place.line.a.origin, {}, before)
  const begun = performance.now()
  await act(open.page)
  await open.page.waitForTimeout(Math.max(0, (WATCHED - 0.4) * TICK_MS - (performance.now() - begun)))
  await open.close()
  return momentsOf(place.wires)
}

/** Kinds take turns on every line, so that a machine that grows slower does so for both. */
async function visits(one: Kind, other: Kind, each: number): Promise<readonly [number[][], number[][]]> {
  const found: [number[][], number[][]] = [[], []]
  let left = 2 * each
  await Promise.all(
    lines.map(async (_, at) => {
      for (let turn = at; left > 0; turn++) {
        left -= 1
        const kind = (turn % 2) as 0 | 1
        const moments = await oneVisit(at, kind === 0 ? one : other)
        if (moments) found[kind].push([...moments])
      }
    }),
  )
  return found
}

const told = ({ right, of, sigmas }: Judgement): string =>
  `${right} of ${of} told rightly, ${sigmas.toFixed(1)} σ above chance`

test("[Z3] the moments on the wire do not tell who asks from who reads, and would tell 20 milliseconds", async () => {
  const [control, plain] = await visits(works, reads, Math.min(VISITS, 60))
  const planted = tellApart(control, plain)
  expect(planted.sigmas, `the control: ${told(planted)}`).toBeGreaterThan(2)

  const [asking, reading] = await visits(asks, reads, VISITS)
  expect(Math.min(asking.length, reading.length), "visits whose ticks were all there").toBeGreaterThan(
    VISITS * 0.7,
  )
  const judged = tellApart(asking, reading)
  // For whoever wants to know by what they were told apart.
  mkdirSync(".cache", { recursive: true })
  writeFileSync(".cache/moments.json", JSON.stringify({ asking, reading, control, plain }))
  expect(judged.sigmas, told(judged)).toBeLessThan(MOST_SIGMAS)
  const [stayed, left] = await dwells(Math.min(VISITS, 40))
  const least = Math.min(...stayed.map(([ticks]) => ticks ?? 0))
  const byDwell = `by how long they stay (asking: ${least} ticks at least, reading: any number up to ${WATCHED}): ${told(tellApart(stayed, left))}`
  process.stdout.write(
    `moments: ${told(judged)}; 20 ms planted: ${told(planted)}; ${TICKS} ticks of a visit, ${WATCHED} watched; ${byDwell}\n`,
  )
}, 1_800_000)

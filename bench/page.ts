/**
 * What the page weighs, and how long it takes on a bad line until a warning is read and a message is typed and queued: five warnings in two
 * languages in force.
 */
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { renderPage } from "@kunak/page/document/render"
import { openChromium } from "@kunak/page/testing/browser"
import {
  bytesUntil,
  compress,
  hasChecking,
  hasExchange,
  hasFirstWarning,
  hasHotline,
  hasSealing,
} from "@kunak/page/testing/first-bytes"
import { fiveWarnings } from "@kunak/page/testing/five-warnings"
import { answerTick, bodyOf, nowInstant, sampleTemplate } from "@kunak/page/testing/page-site"
import type { Browser, Page } from "playwright-core"
import { phoneRows } from "./page-phone.ts"
import { median, type Row, row } from "./row.ts"

/** 50 kbit/s and 1.5 s of latency for each answer: a throttled mobile network, or Tor on a bad day. */
const LINE = { latency: 1500, downloadThroughput: 50_000 / 8, uploadThroughput: 50_000 / 8, offline: false }
const ROUNDS = 3

/** One TCP flight: ten segments (RFC 6928). */
const FIRST_FLIGHT = 14_000
const USABLE = 50_000
const REQUESTS = 3

export async function pageBench(): Promise<Row[]> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  const browser = await openChromium()
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { edition } = await fiveWarnings(nowInstant(), [{ web: origin }, { web: origin }])
    const page = renderPage(await sampleTemplate(), edition, "web")
    serve(server, compress(page, "br"), edition.header)
    return [...sizes(page), ...(await times(browser, origin)), ...(await phoneRows(browser))]
  } finally {
    await browser.close()
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
}

function serve(server: Server, page: Uint8Array, header: Uint8Array): void {
  server.on("request", async (request, response) => {
    if (request.url === "/tick") {
      const answer = answerTick(await bodyOf(request), header)
      response.setHeader("Access-Control-Allow-Origin", "*").setHeader("Cache-Control", "no-store")
      response.setHeader("Access-Control-Expose-Headers", "Date").end(answer)
    } else {
      response.setHeader("Content-Type", "text/html; charset=utf-8")
      response.setHeader("Content-Encoding", "br").end(page)
    }
  })
}

const shown = (id: string, what: string, value: number, unit: string, goal: number | null): Row =>
  row({
    id,
    what,
    value,
    unit,
    beside: null,
    besideValue: null,
    goal,
    direction: "lower is better",
    slope: null,
  })

function sizes(page: Uint8Array): readonly Row[] {
  const until = (id: string, what: string, isThere: (text: string) => boolean, goal: number | null): Row =>
    shown(id, `compressed bytes until ${what}`, bytesUntil(page, "br", isThere), "bytes", goal)
  return [
    until(
      "page.first-warning-bytes",
      "the newest warning is whole, in the second of two languages",
      (text) => hasFirstWarning(text, 1),
      FIRST_FLIGHT,
    ),
    until(
      "page.hotline-bytes",
      "ten words can be learned and practised, and a message typed and queued",
      hasHotline,
      USABLE,
    ),
    until("page.exchange-bytes", "the exchange with both relays runs", hasExchange, USABLE),
    until("page.sealing-bytes", "envelopes can be sealed on every platform", hasSealing, null),
    until("page.checking-bytes", "a pasted warning can be checked", hasChecking, null),
    shown(
      "page.bytes",
      "the whole page, compressed, code reader included",
      compress(page, "br").length,
      "bytes",
      null,
    ),
  ]
}

async function times(browser: Browser, origin: string): Promise<readonly Row[]> {
  const rounds: TimedVisit[] = []
  for (let i = 0; i < ROUNDS; i++) rounds.push(await timedVisit(browser, origin))
  const seconds = (id: string, what: string, of: (visit: TimedVisit) => number, goal: number | null): Row =>
    shown(
      id,
      `from the visit to ${what}; Chromium at 50 kbit/s and 1.5 s of latency`,
      median(rounds.map(of)) / 1000,
      "s",
      goal,
    )
  return [
    shown(
      "page.requests",
      "requests until a message is queued and both relays have answered",
      Math.max(...rounds.map(({ requests }) => requests)),
      "requests",
      REQUESTS,
    ),
    seconds("page.first-warning-seconds", "the newest warning", ({ warning }) => warning, 5),
    seconds(
      "page.hotline-seconds",
      "a message typed and queued, ten words taken and practised by a hand that does not wait",
      ({ queued }) => queued,
      13,
    ),
    seconds("page.whole-seconds", "the end of the document", ({ whole }) => whole, null),
    seconds("page.checked-seconds", "the page's own word, both relays asked", ({ checked }) => checked, null),
  ]
}

/** Milliseconds since the visit began. */
interface TimedVisit {
  readonly warning: number
  readonly queued: number
  readonly whole: number
  readonly checked: number
  readonly requests: number
}
type Seen = Omit<TimedVisit, "requests">

async function timedVisit(browser: Browser, origin: string): Promise<TimedVisit> {
  const context = await browser.newContext({ locale: "ru-RU" })
  try {
    const page = await context.newPage()
    let requests = 0
    page.on("request", () => {
      requests += 1
    })
    const session = await context.newCDPSession(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", LINE)
    await page.addInitScript(watch)
    await page.goto(origin, { waitUntil: "commit" })
    await askForHelp(page)
    const handle = await page.waitForFunction(() => {
      const { seen } = globalThis as unknown as { seen: Partial<Seen> }
      return seen.warning && seen.queued && seen.whole && seen.checked ? seen : null
    })
    const seen = (await handle.jsonValue()) as Seen | null
    if (!seen) throw new Error("the page never spoke")
    return { ...seen, requests }
  } finally {
    await context.close()
  }
}

/** In the page: when each is there. */
function watch(): void {
  const seen: Partial<Record<keyof Seen, number>> = {}
  Object.assign(globalThis, { seen })
  addEventListener("load", () => {
    seen.whole = performance.now()
  })
  new MutationObserver(() => {
    // Whole: something stands after it already.
    if (!seen.warning && document.querySelector("article + *")) {
      requestAnimationFrame(() => {
        seen.warning ??= performance.now()
      })
    }
    const has = (selector: string, words: string): boolean =>
      document.querySelector(selector)?.textContent?.includes(words) === true
    if (!seen.checked && has(".live", "свежая")) seen.checked = performance.now()
    if (!seen.queued && has(".item", "Ещё не отправлено")) seen.queued = performance.now()
  }).observe(document, { childList: true, subtree: true })
}

/** Every step as a person takes it, without their time. */
async function askForHelp(page: Page): Promise<void> {
  const press = (name: string): Promise<void> =>
    page.locator(".hotline button:visible", { hasText: name }).first().click()
  await press("Написать впервые")
  const words = (await page.locator("#ask-phrase").inputValue()).replace(/[\s\d]+/g, " ").trim()
  await press("Помню")
  await page.locator("#ask-words").fill(words)
  await page.keyboard.press("Enter")
  await page.locator(".draft").fill("Меня ищут. Мне нужно уехать.")
  await press("Отправить")
}

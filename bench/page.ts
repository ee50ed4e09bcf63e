/** What the page weighs, and how long its first warning takes on a bad line: five warnings in two languages in force. */
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { renderPage } from "@kunak/page/document/render"
import { openChromium } from "@kunak/page/testing/browser"
import { bytesUntil, compress, hasFirstWarning } from "@kunak/page/testing/first-bytes"
import { fiveWarnings } from "@kunak/page/testing/five-warnings"
import { nowInstant, sampleTemplate } from "@kunak/page/testing/page-site"
import type { Browser } from "playwright-core"
import { median, type Row, row } from "./row.ts"

/** 50 kbit/s and 1.5 s of latency for each answer: a throttled mobile network, or Tor on a bad day. */
const LINE = { latency: 1500, downloadThroughput: 50_000 / 8, uploadThroughput: 50_000 / 8, offline: false }
const ROUNDS = 3

/** One TCP flight: ten segments (RFC 6928). */
const FIRST_FLIGHT = 14_000
const WHOLE = 50_000

export async function pageBench(): Promise<Row[]> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  const browser = await openChromium()
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { edition } = await fiveWarnings(nowInstant(), [{ web: origin }, { web: origin }])
    const page = renderPage(await sampleTemplate(), edition, "web")
    serve(server, compress(page, "br"), edition.header)
    return [...sizes(page), ...(await times(browser, origin))]
  } finally {
    await browser.close()
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
}

function serve(server: Server, page: Uint8Array, header: Uint8Array): void {
  server.on("request", (request, response) => {
    if (request.url === "/header") {
      response.setHeader("Access-Control-Allow-Origin", "*").end(header)
    } else {
      response.setHeader("Content-Type", "text/html; charset=utf-8")
      response.setHeader("Content-Encoding", "br").end(page)
    }
  })
}

const bytesRow = (id: string, what: string, value: number, goal: number): Row =>
  row({
    id,
    what,
    value,
    unit: "bytes",
    beside: null,
    besideValue: null,
    goal,
    direction: "lower is better",
    slope: null,
  })

function sizes(page: Uint8Array): readonly Row[] {
  const until = (isThere: (text: string) => boolean): number => bytesUntil(page, "br", isThere)
  return [
    bytesRow(
      "page.first-warning-bytes",
      "compressed bytes until the newest warning is whole, in the second of two languages",
      until((text) => hasFirstWarning(text, 1)),
      FIRST_FLIGHT,
    ),
    bytesRow(
      "page.checking-bytes",
      "compressed bytes until the page can verify itself and check a pasted warning",
      until((text) => text.split("</script>").length > 4),
      WHOLE,
    ),
    bytesRow(
      "page.bytes",
      "the whole page, compressed, code reader included",
      compress(page, "br").length,
      WHOLE,
    ),
  ]
}

async function times(browser: Browser, origin: string): Promise<readonly Row[]> {
  const rounds: Awaited<ReturnType<typeof timedVisit>>[] = []
  for (let i = 0; i < ROUNDS; i++) rounds.push(await timedVisit(browser, origin))
  const seconds = (id: string, what: string, values: readonly number[], goal: number): Row =>
    row({
      ...bytesRow(id, `${what}; Chromium at 50 kbit/s and 1.5 s of latency`, 0, goal),
      value: median(values) / 1000,
      unit: "s",
    })
  return [
    seconds(
      "page.first-warning-seconds",
      "from the visit to the newest warning",
      rounds.map(({ warning }) => warning),
      5,
    ),
    seconds(
      "page.checked-seconds",
      "from the visit to the page's own word, both relays asked",
      rounds.map(({ checked }) => checked),
      13,
    ),
  ]
}

/** Milliseconds since the visit began: newest warning painted; relays' answers judged. */
async function timedVisit(
  browser: Browser,
  origin: string,
): Promise<{ readonly warning: number; readonly checked: number }> {
  const context = await browser.newContext({ locale: "ru-RU" })
  try {
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", LINE)
    await page.addInitScript(() => {
      const seen: Record<string, number> = {}
      Object.assign(globalThis, { seen })
      new MutationObserver(() => {
        // Whole: something stands after it already.
        if (!seen.warning && document.querySelector("article + *")) {
          requestAnimationFrame(() => {
            seen.warning ??= performance.now()
          })
        }
        const said = document.querySelector(".live")?.textContent ?? ""
        if (!seen.checked && said.includes("свежая")) seen.checked = performance.now()
      }).observe(document, { childList: true, subtree: true })
    })
    await page.goto(origin)
    const handle = await page.waitForFunction(() => {
      const { seen } = globalThis as unknown as { seen: { warning?: number; checked?: number } }
      return seen.warning && seen.checked ? { warning: seen.warning, checked: seen.checked } : null
    })
    const seen = await handle.jsonValue()
    if (!seen) throw new Error("the page never spoke")
    return seen
  } finally {
    await context.close()
  }
}

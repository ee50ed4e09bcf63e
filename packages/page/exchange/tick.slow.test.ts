/** What browsers make of a tick's question: one POST of plain bytes, and nothing before it. */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import { encodeTickAnswer } from "@kunak/core/tick/codec"
import { build } from "esbuild"
import { afterAll, beforeAll, expect, test } from "vitest"
import { openChromium } from "../testing/browser.ts"
import { openFirefox } from "../testing/firefox.ts"

interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly bytes: number
}

const answer = encodeTickAnswer({
  hasRoom: true,
  rows: [new Uint8Array(1_312), new Uint8Array(1_312)],
  header: new Uint8Array(4_096),
})
const seen: Seen[] = []
let servers: readonly Server[]
let [pageOrigin, relayOrigin] = ["", ""]

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { ask } from "./tick.ts"
        globalThis.askOnce = (address, size) =>
          ask({ address, body: crypto.getRandomValues(new Uint8Array(size)), log2Rows: 9, wantsHeader: true },
            fetch, new AbortController().signal)`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
      loader: "ts",
    },
    bundle: true,
    format: "iife",
    write: false,
  })
  const relay = createServer(async (request, response) => {
    const body: Buffer[] = []
    for await (const chunk of request) body.push(chunk as Buffer)
    const { method = "", url: path = "", headers } = request
    seen.push({ method, path, headers, bytes: Buffer.concat(body).length })
    response.setHeader("Access-Control-Allow-Origin", "*")
    response.setHeader("Access-Control-Expose-Headers", "Date")
    response.setHeader("Set-Cookie", "seen=1")
    response.end(answer)
  })
  const page = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html")
    response.end(`<!doctype html><title>i</title><script>${outputFiles[0]?.text}</script>`)
  })
  servers = [relay, page]
  relayOrigin = await listen(relay)
  pageOrigin = await listen(page)
})

afterAll(() => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
})

/** In the page: whether it was answered, and whether the relay's clock could be read. */
const askTwice = async (address: string): Promise<readonly boolean[]> => {
  const { askOnce } = globalThis as unknown as {
    askOnce: (address: string, size: number) => Promise<{ readonly clock: number | null } | null>
  }
  const heard = [await askOnce(address, 163), await askOnce(address, 4_267)]
  return heard.map((one) => one !== null && one.clock !== null)
}

function expectPlainRequests(): void {
  expect(seen.map(({ method, path, bytes }) => [method, path, bytes])).toEqual([
    ["POST", "/tick", 163],
    ["POST", "/tick", 4_267],
  ])
  for (const { headers } of seen) {
    for (const name of ["content-type", "cookie", "referer", "authorization", "transfer-encoding"])
      expect(headers[name], name).toBeUndefined()
  }
  const names = seen.map(({ headers }) => Object.keys(headers).join())
  expect(names[0]).toBe(names[1])
}

test("[G4] Chromium sends a tick as one POST of plain bytes: no preflight, type, cookie or referrer", async () => {
  seen.length = 0
  const browser = await openChromium()
  try {
    const page = await browser.newPage()
    await page.goto(pageOrigin)
    expect(await page.evaluate(askTwice, relayOrigin)).toEqual([true, true])
  } finally {
    await browser.close()
  }
  expectPlainRequests()
})

test("[G4] Firefox sends a tick as one POST of plain bytes: no preflight, type, cookie or referrer", async () => {
  seen.length = 0
  const browser = await openFirefox()
  try {
    const page = await browser.newPage()
    await page.goto(pageOrigin)
    expect(await page.evaluate(askTwice, relayOrigin)).toEqual([true, true])
  } finally {
    await browser.close()
  }
  expectPlainRequests()
})

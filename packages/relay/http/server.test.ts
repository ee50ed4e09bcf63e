import { request as httpRequest, type IncomingHttpHeaders, type Server } from "node:http"
import { type AddressInfo, connect, type Socket } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { runs } from "@kunak/core/testing/runs"
import fc from "fast-check"
import { expect, onTestFinished, test } from "vitest"
import { nothingHere } from "../answer.ts"
import type { App } from "../app.ts"
import { bearer } from "../capability.ts"
import { capabilities, makePublication, samplePage, testRelay } from "../testing/test-relay.ts"
import { httpServer } from "./server.ts"
import { type HttpSettings, httpSettings } from "./settings.ts"

const hasty: HttpSettings = {
  ...httpSettings,
  headMs: 400,
  silenceMs: 400,
  requestMs: 4_000,
  lingerMs: 300,
}

async function serve(app: App, settings: HttpSettings = hasty): Promise<{ port: number; server: Server }> {
  const server = httpServer(app, settings)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { port: (server.address() as AddressInfo).port, server }
}

/** Writes the text to a new connection and collects what comes back until it closes, or for `waitMs`. */
async function talk(port: number, text: string | Uint8Array, waitMs = 2_000): Promise<string> {
  const socket = connect(port, "127.0.0.1")
  let heard = ""
  socket.on("data", (chunk) => {
    heard += chunk.toString("latin1")
  })
  socket.on("error", () => {})
  socket.write(text)
  await Promise.race([new Promise((resolve) => socket.once("close", resolve)), sleep(waitMs)])
  socket.destroy()
  return heard
}

interface Heard {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

const ask = (port: number, method: string, path: string, body?: Uint8Array, headers = {}): Promise<Heard> =>
  new Promise((resolve, reject) => {
    const asked = httpRequest({ port, host: "127.0.0.1", method, path, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on("data", (chunk: Buffer) => chunks.push(chunk))
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      )
      answer.on("error", reject)
    })
    asked.on("error", reject)
    asked.end(body)
  })

const post = (path: string, extra: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: relay\r\nAuthorization: ${bearer(capabilities.append)}\r\n${extra}`

test("[T2] the page over a socket: Date, a length, and nothing about the server", async () => {
  const relay = await testRelay()
  await relay.post("/publish", "publish", await makePublication(relay.organisation))
  const { port } = await serve(relay.app)
  const page = await ask(port, "GET", "/", undefined, { "Accept-Encoding": "identity" })
  expect([page.status, page.body]).toEqual([200, Buffer.from(samplePage("web"))])
  expect(page.headers.date).toBeDefined()
  expect(page.headers).not.toHaveProperty("server")
  expect(page.headers).not.toHaveProperty("x-powered-by")
  const head = await ask(port, "HEAD", "/")
  expect([head.status, head.body.length, head.headers["content-length"]]).toEqual([
    200,
    0,
    page.headers["content-length"],
  ])
  const asOnion = await ask(port, "GET", "/", undefined, { Host: `${"b".repeat(56)}.onion` })
  expect(asOnion.body).toEqual(Buffer.from(samplePage("onion")))
})

test("[T2] what Node would answer by itself carries the same headers: nonsense, a head too long, a strange wish", async () => {
  const { port } = await serve((await testRelay()).app)
  for (const sent of [
    "NONSENSE\r\n\r\n",
    `GET / HTTP/1.1\r\nHost: r\r\nX: ${"x".repeat(100_000)}\r\n\r\n`,
    "POST /tick HTTP/1.1\r\nHost: r\r\nExpect: eve\r\nContent-Length: 3\r\n\r\nabc",
  ]) {
    const heard = await talk(port, sent)
    expect(heard).toMatch(/^HTTP\/1.1 400 /)
    for (const [name, value] of Object.entries(nothingHere.headers).filter(([one]) => one !== "Content-Type"))
      expect(heard).toContain(`\r\n${name}: ${value}\r\n`)
    expect(heard).not.toMatch(/\r\n(server|x-powered-by):/i)
  }
})

test("[T16] keeps a connection for longer than a tick of the page", async () => {
  const { port, server } = await serve((await testRelay()).app, httpSettings)
  expect(server.keepAliveTimeout).toBeGreaterThanOrEqual(75_000)
  const last = "GET /b HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n"
  const heard = await talk(port, `GET /a HTTP/1.1\r\nHost: r\r\n\r\n${last}`, 20_000)
  expect(heard.match(/HTTP\/1.1 404/g)).toHaveLength(2)
})

test("[T16] a body announced as too long is refused before a byte of it is sent", async () => {
  const { port } = await serve((await testRelay()).app)
  const heard = await talk(port, post("/log/append", "Content-Length: 999999999999\r\n\r\n"))
  expect(heard).toMatch(/^HTTP\/1.1 413 /)
  expect(heard).toMatch(/Connection: close/i)
})

test("[T16] who asks first whether a body is welcome is told without sending it", async () => {
  const { port } = await serve((await testRelay()).app)
  const expecting = "Expect: 100-continue\r\nContent-Length: 10\r\n\r\n"
  const refused = await talk(port, post("/log/read", expecting))
  expect(refused).toMatch(/^HTTP\/1.1 403 /)
  const welcome = await talk(port, post("/log/append", expecting), 200)
  expect(welcome).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\n/)
  const tooLong = await talk(
    port,
    post("/log/append", expecting.replace("Length: 10", "Length: 999999999999")),
  )
  expect(tooLong).toMatch(/^HTTP\/1.1 413 /)
})

test("[T16] a body that grows beyond the limit is cut while it is read", async () => {
  const relay = await testRelay()
  const { port } = await serve(relay.app)
  const socket = connect(port, "127.0.0.1")
  let heard = ""
  socket.on("data", (chunk) => {
    heard += chunk.toString("latin1")
  })
  socket.on("error", () => {})
  socket.write(post("/log/append", "Transfer-Encoding: chunked\r\n\r\n"))
  const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`
  let sent = 0
  while (!heard.includes("HTTP/1.1 413") && sent < 400) {
    socket.write(chunk)
    sent++
    await sleep(2)
  }
  expect(heard).toMatch(/^HTTP\/1.1 413 /)
  // 64 KiB are five chunks; the rest is how fast the refusal came back.
  expect(sent).toBeLessThan(100)
  socket.destroy()
})

test("[T16] who has no capability reads the refusal although he is still sending", async () => {
  const { port } = await serve((await testRelay()).app, httpSettings)
  const heard = await ask(port, "POST", "/publish", new Uint8Array(4 * 1024 * 1024), {
    Authorization: "Bearer wrong",
  })
  expect([heard.status, heard.body.length]).toEqual([403, 0])
})

test("[T16] slow heads and silent bodies are cut, and the relay stays", async () => {
  const { port } = await serve((await testRelay()).app)
  const started = performance.now()
  const [head, body] = await Promise.all([
    talk(port, "GET / HTTP/1.1\r\nHost: r\r\nX-Slow: ", 6_000),
    talk(port, post("/log/append", "Content-Length: 4105\r\n\r\nabc"), 6_000),
  ])
  expect(performance.now() - started).toBeLessThan(5_000)
  expect(head).toMatch(/^HTTP\/1.1 400 /)
  expect(body).toMatch(/^HTTP\/1.1 408 /)
  expect((await ask(port, "GET", "/nothing")).status).toBe(404)
})

test("[T16] bodies beyond the memory set aside are put off, and let in again later", async () => {
  const { port } = await serve((await testRelay()).app, { ...hasty, silenceMs: 2_000, maxBodyBytes: 135_000 })
  const holders = [0, 1].map((): Socket => {
    const holder = connect(port, "127.0.0.1")
    holder.on("error", () => {})
    holder.write(post("/log/append", "Content-Length: 4105\r\n\r\nabc"))
    return holder
  })
  await sleep(100)
  const headers = { Authorization: bearer(capabilities.append) }
  expect((await ask(port, "POST", "/log/append", new Uint8Array(4_105), headers)).status).toBe(503)
  // Whoever holds all that large bodies may have keeps no visitor out: this one is only malformed.
  expect((await ask(port, "POST", "/tick", new Uint8Array(4_651))).status).toBe(400)
  for (const holder of holders) holder.destroy()
  await expect
    .poll(async () => (await ask(port, "POST", "/log/append", new Uint8Array(4_105), headers)).status)
    .toBe(400)
})

test("[T19] any bytes on a socket are answered or cut, and the relay stays", async () => {
  const relay = await testRelay()
  const { port } = await serve(relay.app)
  const start = fc.constantFrom(
    "",
    "GET / HTTP/1.1\r\n",
    post("/log/append", ""),
    post("/term", "Content-Length: 5\r\n"),
  )
  await fc.assert(
    fc.asyncProperty(start, fc.uint8Array({ maxLength: 300 }), async (first, rest) => {
      const heard = await talk(port, Buffer.concat([Buffer.from(first), rest, Buffer.from("\r\n\r\n")]), 30)
      expect(heard).not.toContain("HTTP/1.1 5")
    }),
    { numRuns: runs(60) },
  )
  const long = await talk(port, `GET / HTTP/1.1\r\nHost: r\r\nX: ${"x".repeat(20_000)}\r\n\r\n`)
  expect(long).toMatch(/^HTTP\/1.1 4/)
  expect((await ask(port, "GET", "/nothing")).status).toBe(404)
  expect(relay.notices).toEqual([])
})

test("[T19] a body is given as plain bytes, never as a Buffer, whose slices are no copies", async () => {
  const given: unknown[] = []
  const { port } = await serve(async (request) => {
    given.push(await request.readBody(100_000))
    return { status: 200, headers: {}, body: new Uint8Array() }
  })
  const body = crypto.getRandomValues(new Uint8Array(60_000))
  await ask(port, "POST", "/", body)
  await ask(port, "POST", "/", body.subarray(0, 10))
  expect(given).toEqual([
    { ok: true, value: body },
    { ok: true, value: body.slice(0, 10) },
  ])
  for (const result of given) {
    expect(Object.getPrototypeOf((result as { value: Uint8Array }).value)).toBe(Uint8Array.prototype)
  }
})

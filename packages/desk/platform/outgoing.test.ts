import { createServer as createHttp, type Server } from "node:http"
import { type AddressInfo, connect, createServer, type Server as TcpServer } from "node:net"
import { MAX_PACKAGE_BYTES } from "@kunak/core/parameters"
import { httpSettings } from "@kunak/relay/http/settings"
import { afterEach, beforeEach, expect, it } from "vitest"
import { limitMs, makeOutgoing, type ProxySetting, parseProxy } from "./outgoing.ts"

let relay: Server
let proxy: TcpServer
let asked: string[]
let seen: Buffer
let direct: number

/** RFC 1928, CONNECT without authentication; every name leads to the relay of the test. */
function socksServer(): TcpServer {
  return createServer((client) => {
    client.on("error", () => {})
    client.once("data", () => {
      client.write(Uint8Array.of(5, 0))
      client.once("data", (request) => {
        const length = request[4] ?? 0
        const host =
          request[3] === 3 ? request.subarray(5, 5 + length).toString() : `address type ${request[3]}`
        asked.push(host)
        if (host === "down.onion") return client.end(Uint8Array.of(5, 4, 0, 1, 0, 0, 0, 0, 0, 0))
        const upstream = connect((relay.address() as AddressInfo).port, "127.0.0.1", () => {
          client.write(Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0))
          client.on("data", (part) => {
            seen = Buffer.concat([seen, part])
            upstream.write(part)
          })
          upstream.pipe(client)
        })
        upstream.on("error", () => client.destroy())
        return undefined
      })
    })
  })
}

const listen = (server: Server | TcpServer) =>
  new Promise<number>((done) =>
    server.listen(0, "127.0.0.1", () => done((server.address() as AddressInfo).port)),
  )
const at = (server: Server | TcpServer): NonNullable<ProxySetting> => ({
  host: "127.0.0.1",
  port: (server.address() as AddressInfo).port,
})
const exchange = { method: "POST", headers: {}, body: Buffer.from("hello relay"), mostBytes: 100 } as const

beforeEach(async () => {
  asked = []
  seen = Buffer.alloc(0)
  direct = 0
  relay = createHttp((request, response) => {
    direct += 1
    request.resume()
    request.on("end", () => response.end(request.url === "/long" ? "x".repeat(101) : "hello desk"))
  })
  proxy = socksServer()
  await Promise.all([listen(relay), listen(proxy)])
})
afterEach(() => {
  relay.closeAllConnections()
  relay.close()
  proxy.close()
})

it("[K10] everything goes through the proxy, which also resolves the name", async () => {
  const send = makeOutgoing(() => at(proxy))
  const answer = await send({ ...exchange, url: "http://relay.onion/log" })
  expect(answer).toMatchObject({ ok: true, value: { status: 200 } })
  expect(asked).toEqual(["relay.onion"])
  expect(seen.toString()).toContain("hello relay")
})

it("[K10] a proxy that is down is said, and nothing goes around it", async () => {
  const where = at(proxy)
  await new Promise((done) => proxy.close(done))
  const send = makeOutgoing(() => where)
  const answer = await send({ ...exchange, url: `http://127.0.0.1:${at(relay).port}/log` })
  expect(answer).toEqual({ ok: false, error: { kind: "proxy-down" } })
  expect(direct).toBe(0)
})

it("[K10] something that is no SOCKS proxy is said to be down", async () => {
  const send = makeOutgoing(() => at(relay))
  const answer = await send({ ...exchange, url: "http://relay.onion/log" })
  expect(answer).toEqual({ ok: false, error: { kind: "proxy-down" } })
})

it("[K10] a relay that the proxy can't reach is told apart from a proxy that is down", async () => {
  const send = makeOutgoing(() => at(proxy))
  const answer = await send({ ...exchange, url: "http://down.onion/log" })
  expect(answer).toEqual({ ok: false, error: { kind: "unreachable" } })
})

it("[K10] through a proxy a relay is asked at its onion address; at the web's only when there is no way to the onion", async () => {
  const send = makeOutgoing(() => at(proxy))
  const url = "http://relay.example/log"
  expect(await send({ ...exchange, url, onionUrl: "http://relay.onion/log" })).toMatchObject({ ok: true })
  expect(asked).toEqual(["relay.onion"])
  expect(await send({ ...exchange, url, onionUrl: "http://down.onion/log" })).toMatchObject({ ok: true })
  expect(asked).toEqual(["relay.onion", "down.onion", "relay.example"])
})

it("[K10] without a proxy no onion address is asked", async () => {
  const send = makeOutgoing(() => null)
  const url = `http://127.0.0.1:${at(relay).port}/log`
  expect(await send({ ...exchange, url, onionUrl: "http://relay.onion/log" })).toMatchObject({ ok: true })
  expect(asked).toEqual([])
})

it("[K10] without a proxy it goes directly, and an answer over the limit is refused", async () => {
  const send = makeOutgoing(() => null)
  const base = `http://127.0.0.1:${at(relay).port}`
  expect(await send({ ...exchange, url: `${base}/log` })).toMatchObject({ ok: true })
  expect(await send({ ...exchange, url: `${base}/long` })).toEqual({
    ok: false,
    error: { kind: "answer-too-long", mostBytes: 100 },
  })
})

it("[K10] a proxy setting is a host and a port, nothing else", () => {
  expect(parseProxy(" 127.0.0.1:9050 ")).toEqual({ host: "127.0.0.1", port: 9050 })
  expect(parseProxy("[::1]:9150")).toEqual({ host: "[::1]", port: 9150 })
  for (const typed of ["", "9050", "host", "host:0", "host:65536", "http://host:1", "a@host:1", "host:1/x"])
    expect(parseProxy(typed)).toBeNull()
})

it("a long body has the time that a slow way needs, everything else the usual", async () => {
  relay.removeAllListeners("request")
  relay.on("request", (request, response) => {
    request.resume()
    request.on("end", () => setTimeout(() => response.end("late"), 400))
  })
  const url = `http://127.0.0.1:${(relay.address() as AddressInfo).port}/publish`
  const send = makeOutgoing(() => null, { leastMs: 150, bytesPerMs: 1 })
  expect(await send({ ...exchange, url })).toEqual({ ok: false, error: { kind: "timeout" } })
  expect(await send({ ...exchange, url, body: Buffer.alloc(20_000) })).toMatchObject({ ok: true })
})

it("[U1] the largest edition has at least as long as a relay waits for it", () => {
  expect(limitMs(MAX_PACKAGE_BYTES)).toBeGreaterThanOrEqual(httpSettings.requestMs)
  expect(limitMs(8_192)).toBeLessThan(61_000)
})

import { randomBytes } from "node:crypto"
import { err, ok } from "@kunak/core/result"
import type { Hono } from "hono"
import { beforeEach, describe, expect, it } from "vitest"
import { makeDeskApp } from "./app.ts"
import { makeDeskHost, type Opened } from "./desk-host.ts"
import { object, text } from "./json.ts"
import { route } from "./route.ts"
import { makeSessions } from "./session.ts"

const AUTHORITY = "127.0.0.1:4711"
const ORIGIN = `http://${AUTHORITY}`
const IDLE_MS = 600_000

interface Fixture extends Opened {
  readonly canary: string
}

let time: { wall: number; monotonic: number }
let closed: number
let app: Hono
let mistakes: unknown[]
let issue: () => string

beforeEach(() => {
  time = { wall: 1e12, monotonic: 0 }
  closed = 0
  mistakes = []
  const clock = { wall: () => time.wall, monotonic: () => time.monotonic }
  const sessions = makeSessions((bytes) => new Uint8Array(randomBytes(bytes)), clock.monotonic)
  issue = sessions.issueToken
  const host = makeDeskHost<Fixture, { passphrase: string }>({
    clock,
    idleMs: () => IDLE_MS,
    tryToChange: async () => err({ kind: "cannot-open" }),
    tryToOpen: async ({ passphrase }) =>
      passphrase === "mill bridge"
        ? ok({ canary: "canary", close: () => (closed += 1) })
        : err({ kind: "cannot-open" as const }),
  })
  app = makeDeskApp({
    authority: () => AUTHORITY,
    sessions,
    host,
    assets: new Map([["/", { bytes: new TextEncoder().encode("<!doctype html>"), type: "text/html" }]]),
    state: () => ({ exists: true }),
    parseAttempt: object({ passphrase: text(100) }),
    preview: (open, name) => (name === "abc" ? `<p>${open.canary}` : null),
    previewStyle: "sha256-abc",
    report: (mistake) => mistakes.push(mistake),
    routes: [
      route("window", "list", object({}), (open: Fixture) => ok([open.canary])),
      route("person", "write", object({}), () => ok(null)),
      route("person", "fail", object({}), () => {
        throw new RangeError("canary in a message")
      }),
    ],
  })
})

type Headers = Record<string, string | null>
const good: Headers = {
  host: AUTHORITY,
  origin: ORIGIN,
  "sec-fetch-site": "same-origin",
  "content-type": "application/json",
}

async function send(
  path: string,
  body: unknown,
  headers: Headers = {},
): Promise<{ status: number; text: string; head: globalThis.Headers }> {
  const all = Object.entries({ ...good, ...headers }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  )
  const answer = await app.request(`${ORIGIN}${path}`, {
    method: "POST",
    headers: Object.fromEntries(all),
    body: typeof body === "string" ? body : JSON.stringify(body),
  })
  return { status: answer.status, text: await answer.text(), head: answer.headers }
}

async function signIn(): Promise<Headers> {
  const answer = await send("/session", { token: issue() })
  const cookie = answer.head.get("set-cookie") ?? ""
  expect(cookie).toMatch(/^kunak-desk=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
  return { cookie: cookie.split(";")[0] ?? "", "kunak-key": JSON.parse(answer.text).value.key }
}
const unlock = (session: Headers) => send("/api/unlock", { passphrase: "mill bridge" }, session)

describe("the door", () => {
  it("[K1] a token opens one session and is dead", async () => {
    const token = issue()
    expect((await send("/session", { token })).status).toBe(200)
    expect((await send("/session", { token })).status).toBe(401)
    expect((await send("/session", { token: "" })).status).toBe(401)
  })

  it("[K1] a token that nobody used for ten minutes is dead", async () => {
    const token = issue()
    time.monotonic += 600_001
    expect((await send("/session", { token })).status).toBe(401)
  })

  it("[K1] either half of a session alone opens nothing", async () => {
    const session = await signIn()
    expect((await send("/api/state", {}, session)).status).toBe(200)
    expect((await send("/api/state", {}, { ...session, cookie: null })).status).toBe(401)
    expect((await send("/api/state", {}, { ...session, "kunak-key": null })).status).toBe(401)
    const other = await signIn()
    expect(
      (await send("/api/state", {}, { ...session, "kunak-key": other["kunak-key"] ?? null })).status,
    ).toBe(401)
  })

  it("[K2] another name for this machine is refused everywhere, the window's files included", async () => {
    const session = await signIn()
    for (const host of [
      "localhost:4711",
      "127.0.0.1",
      "127.0.0.1:4712",
      "evil.example",
      "evil.example:4711",
      null,
    ]) {
      expect((await send("/api/state", {}, { ...session, host })).status).toBe(421)
      expect((await app.request(`${ORIGIN}/`, host === null ? {} : { headers: { host } })).status).toBe(421)
    }
    expect((await app.request(`${ORIGIN}/`, { headers: { host: AUTHORITY } })).status).toBe(200)
  })

  it("[K7] a request that our own window did not send is refused, with a session too", async () => {
    const session = await signIn()
    await unlock(session)
    const foreign: Headers[] = [
      { origin: "http://127.0.0.1:4712" },
      { origin: "null" },
      { origin: null },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": null },
      { "content-type": "text/plain" },
    ]
    for (const headers of foreign)
      for (const path of ["/api/write", "/api/list", "/api/lock", "/api/unlock", "/session"])
        expect((await send(path, {}, { ...session, ...headers })).status).toBe(403)
    expect((await send("/api/write", {}, session)).status).toBe(200)
  })

  it("[K8] every answer forbids inline and foreign content, framing and keeping", async () => {
    const session = await signIn()
    await unlock(session)
    const preview = await app.request(`${ORIGIN}/preview/abc`, { headers: { host: AUTHORITY } })
    expect(await preview.text()).toContain("canary")
    const answers = [
      preview,
      await send("/api/list", {}, session),
      await send("/api/nowhere", {}, session),
      await send("/session", {}),
      await app.request(`${ORIGIN}/`, { headers: { host: AUTHORITY } }),
      await app.request(`${ORIGIN}/`, { headers: { host: "evil.example" } }),
      await app.request(`${ORIGIN}/preview/none`, { headers: { host: AUTHORITY } }),
      await send("/api/state", {}, { ...session, origin: "null" }),
    ]
    for (const answer of answers) {
      const head = "head" in answer ? answer.head : answer.headers
      const policy = head.get("content-security-policy") ?? ""
      expect(policy).toContain("default-src 'none'")
      // Our own window frames the preview, which runs no script and has no origin.
      if (answer === preview)
        expect(policy).toBe(
          "sandbox; default-src 'none'; style-src 'sha256-abc'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
        )
      else expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/unsafe|\*|https?:/)
      expect(head.get("cache-control")).toBe("no-store")
      // The phone frame holds the page's own links, and a desk goes out through its proxy alone.
      expect(head.get("x-dns-prefetch-control")).toBe("off")
    }
  })

  it("[K8] with the lock the browser is told to drop what it keeps; at work it is not, and never its right to unlock again", async () => {
    const session = await signIn()
    await unlock(session)
    const atWork = await send("/api/list", {}, session)
    expect(atWork.head.get("clear-site-data")).toBeNull()
    for (const path of ["/api/lock", "/api/list", "/api/write", "/api/nowhere"]) {
      const { head, status } = await send(path, {}, session)
      expect([path, status, head.get("clear-site-data")]).toEqual([
        path,
        path === "/api/lock" ? 200 : 423,
        '"cache"',
      ])
      expect(head.get("content-security-policy")).toContain("default-src 'none'")
    }
    await unlock(session)
    expect((await send("/api/list", {}, session)).status).toBe(200)
  })

  it("[K8] a body over the limit is refused, one of nonsense is malformed", async () => {
    const session = await signIn()
    await unlock(session)
    expect((await send("/api/write", `"${"x".repeat(300_000)}"`, session)).status).toBe(413)
    for (const body of ["", "{", "[]", "null", '{"a":1}', '{"__proto__":{}}', "\ud800"])
      expect((await send("/api/write", body, session)).status).toBe(400)
  })

  it("[K8] a mistake of ours is one kind and tells nothing", async () => {
    const session = await signIn()
    await unlock(session)
    const answer = await send("/api/fail", {}, session)
    expect(answer.status).toBe(500)
    expect(answer.text).not.toContain("canary")
    expect(mistakes).toHaveLength(1)
  })
})

describe("the lock", () => {
  it("[K9] nothing answers while locked, and unlocking opens", async () => {
    const session = await signIn()
    for (const path of ["list", "write", "fail", "lock", "presence", "nowhere"]) {
      const answer = await send(`/api/${path}`, {}, session)
      expect(answer).toMatchObject({ status: 423, text: '{"error":{"kind":"locked"}}' })
    }
    expect((await app.request(`${ORIGIN}/preview/abc`, { headers: { host: AUTHORITY } })).status).toBe(404)
    await unlock(session)
    expect((await send("/api/list", {}, session)).text).toContain("canary")
    expect((await app.request(`${ORIGIN}/preview/abc`, { headers: { host: AUTHORITY } })).status).toBe(200)
    await send("/api/lock", {}, session)
    expect(closed).toBe(1)
    expect((await send("/api/list", {}, session)).status).toBe(423)
  })

  it("[K4] wrong passphrases wait 1, 2, 4 … 300 seconds, in every session, and say nothing else", async () => {
    const [session, other] = [await signIn(), await signIn()]
    const wrong = (who: Headers) => send("/api/unlock", { passphrase: "mill" }, who)
    for (let failures = 1; failures < 13; failures += 1) {
      expect(await wrong(session)).toMatchObject({ status: 422, text: '{"error":{"kind":"cannot-open"}}' })
      const seconds = Math.min(300, 2 ** (failures - 1))
      expect(JSON.parse((await wrong(other)).text)).toEqual({ error: { kind: "wait", seconds } })
      expect((await unlock(session)).status).toBe(429)
      time.monotonic += seconds * 1000
    }
    expect((await unlock(session)).status).toBe(200)
  })

  it("[K4] two tries at once count one after the other", async () => {
    const session = await signIn()
    const both = await Promise.all([
      send("/api/unlock", { passphrase: "a" }, session),
      send("/api/unlock", { passphrase: "b" }, session),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual([422, 429])
  })

  it("[K5] locks when nobody did anything; looking alone does not count, presence and work do", async () => {
    const session = await signIn()
    await unlock(session)
    const wait = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 10_000) {
        time.wall += 10_000
        time.monotonic += 10_000
        await send("/api/list", {}, session)
      }
    }
    await wait(IDLE_MS - 20_000)
    await send("/api/presence", {}, session)
    await wait(IDLE_MS - 20_000)
    await send("/api/write", {}, session)
    await wait(IDLE_MS - 20_000)
    expect((await send("/api/list", {}, session)).status).toBe(200)
    await wait(20_000)
    expect((await send("/api/list", {}, session)).status).toBe(423)
    expect(JSON.parse((await send("/api/state", {}, session)).text).value.lockReason).toBe("idle")
  })

  it.each([
    ["the wall clock ran on while the other stood still", 60_000, 0],
    ["both ran on without a look", 60_000, 60_000],
    ["the wall clock was set back", -60_000, 1000],
  ])("[K6] locks before the first request after a sleep: %s", async (_, wall, monotonic) => {
    const session = await signIn()
    await unlock(session)
    time.wall += wall
    time.monotonic += monotonic
    expect((await send("/api/list", {}, session)).status).toBe(423)
    expect(closed).toBe(1)
    expect(JSON.parse((await send("/api/state", {}, session)).text).value.lockReason).toBe("suspend")
  })
})

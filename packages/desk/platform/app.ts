/** The desk's server: request in, answer out, no socket. docs/protocol.md §19, rules K. */
import { type Context, Hono, type MiddlewareHandler } from "hono"
import { bodyLimit } from "hono/body-limit"
import { getCookie, setCookie } from "hono/cookie"
import type { Asset } from "./assets.ts"
import type { DeskHost, Opened, UnlockError } from "./desk-host.ts"
import { DESK_HEADERS, FORGET_HEADERS, previewHeaders } from "./headers.ts"
import { object, type Parser, text } from "./json.ts"
import type { Answer, Route } from "./route.ts"
import { COOKIE, KEY_HEADER, type Sessions } from "./session.ts"

/** Larger than any draft; refused before it is read. */
const MOST_BODY_BYTES = 256 * 1024

export interface DeskApp<Open extends Opened, Attempt> {
  /** Exactly what the browser's address says: "127.0.0.1:40123". */
  readonly authority: () => string
  readonly sessions: Sessions
  readonly host: DeskHost<Open, Attempt>
  readonly assets: ReadonlyMap<string, Asset>
  readonly routes: readonly Route<Open>[]
  /** What a lock screen may know: whether there is a vault, whether it enrols. Nothing of content. */
  readonly state: () => Readonly<Record<string, string | boolean>>
  readonly parseAttempt: Parser<Attempt>
  /** The public page for the phone frame, by an unguessable name that dies with the lock. */
  readonly preview: (open: Open, name: string) => string | null
  /** "sha256-…" of the style in every preview; "none" where there are none. */
  readonly previewStyle: string
  /** Receives a mistake of ours: its kind and place, never its data. */
  readonly report: (mistake: unknown) => void
}

const parseToken = object({ token: text(64) })
const parseNothing = object({})
const parseChange = object({ old: text(1000), next: text(1000) })

export function makeDeskApp<Open extends Opened, Attempt>(desk: DeskApp<Open, Attempt>): Hono {
  const app = new Hono()
  const origin = (): string => `http://${desk.authority()}`

  app.use(async (context, next) => {
    // K2: a name that an attacker's DNS points at 127.0.0.1 arrives here with that name.
    if (context.req.header("host") !== desk.authority()) return context.text("", 421, DESK_HEADERS)
    await next()
    if (!context.res.headers.has("content-security-policy"))
      for (const [name, value] of Object.entries(DESK_HEADERS)) context.res.headers.set(name, value)
    return undefined
  })
  app.onError((mistake, context) => {
    desk.report(mistake)
    return context.json({ error: { kind: "mistake" } }, 500, DESK_HEADERS)
  })
  app.notFound((context) => context.json({ error: { kind: "not-found" } }, 404))

  for (const [path, asset] of desk.assets)
    app.get(path, (context) => context.body(asset.bytes, 200, { "content-type": asset.type }))

  /** K7: only our own window's script can have sent this. */
  const fromOurWindow: MiddlewareHandler = async (context, next) => {
    const { req } = context
    const own =
      req.header("origin") === origin() &&
      req.header("sec-fetch-site") === "same-origin" &&
      req.header("content-type") === "application/json"
    if (!own) return context.json({ error: { kind: "foreign-request" } }, 403)
    return next()
  }
  const withSession: MiddlewareHandler = async (context, next) => {
    const key = context.req.header(KEY_HEADER) ?? ""
    if (!desk.sessions.holds(getCookie(context, COOKIE) ?? "", key))
      return context.json({ error: { kind: "no-session" } }, 401)
    return next()
  }
  const limited = bodyLimit({
    maxSize: MOST_BODY_BYTES,
    onError: (context) => context.json({ error: { kind: "too-large" } }, 413),
  })
  const state = () => ({
    ...desk.state(),
    locked: desk.host.open() === null,
    lockReason: desk.host.lockReason(),
    secondsToLock: Number.isFinite(desk.host.watch.secondsLeft()) ? desk.host.watch.secondsLeft() : -1,
  })

  app.post("/session", fromOurWindow, limited, async (context) => {
    const body = parseToken(await jsonOf(context.req.raw))
    if (typeof body === "symbol") return context.json({ error: { kind: "malformed" } }, 400)
    const halves = desk.sessions.exchange(body.token)
    if (!halves) return context.json({ error: { kind: "no-session" } }, 401)
    setCookie(context, COOKIE, halves.cookie, { httpOnly: true, sameSite: "Strict", path: "/" })
    return context.json({ value: { key: halves.key } })
  })

  app.use("/api/*", fromOurWindow, withSession, limited)
  app.post("/api/state", async (context) => {
    if (typeof parseNothing(await jsonOf(context.req.raw)) === "symbol")
      return context.json({ error: { kind: "malformed" } }, 400)
    return context.json({ value: state() })
  })
  app.post("/api/unlock", async (context) => {
    const attempt = desk.parseAttempt(await jsonOf(context.req.raw))
    if (typeof attempt === "symbol") return context.json({ error: { kind: "malformed" } }, 400)
    const result = await desk.host.unlock(attempt)
    return result.ok
      ? context.json({ value: state() })
      : context.json({ error: result.error }, unlockStatus(result.error))
  })

  // K9: from here on, nothing answers while the desk is locked, unknown paths included.
  app.use("/api/*", async (context, next) => (desk.host.open() ? next() : locked(context)))
  app.post("/api/lock", (context) => {
    desk.host.lock("button")
    return context.json({ value: state() }, 200, FORGET_HEADERS)
  })
  app.post("/api/presence", (context) => {
    desk.host.watch.touch()
    return context.json({ value: state() })
  })
  app.post("/api/passphrase", async (context) => {
    const change = parseChange(await jsonOf(context.req.raw))
    if (typeof change === "symbol") return context.json({ error: { kind: "malformed" } }, 400)
    const result = await desk.host.changePassphrase(change)
    return result.ok
      ? context.json({ value: state() }, 200, FORGET_HEADERS)
      : context.json({ error: result.error }, unlockStatus(result.error))
  })
  for (const { path, by, answer } of desk.routes)
    app.post(`/api/${path}`, async (context) => {
      const body = await jsonOf(context.req.raw)
      const open = desk.host.open()
      if (!open) return locked(context)
      if (by === "person") desk.host.watch.touch()
      const answered = await answer(open, body)
      if (answered === "malformed") return context.json({ error: { kind: "malformed" } }, 400)
      // It may have been locked while the answer was made.
      if (!desk.host.open()) return locked(context)
      const result: Answer = answered
      return result.ok
        ? context.json({ value: result.value ?? null })
        : context.json({ error: result.error }, 422)
    })

  app.get("/preview/:name", (context) => {
    const open = desk.host.open()
    // A frame sends no headers of ours: the unguessable name stands for the session's second half.
    const html = open && desk.preview(open, context.req.param("name"))
    return html ? context.body(html, 200, previewHeaders(desk.previewStyle)) : context.text("", 404)
  })
  return app
}

const locked = (context: Context): Response =>
  context.json({ error: { kind: "locked" } }, 423, FORGET_HEADERS)

const unlockStatus = (error: UnlockError): 422 | 429 =>
  error.kind === "wait" || error.kind === "busy" ? 429 : 422

async function jsonOf(request: Request): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await request.arrayBuffer()))
  } catch {
    return undefined
  }
}

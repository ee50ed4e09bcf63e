/** The sockets of a relay: limits while reading, no log. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { err } from "@kunak/core/result"
import { type Answer, refusal } from "../answer.ts"
import type { App } from "../app.ts"
import { BodyBudget, readBody } from "./body.ts"
import type { HttpSettings } from "./settings.ts"

/** Idle connections make room for new ones beyond this share of the most. */
const CROWDED = 0.75

/** What can't be parsed as HTTP gets this and no more; nothing of it is kept. */
const BAD_REQUEST = [
  "HTTP/1.1 400 Bad Request",
  ...Object.entries(refusal.malformed.headers).map(([name, value]) => `${name}: ${value}`),
  "Connection: close",
  "Content-Length: 0",
  "\r\n",
].join("\r\n")

export function httpServer(app: App, settings: HttpSettings): Server {
  const budget = new BodyBudget(settings.maxBodyBytes)
  const server = createServer({
    headersTimeout: settings.headMs,
    requestTimeout: settings.requestMs,
    connectionsCheckingInterval: Math.min(1_000, settings.headMs),
    keepAliveTimeout: settings.keepAliveMs,
    maxHeaderSize: settings.maxHeadBytes,
    noDelay: true,
  })
  server.maxConnections = settings.maxConnections
  server.timeout = settings.stalledMs
  let open = 0
  server.on("connection", (socket: Socket) => {
    open += 1
    socket.on("close", () => {
      open -= 1
    })
    if (open > settings.maxConnections * CROWDED) server.closeIdleConnections()
  })
  server.on("request", (message, response) => void serve(app, message, response, budget, settings))
  // Asked whether a body is welcome: the answer is to read it, or to refuse without.
  server.on("checkContinue", (message, response) => void serve(app, message, response, budget, settings))
  // Anything else that is expected of us: Node would answer by itself, without our headers.
  server.on("checkExpectation", (message, response) =>
    refuseBody(message, response, refusal.malformed, settings.lingerMs),
  )
  server.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end(BAD_REQUEST)
    socket.destroy()
  })
  return server
}

async function serve(
  app: App,
  message: IncomingMessage,
  response: ServerResponse,
  budget: BodyBudget,
  settings: HttpSettings,
): Promise<void> {
  response.on("error", () => {})
  let reserved = 0
  const given = await app({
    method: message.method ?? "",
    target: message.url ?? "",
    host: message.headers.host ?? "",
    acceptEncoding: String(message.headers["accept-encoding"] ?? ""),
    authorization: message.headers.authorization ?? "",
    readBody: async (maxBytes) => {
      if (!budget.take(maxBytes)) return err({ kind: "too-busy" })
      reserved = maxBytes
      return await readBody(message, maxBytes, settings.silenceMs, () => {
        if (message.headers.expect !== undefined) response.writeContinue()
      })
    },
  })
  budget.giveBack(reserved)
  if (response.destroyed) return
  if (message.complete || !hasBody(message)) send(response, given, message.method)
  else refuseBody(message, response, given, settings.lingerMs)
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0

function send(response: ServerResponse, { status, headers, body }: Answer, method: string | undefined): void {
  response.writeHead(status, { ...headers, "Content-Length": body.length })
  response.end(method === "HEAD" ? undefined : body)
}

/**
 * Answers at once and closes. Closing while bytes still arrive would reset the connection, and the sender
 * might never read why: so for a moment the rest is read and thrown away, chunk by chunk.
 */
function refuseBody(
  message: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
  lingerMs: number,
): void {
  response.writeHead(status, { ...headers, "Content-Length": body.length, Connection: "close" })
  response.flushHeaders()
  if (body.length > 0 && message.method !== "HEAD") response.write(body)
  const close = (): void => {
    clearTimeout(timer)
    response.end()
    message.socket.destroySoon()
  }
  const timer = setTimeout(close, lingerMs)
  message.on("error", close).on("end", close).on("close", close).resume()
}

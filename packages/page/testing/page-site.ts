/** Two relays as the page meets them: small real servers on loopback, each of which may lie, lag or be silent. */
import { createServer, type IncomingMessage, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { boardRows, rowBytes } from "@kunak/core/board/merkle"
import { answerMask } from "@kunak/core/lookup/look-up"
import { MIN_LOG2_ROWS } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import {
  type MadeEdition,
  type Organisation,
  type OrganisationOptions,
  sampleBoard,
} from "@kunak/core/testing/organisation"
import { decodeTickRequest, encodeTickAnswer } from "@kunak/core/tick/codec"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"
import { buildTemplate } from "../build.ts"
import { renderPage } from "../document/render.ts"
import { type PageTemplate, parseTemplate } from "../document/template.ts"

export interface SeenRequest {
  readonly relay: "A" | "B"
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface FakeRelay {
  readonly origin: string
  page: Uint8Array
  /** Null: no answer at all. */
  header: Uint8Array | null
  /** Its Content-Security-Policy header, beside the page's own. */
  policy: string
  /** Added to the true time in its Date header. */
  clockOffSeconds: number
}

export interface PageSite {
  readonly a: FakeRelay
  readonly b: FakeRelay
  readonly seen: SeenRequest[]
  readonly relays: NonNullable<OrganisationOptions["relays"]>
  /** Both serve this edition. */
  serve(edition: MadeEdition): void
  close(): Promise<void>
}

let built: Promise<PageTemplate> | undefined
/** From the sources, once for each test file. */
export function sampleTemplate(): Promise<PageTemplate> {
  built ??= buildTemplate().then((file) => must(parseTemplate(file)))
  return built
}

export const nowInstant = (): Instant => instantFromMs(Date.now())

export async function openPageSite(): Promise<PageSite> {
  const template = await sampleTemplate()
  const seen: SeenRequest[] = []
  const [a, b] = await Promise.all([openRelay("A", seen), openRelay("B", seen)])
  return {
    a: a.relay,
    b: b.relay,
    seen,
    relays: [{ web: a.relay.origin }, { web: b.relay.origin }],
    serve: (edition) => {
      const page = renderPage(template, edition, "web")
      for (const { relay } of [a, b])
        Object.assign(relay, { page, header: edition.header, clockOffSeconds: 0, policy: RELAY_POLICY })
      seen.length = 0
    },
    close: async () => {
      await Promise.all([a, b].map(({ server }) => closed(server)))
    },
  }
}

const RELAY_POLICY = "frame-ancestors 'none'"

const closed = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done())
    server.closeAllConnections()
  })

async function openRelay(
  name: SeenRequest["relay"],
  seen: SeenRequest[],
): Promise<{ readonly relay: FakeRelay; readonly server: Server }> {
  const state = {
    page: new Uint8Array(),
    header: null as Uint8Array | null,
    policy: RELAY_POLICY,
    clockOffSeconds: 0,
  }
  const server = createServer(async (request, response) => {
    seen.push(asSeen(name, request))
    const isTick = request.url === "/tick"
    if (isTick && state.header === null) return void request.socket.destroy()
    const asked = isTick ? await bodyOf(request) : new Uint8Array()
    response.setHeader("Date", new Date(Date.now() + state.clockOffSeconds * 1000).toUTCString())
    response.setHeader("Cache-Control", "no-store")
    if (isTick) {
      response.setHeader("Access-Control-Allow-Origin", "*")
      response.setHeader("Access-Control-Expose-Headers", "Date")
      response.setHeader("Content-Type", "application/octet-stream")
      response.end(answerTick(asked, state.header ?? new Uint8Array()))
    } else {
      response.setHeader("Content-Type", "text/html; charset=utf-8")
      response.setHeader("Content-Security-Policy", state.policy)
      response.end(state.page)
    }
  })
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  const { port } = server.address() as AddressInfo
  const relay = Object.assign(state, { origin: `http://127.0.0.1:${port}` })
  return { relay, server }
}

export async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return new Uint8Array(Buffer.concat(chunks))
}

/** Of the board on which nothing waits; whatever header the test hands out. */
export function answerTick(asked: Uint8Array, header: Uint8Array): Uint8Array {
  const request = decodeTickRequest(asked)
  if (!request) throw new TypeError("not a tick")
  rows ??= boardRows(sampleBoard().bytes).rows
  const [a, b] = request.masks.map((mask) =>
    answerMask(rows as Uint8Array, rowBytes(MIN_LOG2_ROWS), mask),
  ) as [Uint8Array, Uint8Array]
  return encodeTickAnswer({ hasRoom: true, rows: [a, b], header: request.wantsHeader ? header : null })
}
let rows: Uint8Array | undefined

const asSeen = (relay: SeenRequest["relay"], request: IncomingMessage): SeenRequest => ({
  relay,
  method: request.method ?? "",
  path: request.url ?? "",
  headers: request.headers,
})

export type { MadeEdition, Organisation }

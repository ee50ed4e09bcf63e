/**
 * The only way out of the desk. With a proxy set, every byte goes through it and names are resolved by it
 * (`socks5h`): nothing goes around a proxy that is down (K10). Through a proxy a relay is asked at its onion address, so that no exit
 * sees which relay it is; a proxy that does not know the way there, since it is not Tor's or the onion service is down, is asked
 * for the web address.
 */
import { request as httpRequest } from "node:http"
import { request as httpsRequest } from "node:https"
import { err, ok, type Result } from "@kunak/core/result"
import { SocksProxyAgent } from "socks-proxy-agent"

/** A SOCKS5 proxy, such as Tor's, or none: then the relay's operator sees the desk's address. */
export type ProxySetting = { readonly host: string; readonly port: number } | null

export interface Exchange {
  readonly method: "GET" | "POST"
  readonly url: string
  /** The same at an onion address. */
  readonly onionUrl?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Longer answers are refused while they are read. */
  readonly mostBytes: number
}

export interface ExchangeAnswer {
  readonly status: number
  readonly body: Uint8Array
  /** The answer's `Date`, as it stands; null where there was none. */
  readonly date?: string | null
}

export type OutgoingError =
  | { readonly kind: "proxy-down" }
  | { readonly kind: "unreachable" }
  | { readonly kind: "timeout" }
  | { readonly kind: "answer-too-long"; readonly mostBytes: number }

/** What the relay client of `packages/duty` takes: any kind of failure, here one of `OutgoingError`. */
export type Outgoing = (exchange: Exchange) => Promise<Result<ExchangeAnswer, OutgoingError>>

export interface Limits {
  /** Over Tor a circuit can take half a minute to build. */
  readonly leastMs: number
  /** What is sent may take longer by so much: editions of megabytes go over Tor, and a relay waits two minutes for one. */
  readonly bytesPerMs: number
}

const LIMITS: Limits = { leastMs: 60_000, bytesPerMs: 20 }

/** For a whole exchange: a relay that answers byte by byte must not hold up a desk's round. */
export const limitMs = (bodyBytes: number, { leastMs, bytesPerMs }: Limits = LIMITS): number =>
  leastMs + Math.ceil(bodyBytes / bytesPerMs)

/** "127.0.0.1:9050", "[::1]:9050", "localhost:9050"; null when it is none of these. */
export function parseProxy(typed: string): ProxySetting {
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+):(\d{1,5})$/i.exec(typed.trim())
  const port = Number(match?.[2])
  return match?.[1] && port > 0 && port < 65_536 ? { host: match[1], port } : null
}

/** How the proxy's own "I can't reach it" arrives; anything else before the socket stands is the proxy's fault. */
const REJECTED = "proxy rejected connection"

export function makeOutgoing(proxy: () => ProxySetting, limits: Limits = LIMITS): Outgoing {
  return async (exchange) => {
    const through = proxy()
    if (through && exchange.onionUrl) {
      const byOnion = await sendOnce({ ...exchange, url: exchange.onionUrl }, through, limits)
      if (byOnion !== NO_WAY) return byOnion
    }
    const answer = await sendOnce(exchange, through, limits)
    return answer === NO_WAY ? err({ kind: "unreachable" }) : answer
  }
}

/** The proxy refused the name: not a byte of the exchange has left. */
const NO_WAY = Symbol("no way")

function sendOnce(
  exchange: Exchange,
  through: ProxySetting,
  limits: Limits,
): Promise<Result<ExchangeAnswer, OutgoingError> | typeof NO_WAY> {
  return new Promise((resolve) => {
    const agent = through ? new SocksProxyAgent(`socks5h://${through.host}:${through.port}`) : undefined
    const send = exchange.url.startsWith("https:") ? httpsRequest : httpRequest
    const outcome = (result: Result<ExchangeAnswer, OutgoingError> | typeof NO_WAY) => {
      resolve(result)
      request.destroy()
      agent?.destroy()
    }
    const request = send(exchange.url, {
      method: exchange.method,
      headers: {
        ...exchange.headers,
        ...(exchange.body ? { "content-length": String(exchange.body.length) } : {}),
      },
      // A connection of its own for each exchange: a proxy with stream isolation keeps them apart.
      agent: agent ?? false,
    })
    const timer = setTimeout(
      () => outcome(err({ kind: "timeout" })),
      limitMs(exchange.body?.length ?? 0, limits),
    )
    timer.unref()
    request.on("close", () => clearTimeout(timer))
    let isThrough = false
    request.on("socket", () => {
      isThrough = true
    })
    request.on("error", (error) => {
      const byProxy = through !== null && !isThrough
      if (byProxy && error.message.includes(REJECTED)) outcome(NO_WAY)
      else outcome(err({ kind: byProxy ? "proxy-down" : "unreachable" }))
    })
    request.on("response", (response) => {
      const parts: Uint8Array[] = []
      let length = 0
      response.on("data", (part: Uint8Array) => {
        length += part.length
        if (length > exchange.mostBytes)
          outcome(err({ kind: "answer-too-long", mostBytes: exchange.mostBytes }))
        else parts.push(part)
      })
      response.on("error", () => outcome(err({ kind: "unreachable" })))
      response.on("end", () =>
        outcome(
          ok({
            status: response.statusCode ?? 0,
            body: new Uint8Array(Buffer.concat(parts)),
            date: response.headers.date ?? null,
          }),
        ),
      )
    })
    request.end(exchange.body)
  })
}

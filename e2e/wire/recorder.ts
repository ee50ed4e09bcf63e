/**
 * What somebody sees who watches a relay's wire: a TCP proxy on loopback that passes every byte on and writes down
 * which requests and answers these bytes are, when, and how large. It knows nothing of Kunak.
 */
import { connect, createServer, type Server, type Socket } from "node:net"

/** One message as it went over the wire. */
export interface Seen {
  /** Milliseconds, of a steady clock that all recorders share. */
  readonly at: number
  readonly relay: string
  /** Which connection to that relay, counted from 0. */
  readonly connection: number
  readonly kind: "request" | "answer"
  /** "POST /tick HTTP/1.1" or "HTTP/1.1 200 OK". */
  readonly start: string
  /** Header lines as they came, in their order. */
  readonly headers: readonly string[]
  readonly bodyBytes: number
  /** Head and body together. */
  readonly bytes: number
  /** Of the body, in hexadecimal, what whoever watches was asked to look at. */
  readonly clear: string
}

/** What a message's body shows to whoever gets it, for a relay's owner sees more than sizes. */
export type ClearOf = (kind: Seen["kind"], start: string, body: Uint8Array) => string

const NOTHING: ClearOf = () => ""

export interface Recorder {
  readonly origin: string
  /** Emptied by whoever begins anew. */
  readonly seen: Seen[]
  /** The relay stops answering: connections are cut and refused. */
  readonly cut: (isCut: boolean) => void
  readonly close: () => Promise<void>
}

/** @param port of the relay on loopback. */
export async function recordWire(relay: string, port: number, clearOf: ClearOf = NOTHING): Promise<Recorder> {
  const seen: Seen[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  let isCut = false
  const server = createServer((client) => {
    if (isCut) {
      client.destroy()
      return
    }
    const connection = connections++
    const upstream = connect(port, "127.0.0.1")
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true)
      sockets.add(socket)
      socket.on("error", () => {})
      socket.on("close", () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    const note = (kind: Seen["kind"]) =>
      messageReader(({ body, ...message }) =>
        seen.push({
          at: performance.now(),
          relay,
          connection,
          kind,
          ...message,
          clear: clearOf(kind, message.start, body),
        }),
      )
    const [requests, answers] = [note("request"), note("answer")]
    client.on("data", (bytes) => {
      requests(bytes)
      upstream.write(bytes)
    })
    upstream.on("data", (bytes) => {
      answers(bytes)
      client.write(bytes)
    })
  })
  const address = await listening(server)
  return {
    origin: `http://127.0.0.1:${address}`,
    seen,
    cut: (cut) => {
      isCut = cut
      if (cut) for (const socket of sockets) socket.destroy()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resolve(typeof address === "object" && address ? address.port : 0)
    })
  })

type Message = Pick<Seen, "start" | "headers" | "bodyBytes" | "bytes"> & { readonly body: Uint8Array }

/** HTTP/1.1 messages with a Content-Length, or without a body, from a stream of bytes. */
function messageReader(found: (message: Message) => void): (bytes: Buffer) => void {
  let held = Buffer.alloc(0)
  return (bytes) => {
    held = Buffer.concat([held, bytes])
    for (;;) {
      const end = held.indexOf("\r\n\r\n")
      if (end < 0) return
      const [start = "", ...headers] = held.subarray(0, end).toString("latin1").split("\r\n")
      const length = headers.find((line) => /^content-length:/i.test(line))
      const bodyBytes = Number(length?.split(":")[1] ?? 0)
      const whole = end + 4 + bodyBytes
      if (held.length < whole) return
      found({ start, headers, bodyBytes, bytes: whole, body: held.subarray(end + 4, whole) })
      held = held.subarray(whole)
    }
  }
}

/** What must not differ between two visits: everything but the moment, and what every exchange has anew. */
export interface Trace {
  readonly relay: string
  readonly kind: Seen["kind"]
  readonly connection: number
  readonly start: string
  readonly headers: readonly string[]
  readonly bytes: number
  readonly clear: string
}

/** A `Date` says when, for everybody alike. */
const FRESH = /^(date):.*/i

/** By relay, in the order of the wire: two relays answer when they can, so only each one's order is compared. */
export function tracesOf(seen: readonly Seen[], relay: string): readonly Trace[] {
  const own = seen.filter((one) => one.relay === relay)
  const connections = [...new Set(own.map(({ connection }) => connection))]
  return own.map(({ kind, connection, start, headers, bytes, clear }) => ({
    relay,
    kind,
    connection: connections.indexOf(connection),
    start,
    headers: headers.map((line) => line.replace(FRESH, "$1")),
    bytes,
    clear,
  }))
}

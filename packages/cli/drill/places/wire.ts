/**
 * What somebody has who copies every byte on the way to a relay. A TCP proxy on loopback stands at the address that
 * the charter names; TLS or Tor would stand around this, so capabilities may be seen here, and words may not.
 */
import { connect, createServer, type Server, type Socket } from "node:net"

/** A message of HTTP/1.1 as it went by. */
export interface Message {
  readonly at: number
  readonly connection: number
  readonly from: "client" | "relay"
  /** "POST /tick HTTP/1.1" */
  readonly start: string
  readonly headers: readonly string[]
  readonly body: Uint8Array
}

export interface Wire {
  readonly relay: "A" | "B"
  readonly port: number
  /** Everything that went by, in both directions, one buffer for each. */
  readonly bytes: () => readonly Uint8Array[]
  readonly messages: () => readonly Message[]
  readonly close: () => Promise<void>
}

/** Address of whoever comes with a browser, so that it can be searched: all of 127/8 is this machine. */
export const VISITOR_ADDRESS = "127.66.77.88"

export async function recordWire(relay: "A" | "B", upstreamPort: number): Promise<Wire> {
  const sockets = new Set<Socket>()
  const streams: { readonly from: Message["from"]; readonly connection: number; readonly chunks: Chunk[] }[] =
    []
  let connections = 0
  const server = createServer((client) => {
    const connection = connections++
    const stream = (from: Message["from"]): Chunk[] => {
      const chunks: Chunk[] = []
      streams.push({ from, connection, chunks })
      return chunks
    }
    const [asked, answered] = [stream("client"), stream("relay")]
    let upstream: Socket | null = null
    hold(sockets, client, () => upstream?.destroy())
    client.on("data", (bytes) => {
      asked.push({ at: performance.now(), bytes })
      upstream ??= passOn(bytes, client)
      upstream.write(bytes)
    })
    function passOn(first: Buffer, back: Socket): Socket {
      const isBrowser = first.includes("Mozilla/")
      const made = connect({
        port: upstreamPort,
        host: "127.0.0.1",
        ...(isBrowser ? { localAddress: VISITOR_ADDRESS } : {}),
      })
      hold(sockets, made, () => back.destroy())
      made.on("data", (bytes) => {
        answered.push({ at: performance.now(), bytes })
        back.write(bytes)
      })
      return made
    }
  })
  const port = await listening(server)
  return {
    relay,
    port,
    bytes: () => streams.map(({ chunks }) => Buffer.concat(chunks.map(({ bytes }) => bytes))),
    messages: () => streams.flatMap(({ from, connection, chunks }) => messagesIn(chunks, from, connection)),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}

interface Chunk {
  readonly at: number
  readonly bytes: Buffer
}

function hold(sockets: Set<Socket>, socket: Socket, closed: () => void): void {
  socket.setNoDelay(true)
  sockets.add(socket)
  socket.on("error", () => {})
  socket.on("close", () => {
    sockets.delete(socket)
    closed()
  })
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resolve(typeof address === "object" && address ? address.port : 0)
    })
  })

/** Messages with a Content-Length or without a body, one behind the other; what is cut off at the end is left out. */
export function messagesIn(
  chunks: readonly Chunk[],
  from: Message["from"],
  connection: number,
): readonly Message[] {
  const all = Buffer.concat(chunks.map(({ bytes }) => bytes))
  const found: Message[] = []
  for (let at = 0; ; ) {
    const end = all.indexOf("\r\n\r\n", at)
    if (end < 0) return found
    const [start = "", ...headers] = all.subarray(at, end).toString("latin1").split("\r\n")
    const length = Number(headers.find((line) => /^content-length:/i.test(line))?.split(":")[1] ?? 0)
    if (all.length < end + 4 + length) return found
    const body = all.subarray(end + 4, end + 4 + length)
    found.push({ at: momentOf(chunks, at), connection, from, start, headers, body })
    at = end + 4 + length
  }
}

export interface Exchange {
  readonly asked: Message
  /** Null where the connection ended before an answer, or it was cut off. */
  readonly answered: Message | null
}

/** Each question with its answer: on one connection they come in the same order. */
export function exchangesIn(messages: readonly Message[]): readonly Exchange[] {
  const answers = new Map<number, Message[]>()
  for (const message of messages)
    if (message.from === "relay")
      answers.set(message.connection, [...(answers.get(message.connection) ?? []), message])
  const asked = new Map<number, number>()
  return messages.flatMap((message) => {
    if (message.from !== "client") return []
    const place = asked.get(message.connection) ?? 0
    asked.set(message.connection, place + 1)
    return [{ asked: message, answered: answers.get(message.connection)?.[place] ?? null }]
  })
}

function momentOf(chunks: readonly Chunk[], offset: number): number {
  let passed = 0
  for (const { at, bytes } of chunks) {
    passed += bytes.length
    if (passed > offset) return at
  }
  return 0
}

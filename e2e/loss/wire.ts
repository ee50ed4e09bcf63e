/**
 * The way to a relay as desks, duties and visitors have it: everything passes here, so everything that was ever uploaded is known; and uploads
 * can be torn in the middle, answers lost on their way back, and a machine stopped between two of its uploads.
 */
import { createServer, request, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import type { Chance } from "./chance.ts"

/** What is carried: what desks and duties write, what visitors send, and questions. */
export type Cargo = "uploads" | "ticks" | "questions"
const CARGO: Readonly<Record<string, Cargo>> = {
  "/publish": "uploads",
  "/log/append": "uploads",
  "/tick": "ticks",
}

/** What was truly torn. */
export interface Torn {
  there: number
  back: number
}

export interface Wire {
  readonly port: number
  /** Of a hundred exchanges so many are torn on their way there, and as many on their way back. */
  tornPercent: number
  /** What happens to the next uploads, one after the other, whatever is drawn. */
  due: (keyof Torn)[]
  readonly torn: Readonly<Record<Cargo, Torn>>
  /** Told of what the relay has taken, while its answer has not yet gone back. */
  onTaken: ((upload: Uploaded) => void) | null
  close(): Promise<void>
}

export interface Uploaded {
  readonly path: string
  readonly body: Buffer
}

/** @param relayPort where the relay itself listens. @param onUpload told of every body that arrived here whole, before the relay has it. */
export async function layWire(
  relayPort: number,
  chance: Chance,
  onUpload: (upload: Uploaded) => void,
): Promise<Wire> {
  const none = (): Torn => ({ there: 0, back: 0 })
  const torn: Readonly<Record<Cargo, Torn>> = { uploads: none(), ticks: none(), questions: none() }
  const wire: Pick<Wire, "tornPercent" | "due" | "onTaken"> = { tornPercent: 0, due: [], onTaken: null }
  const server: Server = createServer((message, response) => {
    const chunks: Buffer[] = []
    message.on("data", (chunk: Buffer) => chunks.push(chunk))
    message.on("error", () => {})
    message.on("end", () => {
      const body = Buffer.concat(chunks)
      const path = message.url ?? ""
      if (message.method === "POST") onUpload({ path, body })
      const cargo = CARGO[path] ?? "questions"
      const fate = chance.below(100)
      const due = cargo === "uploads" ? wire.due.shift() : undefined
      const isTornThere = due ? due === "there" : body.length > 0 && fate < wire.tornPercent
      const isTornBack = due ? due === "back" : !isTornThere && fate < 2 * wire.tornPercent
      const headers = { ...message.headers, "content-length": String(body.length) }
      const onward = request(
        { host: "127.0.0.1", port: relayPort, method: message.method, path, headers, agent: false },
        (answer) => {
          const parts: Buffer[] = []
          answer.on("data", (part: Buffer) => parts.push(part))
          answer.on("error", () => response.destroy())
          answer.on("end", () => {
            if (answer.statusCode === 200) wire.onTaken?.({ path, body })
            if (isTornBack) {
              torn[cargo].back += 1
              response.destroy()
              return
            }
            response.writeHead(answer.statusCode ?? 502, answer.headers)
            response.end(Buffer.concat(parts))
          })
        },
      )
      onward.on("error", () => response.destroy())
      if (!isTornThere) {
        onward.end(body)
        return
      }
      torn[cargo].there += 1
      onward.write(body.subarray(0, chance.below(body.length)), () => {
        onward.destroy()
        response.destroy()
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return Object.assign(wire, {
    port: (server.address() as AddressInfo).port,
    torn,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

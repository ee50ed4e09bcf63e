/**
 * The way to a relay as desks and duties have it: everything passes here, so everything that was ever uploaded is known; and uploads can be torn
 * in the middle, and answers lost on their way back.
 */
import { createServer, request, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import type { Chance } from "./chance.ts"

export interface Wire {
  readonly port: number
  /** Of a hundred exchanges so many are torn on their way there, and as many on their way back. */
  tornPercent: number
  readonly torn: { there: number; back: number }
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
  const torn = { there: 0, back: 0 }
  const wire = { tornPercent: 0 }
  const server: Server = createServer((message, response) => {
    const chunks: Buffer[] = []
    message.on("data", (chunk: Buffer) => chunks.push(chunk))
    message.on("error", () => {})
    message.on("end", () => {
      const body = Buffer.concat(chunks)
      const path = message.url ?? ""
      if (message.method === "POST") onUpload({ path, body })
      const fate = chance.below(100)
      const isTornThere = body.length > 0 && fate < wire.tornPercent
      const isTornBack = !isTornThere && fate < 2 * wire.tornPercent
      const headers = { ...message.headers, "content-length": String(body.length) }
      const onward = request(
        { host: "127.0.0.1", port: relayPort, method: message.method, path, headers, agent: false },
        (answer) => {
          const parts: Buffer[] = []
          answer.on("data", (part: Buffer) => parts.push(part))
          answer.on("error", () => response.destroy())
          answer.on("end", () => {
            if (isTornBack) {
              torn.back += 1
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
      torn.there += 1
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

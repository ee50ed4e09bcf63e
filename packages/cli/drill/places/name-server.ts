/** The only name server of the drill's network: it notes each name that is asked for, and knows none. RFC 1035 §4.1. */
import { createSocket } from "node:dgram"
import { once } from "node:events"
import { NAME_SERVER } from "./network.ts"

const PORT = 53
const HEAD = 12

export interface NameServer {
  /** Names that were asked for, and how often. */
  readonly asked: ReadonlyMap<string, number>
  readonly close: () => Promise<void>
}

/** It answers nothing: an answer that comes when nobody waits any more would be a datagram to nobody. */
export async function startNameServer(
  address: string = NAME_SERVER,
  port: number = PORT,
): Promise<NameServer> {
  const asked = new Map<string, number>()
  const socket = createSocket("udp4")
  socket.on("message", (question) => {
    const name = nameIn(question)
    asked.set(name, (asked.get(name) ?? 0) + 1)
  })
  socket.on("error", () => {})
  socket.bind(port, address)
  await once(socket, "listening")
  return {
    asked,
    close: async () => {
      socket.close()
    },
  }
}

/** Of the first question; "" for what is none. */
export function nameIn(question: Uint8Array): string {
  const labels: string[] = []
  for (let at = HEAD; at < question.length; ) {
    const length = question[at] as number
    if (length === 0 || length > 63) break
    labels.push(Buffer.from(question.subarray(at + 1, at + 1 + length)).toString("latin1"))
    at += 1 + length
  }
  return labels.join(".").toLowerCase()
}

/** The only name server of the drill's network: it knows no name, and notes each that is asked for. RFC 1035 §4.1. */
import { createSocket } from "node:dgram"
import { once } from "node:events"
import { createServer } from "node:net"
import { NAME_SERVER } from "./network.ts"

const PORT = 53
const HEAD = 12

export interface NameServer {
  /** Names that were asked for, and how often. */
  readonly asked: ReadonlyMap<string, number>
  readonly close: () => Promise<void>
}

export async function startNameServer(
  address: string = NAME_SERVER,
  port: number = PORT,
): Promise<NameServer> {
  const asked = new Map<string, number>()
  const note = (question: Uint8Array): Buffer => {
    const name = nameIn(question)
    asked.set(name, (asked.get(name) ?? 0) + 1)
    return nothingSuch(question)
  }
  const udp = createSocket("udp4")
  udp.on("message", (question, from) => udp.send(note(question), from.port, from.address))
  udp.on("error", () => {})
  const tcp = createServer((socket) => {
    socket.on("error", () => {})
    socket.once("data", (bytes) => {
      const answer = note(bytes.subarray(2))
      socket.end(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 255]), answer]))
    })
  })
  udp.bind(port, address)
  tcp.listen(port, address)
  await Promise.all([once(udp, "listening"), once(tcp, "listening")])
  return {
    asked,
    close: async () => {
      udp.close()
      tcp.close()
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

/** The question back, as an answer: recursion is available, the name does not exist. */
function nothingSuch(question: Uint8Array): Buffer {
  const answer = Buffer.from(question)
  if (answer.length < HEAD) return answer
  answer[2] = ((answer[2] as number) | 0x80) & 0xfd
  answer[3] = 0x83
  return answer
}

/** A tor as people have it beside their browser: a SOCKS port, and a count of what went through it. */
import { connect } from "node:net"
import { freePorts, type PrivateNetwork } from "./private-network.ts"

export interface TorClient {
  readonly port: number
  /** Resolves when it has a consensus and a circuit. */
  readonly ready: Promise<void>
  /** Bytes between this tor and its relays so far, cells and directory included. */
  readonly traffic: () => Promise<{ readonly read: number; readonly written: number }>
}

export async function startClient(network: PrivateNetwork, name: string): Promise<TorClient> {
  const [socks = 0, control = 0] = await freePorts(2)
  const tor = network.join(name, `SocksPort 127.0.0.1:${socks}\nControlPort 127.0.0.1:${control}`)
  const ready = tor.says(/Bootstrapped 100%/)
  ready.catch(() => {})
  return {
    port: socks,
    ready,
    traffic: async () => {
      const said = await asked(control, "GETINFO traffic/read traffic/written")
      const of = (what: string): number => Number(new RegExp(`traffic/${what}=(\\d+)`).exec(said)?.[1])
      return { read: of("read"), written: of("written") }
    },
  }
}

const asked = (port: number, question: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = ""
    const socket = connect(port, "127.0.0.1", () => socket.write(`AUTHENTICATE\r\n${question}\r\nQUIT\r\n`))
    socket.on("data", (part) => {
      said += part.toString()
    })
    socket.once("error", reject)
    socket.once("close", () => resolve(said))
  })

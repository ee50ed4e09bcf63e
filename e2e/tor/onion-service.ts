/** The onion service that an operator runs: packages/relay/deploy/torrc with nothing changed but its folders. */
import { existsSync, mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { freePorts, type PrivateNetwork } from "./private-network.ts"
import type { TorProcess } from "./tor-process.ts"

const TORRC = readFileSync(
  fileURLToPath(new URL("../../packages/relay/deploy/torrc", import.meta.url)),
  "utf8",
)

export interface OnionService {
  /** "http://….onion", as it stands in a charter. */
  readonly origin: string
  /** Where the relay has to listen. */
  readonly socket: string
  readonly tor: TorProcess
  /** Tor's own figures of this service, by name. */
  readonly figures: () => Promise<ReadonlyMap<string, number>>
}

export async function startOnionService(network: PrivateNetwork, name: string): Promise<OnionService> {
  const folder = join(network.folder, `service-${name}`)
  mkdirSync(folder, { mode: 0o700 })
  const socket = join(folder, "relay.sock")
  const shipped = TORRC.replaceAll("/var/lib/tor/kunak-relay", join(folder, "onion")).replace(
    "/run/kunak-relay/relay.sock",
    socket,
  )
  const [metrics] = await freePorts(1)
  const watched = `MetricsPort 127.0.0.1:${metrics}\nMetricsPortPolicy accept 127.0.0.1`
  const tor = network.join(`onion-${name}`, `${shipped}\n${watched}`)
  const file = join(folder, "onion", "hostname")
  for (let tries = 0; !existsSync(file); tries++) {
    if (tries > 600) throw new Error(`no onion address: ${tor.log().slice(-2_000)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    origin: `http://${readFileSync(file, "utf8").trim()}`,
    socket,
    tor,
    figures: async () => {
      const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text()
      const found = new Map<string, number>()
      for (const [, key = "", value] of text.matchAll(/^(tor_hs_\w+)\{[^}]*\} (\S+)$/gm))
        found.set(key, (found.get(key) ?? 0) + Number(value))
      return found
    },
  }
}

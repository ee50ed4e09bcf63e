import type { AddressInfo } from "node:net"
import { createServer } from "node:net"
import type { DemoPorts } from "./description.ts"

/** Four ports of loopback that nobody holds at this moment. */
export async function freePorts(): Promise<DemoPorts> {
  const servers = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  const [relayA = 0, relayB = 0, desk1 = 0, desk2 = 0] = ports
  return { relayA, relayB, desk1, desk2 }
}

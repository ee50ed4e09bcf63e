import { createSocket } from "node:dgram"
import { Resolver } from "node:dns/promises"
import { once } from "node:events"
import { expect, it } from "vitest"
import { startNameServer } from "./name-server.ts"

it("[DR3] a name that is asked for is noted, and nothing is answered", async () => {
  const probe = createSocket("udp4").bind(0, "127.0.0.1")
  await once(probe, "listening")
  const { port } = probe.address()
  probe.close()
  const server = await startNameServer("127.0.0.1", port)
  try {
    const resolver = new Resolver({ timeout: 500, tries: 1 })
    resolver.setServers([`127.0.0.1:${port}`])
    await expect(resolver.resolve4("Counter.example")).rejects.toMatchObject({ code: "ETIMEOUT" })
    expect([...server.asked.keys()]).toEqual(["counter.example"])
  } finally {
    await server.close()
  }
})

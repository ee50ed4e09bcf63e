import { toHex } from "@kunak/core/bytes/hex"
import { decodeHeader } from "@kunak/core/edition/header"
import { expect, test } from "vitest"
import { testLine } from "./testing/line.ts"

test("[U5] restarted from any memory that it saved, it uses no edition number twice", async () => {
  const line = await testLine()
  const { duty, saved } = line.duty(0)
  await duty.tick()
  line.forward(300)
  await duty.tick()
  const used = new Map<string, string>()
  const see = async (): Promise<void> => {
    for (const relay of [line.a, line.b]) {
      const bytes = (await relay.get("/header")).body
      const id = decodeHeader(bytes)?.header.id
      const before = used.get(JSON.stringify(id))
      if (before) expect(toHex(bytes)).toBe(before)
      used.set(JSON.stringify(id), toHex(bytes))
    }
  }
  await see()
  for (const memory of saved.slice(-6)) {
    line.forward(300)
    const again = line.duty(0, memory)
    await again.duty.tick()
    await see()
    // The relays may know of a newer one than this memory: with the next turn it goes on from there.
    line.forward(300)
    expect((await again.duty.tick()).kind).toBe("published")
    await see()
  }
})

import { ok } from "@kunak/core/result"
import { expect, it } from "vitest"
import { relayClocks } from "./relay-clocks.ts"

const exchange = (url: string) => ({ method: "GET", url, headers: {}, mostBytes: 10 }) as const

it("[K28] says how far a relay's clock is ahead or behind, from the answers that come anyway", async () => {
  let wall = Date.parse("2026-11-22T18:00:00Z")
  let date: string | null = "Sun, 22 Nov 2026 18:05:01 GMT"
  let tookMs = 2000
  const asked: string[] = []
  const clocks = relayClocks(
    async ({ url }) => {
      asked.push(url)
      wall += tookMs
      return ok({ status: 200, body: new Uint8Array(), date })
    },
    () => wall,
  )
  expect(clocks.offset("https://a.example")).toBeNull()
  await clocks.outgoing(exchange("https://a.example/header"))
  expect(clocks.offset("https://a.example")).toBe(300)
  expect(clocks.offset("https://b.example")).toBeNull()
  // A slow answer, and one without a date, change nothing; each was one exchange and no more.
  tookMs = 20_000
  date = "Sun, 22 Nov 2026 12:00:00 GMT"
  await clocks.outgoing(exchange("https://a.example/header"))
  tookMs = 0
  for (date of [null, "", "yesterday"]) await clocks.outgoing(exchange("https://a.example/header"))
  expect(clocks.offset("https://a.example")).toBe(300)
  expect(asked).toHaveLength(5)
})

import { afterEach, expect, it, vi } from "vitest"
import { placeId, placeName } from "./place-names.ts"

const THREADS = ["5f2a".repeat(8), "91bc".repeat(8)] as const

afterEach(() => vi.resetModules())

it("[K31] an address names a conversation by something of this page alone, which leads to it", () => {
  const names = THREADS.map(placeName)
  expect(new Set(names).size).toBe(2)
  for (const [i, name] of names.entries()) {
    expect(name).toMatch(/^\w+$/)
    expect(name).not.toContain(THREADS[i])
    expect(placeName(THREADS[i] as string)).toBe(name)
    expect(placeId(name)).toBe(THREADS[i])
  }
})

it("[K31] loaded again, an old name leads nowhere, and no conversation has it again", async () => {
  const old = placeName(THREADS[0])
  vi.resetModules()
  const loadedAgain = await import("./place-names.ts")
  const names = THREADS.map(loadedAgain.placeName)
  expect(names).not.toContain(old)
  expect(loadedAgain.placeId(old)).toBe("")
  expect(loadedAgain.placeId(THREADS[0])).toBe(THREADS[0])
})

import { expect, it } from "vitest"
import { placeId, placeName } from "./place-names.ts"

const THREADS = ["5f2a".repeat(8), "91bc".repeat(8)] as const

it("[K31] an address names a conversation by a number of this tab, which leads to it", () => {
  const names = THREADS.map(placeName)
  expect(new Set(names).size).toBe(2)
  for (const [i, name] of names.entries()) {
    expect(name).toMatch(/^\d+$/)
    expect(placeName(THREADS[i] as string)).toBe(name)
    expect(placeId(name)).toBe(THREADS[i])
  }
})

it("[K31] a number that this tab did not give leads nowhere, an id where it always did", () => {
  expect(placeId("4711")).toBe("")
  expect(placeId(THREADS[0])).toBe(THREADS[0])
})

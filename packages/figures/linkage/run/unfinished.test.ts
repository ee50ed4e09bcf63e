/** What a stopped run leaves, and when it may be gone on from. */
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { ComparedPairs } from "../comparison/pairs.ts"
import { findUnfinished, forgetUnfinished, keepUnfinished } from "./unfinished.ts"

const part = (from: number, length: number): ComparedPairs => ({
  a: Int32Array.from({ length }, (_, at) => from + at),
  b: Int32Array.from({ length }, (_, at) => from + at + 1),
  low: Uint32Array.from({ length }, (_, at) => 4_000_000_000 + at),
  high: new Uint32Array(length),
})
const PARTS = new Map([
  [0, part(5, 3)],
  [12, part(90, 1)],
  [7, part(0, 0)],
])

let out: string
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "kunak-unfinished-"))
})
afterEach(() => rmSync(out, { recursive: true }))

const kept = (name: string): string => join(out, ".unfinished", name)

describe("a stopped run", () => {
  test("[resume] finds its parts as they were, whole numbers above 2³¹ too", async () => {
    await keepUnfinished(out, "these files", PARTS)
    const found = await findUnfinished(out, "these files")
    expect([...found].toSorted(([a], [b]) => a - b)).toEqual([...PARTS].toSorted(([a], [b]) => a - b))
    expect(readdirSync(out)).toEqual([".unfinished"])
  })

  test("[resume] nothing is taken from a run over other files or settings", async () => {
    await keepUnfinished(out, "these files", PARTS)
    expect((await findUnfinished(out, "other files")).size).toBe(0)
  })

  test("[resume] nothing is taken where a part was cut, where the mark is gone, or where nothing was left", async () => {
    expect((await findUnfinished(out, "these files")).size).toBe(0)
    await keepUnfinished(out, "these files", PARTS)
    truncateSync(kept("0.part"), 21)
    expect((await findUnfinished(out, "these files")).size).toBe(0)
    await keepUnfinished(out, "these files", PARTS)
    rmSync(kept("fingerprint"))
    expect((await findUnfinished(out, "these files")).size).toBe(0)
  })

  test("[resume] what else lies there is passed over, and a second stop replaces the first", async () => {
    await keepUnfinished(out, "these files", PARTS)
    writeFileSync(kept("notes.txt"), "Amina")
    expect((await findUnfinished(out, "these files")).size).toBe(3)
    await keepUnfinished(out, "these files", new Map([[1, part(1, 2)]]))
    expect([...(await findUnfinished(out, "these files")).keys()]).toEqual([1])
    await forgetUnfinished(out)
    expect(readdirSync(out)).toEqual([])
  })
})

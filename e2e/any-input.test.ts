/**
 * A few thousand bent inputs to every parser and every route, and again those that once broke one. `npm run check` tries a million, with an eye
 * on what they reach; by hand: node e2e/fuzz/run.ts --group core --inputs 100000
 */
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { BENT, everyParser, NOT_BENT } from "./fuzz/every-parser.ts"
import { type Finding as Broke, fuzz, tryOne } from "./fuzz/fuzz.ts"
import { GROUPS } from "./fuzz/groups.ts"
import { Broken, type Group, mustHold } from "./fuzz/target.ts"

const INPUTS: Readonly<Record<string, number>> = { core: 3_000, files: 1_500, relay: 800, desk: 700 }

interface Finding {
  readonly target: string
  readonly rule: string
  readonly what: string
  readonly input: string
}
const { vectors } = JSON.parse(
  readFileSync(new URL("../vectors/findings/inputs.json", import.meta.url), "utf8"),
) as { readonly vectors: readonly Finding[] }
const known = new Set<string>()
const targets = new Set<string>()

describe.each(Object.keys(INPUTS))("%s", (name) => {
  test("[B1] [T19] [K8] bent inputs and those that once broke it are taken or refused, none throws, none takes long", async () => {
    const group = await (GROUPS[name] as (typeof GROUPS)[string])()
    for (const target of group.targets) targets.add(target.name)
    const again: Broke[] = []
    for (const { target: wanted, what, input } of vectors) {
      const target = group.targets.find((one) => one.name === wanted)
      if (!target) continue
      known.add(wanted)
      await tryOne(target, new Uint8Array(Buffer.from(input, "hex")), again)
      expect([what, again]).toEqual([what, []])
    }
    const { findings, inputs } = await fuzz(group, { seed: 1, inputs: INPUTS[name] ?? 0, guided: false })
    expect(findings).toEqual([])
    expect(inputs).toBeGreaterThan(500)
    await group.close()
  })
})

test("every input that is kept has a target that still exists", () => {
  expect([...known].sort()).toEqual([...new Set(vectors.map(({ target }) => target))].sort())
})

test("[B1] every function that is named for parsing, decoding or reading is bent, or says why not", () => {
  const all = everyParser()
  expect(all.length).toBeGreaterThan(70)
  expect(all.filter((name) => !(name in BENT) && !(name in NOT_BENT))).toEqual([])
  expect([...Object.keys(BENT), ...Object.keys(NOT_BENT)].filter((name) => !all.includes(name))).toEqual([])
  expect(Object.keys(BENT).filter((name) => name in NOT_BENT)).toEqual([])
  expect([...new Set(Object.values(BENT))].filter((name) => !targets.has(name))).toEqual([])
})

test("what breaks is found: a throw, a broken promise, an input that takes long", async () => {
  let isQuick = false
  const hasSeven = (input: Uint8Array): boolean => (input[3] ?? 0) > 7
  const group: Group = {
    targets: [
      {
        name: "throws",
        form: "bytes",
        samples: [new Uint8Array(8)],
        weight: 1,
        take: (input) => mustHold(!hasSeven(input), "seven"),
      },
      {
        name: "guarded",
        form: "json",
        samples: [Buffer.from('{"a":{"b":[1,2,{"c":"d"}]}}')],
        weight: 1,
        take: async (input) => {
          const letters = Buffer.from(input).toString()
          if (/"b":"/.test(letters)) throw new Broken("a text where a list is")
        },
      },
      {
        name: "slow",
        form: "bytes",
        samples: [Uint8Array.of(1, 2, 3)],
        weight: 0.01,
        take: (input) => {
          // Once: it is dear.
          if (!isQuick) {
            isQuick = true
            const before = process.threadCpuUsage()
            while (process.threadCpuUsage(before).user < 2_200_000) Math.sqrt(input.length)
          }
        },
      },
    ],
    close: async () => {},
  }
  const { findings } = await fuzz(group, { seed: 1, inputs: 6_000, guided: false })
  const found = findings.map(({ target, what }) => `${target}: ${what.replace(/[\d.]+ s/, "n s")}`)
  expect(found).toContain("throws: Error: seven")
  expect(found).toContain("guarded: Error: a text where a list is")
  expect(found).toContain("slow: it took n s of a processor")
})

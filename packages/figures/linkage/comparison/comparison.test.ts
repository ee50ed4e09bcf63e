/** Pairs compared: what the kernel says, and that threads say nothing else. */
import { describe, expect, test } from "vitest"
import { cutTasks, layOut } from "../blocking/candidates.ts"
import { planBlocking } from "../blocking/plan.ts"
import { generatePeople } from "../testing/generate-people.ts"
import { recordsOf, tableOf } from "../testing/records-of.ts"
import { comparePool } from "./compare-pool.ts"
import type { CompareContext, CompareTask } from "./compare-task.ts"
import { comparisonKernel, comparisonShape, MAX_COMPARISONS } from "./comparison.ts"
import type { ComparedPairs } from "./pairs.ts"
import { levelAt, packLevels } from "./pairs.ts"

function levelsOf(text: string): (a: number, b: number) => Readonly<Record<string, string>> {
  const { records } = recordsOf([tableOf("list.csv", text)])
  const compare = comparisonKernel(records.fields, records.names)
  return (a, b) => {
    const out = new Uint8Array(MAX_COMPARISONS)
    compare(a, b, out)
    return Object.fromEntries(
      records.fields.map((field, at) => [
        field.label,
        comparisonShape(field).levels[out[at] as number] ?? "",
      ]),
    )
  }
}

describe("two records compared", () => {
  const levels = levelsOf(`given_name,surname,dob,city,passport
Amina,Boriseva,1990-05-06,Argun,71234567
Amina,Boriseva,1990-05-06,Argun,71234567
Boriseva,Amina,1990-06-05,Argun,71234568
A.,Borisova,1990,,
Heda,Kuznetsova,1971-01-02,Shali,99999111
,Amina,1990-05-06,Argun,`)

  test("[levels] from full agreement to none, column by column; an absent value is no difference", () => {
    expect(levels(0, 1)).toEqual({
      given_name: "same",
      surname: "same",
      dob: "same day",
      city: "same",
      passport: "same",
    })
    expect(levels(0, 3)).toMatchObject({
      given_name: "initial agrees",
      city: "not known",
      passport: "not known",
    })
    expect(levels(0, 4)).toMatchObject({ given_name: "differ", surname: "differ", city: "differ" })
  })

  test("[levels] given and family name exchanged is one finding, not two", () => {
    expect(levels(0, 2)).toMatchObject({ given_name: "exchanged with the other name", surname: "not known" })
    expect(levels(0, 5)).toMatchObject({ given_name: "stands where the other has the other name" })
  })

  test("[levels] are the same from either side", () => {
    for (let a = 0; a < 6; a++) for (let b = 0; b < 6; b++) expect(levels(a, b)).toEqual(levels(b, a))
  })

  test("[pack] sixteen levels of four bits each come out as they went in", () => {
    const all = Uint8Array.from({ length: MAX_COMPARISONS }, (_, at) => (at * 7) % 16)
    const [low, high] = [packLevels(all, 0), packLevels(all, 8)]
    expect(Array.from(all.keys(), (at) => levelAt(low, high, at))).toEqual([...all])
  })
})

describe("threads", () => {
  const { records } = recordsOf([generatePeople(1200, 4).table], "person")
  const layouts = planBlocking(records, { maxCandidates: 60_000 }).rules.map(layOut)
  const context: CompareContext = {
    count: records.count,
    fields: records.fields,
    names: records.names,
    layouts,
    cleanList: new Int32Array(records.count).fill(-1),
  }
  const tasks: readonly CompareTask[] = [
    ...cutTasks(layouts, 4000).map((task) => ({ kind: "candidates", ...task }) as const),
    { kind: "random", pairs: 5000, seed: 3, stream: "one" },
    { kind: "every-pair", from: 10, to: 14 },
    { kind: "given", a: Int32Array.of(9, 1), b: Int32Array.of(2, 7) },
  ]
  const [ONE_THREAD, MANY] = [0, 1_000_000]
  const run = async (expected: number): Promise<readonly ComparedPairs[]> => {
    const pool = comparePool(context, expected)
    try {
      return await pool.run(tasks)
    } finally {
      await pool.close()
    }
  }

  test("[threads] give the same pairs in the same order as one thread", async () => {
    const [one, many] = [await run(ONE_THREAD), await run(MANY)]
    expect(tasks.length).toBeGreaterThan(8)
    expect(one.reduce((sum, { a }) => sum + a.length, 0)).toBeGreaterThan(15_000)
    expect(many).toEqual(one)
  })

  test.each([
    ["one thread", ONE_THREAD],
    ["threads", MANY],
  ])("[stop] %s: a stopped run gives no partial answer, and the pool closes", async (_, expected) => {
    const pool = comparePool(context, expected)
    const stop = new AbortController()
    let done = 0
    const running = pool.run(
      tasks,
      () => {
        if (++done === 2) stop.abort(new Error("stopped"))
      },
      stop.signal,
    )
    await expect(running).rejects.toThrow("stopped")
    await pool.close()
    expect(done).toBeLessThan(tasks.length)
  })

  test("[threads] without a task there is an empty answer, and no waiting", async () => {
    for (const expected of [ONE_THREAD, MANY]) {
      const pool = comparePool(context, expected)
      expect(await pool.run([])).toEqual([])
      await pool.close()
    }
  })
})

/** Lengths that tell something: every slot, every cell, every tick and its answer has one. */
import { DatabaseSync } from "node:sqlite"
import { ENVELOPE_BYTES, LOG_CELL_BYTES } from "@kunak/core/parameters"
import type { Message } from "../places/wire.ts"
import type { Finding } from "./section.ts"

const unequal = (what: string, where: string, times: number): readonly Finding[] =>
  times === 0 ? [] : [{ kind: "size", what, form: "length", where, times }]

/** Of a relay's database. */
export function sizesOnDisk(path: string, where: string): readonly Finding[] {
  const database = new DatabaseSync(path, { readOnly: true })
  const others = (table: string, column: string, bytes: number): number =>
    Number(
      database.prepare(`select count(*) as count from ${table} where length(${column}) <> ${bytes}`).get()
        ?.count,
    )
  try {
    return [
      ...unequal("slots of the ring", where, others("ring", "envelope", ENVELOPE_BYTES)),
      ...unequal("cells of the staff log", where, others("log", "cell", LOG_CELL_BYTES)),
    ]
  } finally {
    database.close()
  }
}

export interface TickSizes {
  readonly findings: readonly Finding[]
  readonly ticks: number
}

/** Request and answer of every tick: their lengths, heads included but for the visitor's own browser, are two at most. */
export function sizesOfTicks(messages: readonly Message[], where: string): TickSizes {
  const requests = messages.filter(({ start }) => start.startsWith("POST /tick"))
  const lengths = count(requests.map(({ body }) => body.length))
  const heads = count(requests.map(({ headers }) => headers.map((line) => line.split(":")[0]).join(",")))
  // With an envelope and without; the rest of a tick has one length (rule Z3).
  const [most = 0, second = 0] = [...lengths.values()].sort((a, b) => b - a)
  const strangers = requests.length - most - second
  // Each browser has an order of its own: two of them came.
  const [first = 0, other = 0, third = 0] = [...heads.values()].sort((a, b) => b - a)
  return {
    ticks: requests.length,
    findings: [
      ...unequal("requests of ticks", where, strangers),
      ...unequal("heads of ticks", where, requests.length - first - other - third),
    ],
  }
}

function count<T>(values: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** Lengths that tell something: every slot, every cell, every tick and its answer has one. */
import { DatabaseSync } from "node:sqlite"
import { ENVELOPE_BYTES, LOG_CELL_BYTES } from "@kunak/core/parameters"
import { decodeTickRequest, tickAnswerBytes } from "@kunak/core/tick/codec"
import { exchangesIn, type Message } from "../places/wire.ts"
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

/**
 * Requests and answers of ticks. Their lengths follow from the board's size, from whether an envelope goes and whether a header
 * comes (rule Z3), and every head of one browser is like every other, but for the length.
 */
export function sizesOfTicks(messages: readonly Message[], where: string): TickSizes {
  const exchanges = exchangesIn(messages).filter(({ asked }) => asked.start.startsWith("POST /tick"))
  const ticks = exchanges.map(({ asked, answered }) => ({
    asked,
    answered,
    request: decodeTickRequest(asked.body),
  }))
  const boards = count(ticks.flatMap(({ request }) => (request ? [request.log2Rows] : [])))
  const board = [...boards].sort(([, a], [, b]) => b - a)[0]?.[0]
  const answers = ticks.filter(({ request }) => request).flatMap(({ answered }) => answered ?? [])
  const strangeAnswers = ticks.filter(
    ({ request, answered }) =>
      request &&
      answered &&
      isOk(answered) &&
      answered.body.length !== tickAnswerBytes(request.log2Rows, request.wantsHeader),
  ).length
  return {
    ticks: ticks.length,
    findings: [
      ...unequal(
        "requests of ticks",
        where,
        ticks.filter(({ request }) => !request || request.log2Rows !== board).length,
      ),
      ...unequal("answers to ticks", where, strangeAnswers),
      ...unequal(
        "refusals of ticks",
        where,
        unlike(
          answers.filter((one) => !isOk(one)),
          lengthByStatus,
        ),
      ),
      ...unequal(
        "heads of ticks",
        where,
        unlike(
          exchanges.map(({ asked }) => asked),
          headByBrowser,
        ),
      ),
      ...unequal("heads of answers to ticks", where, unlike(answers, headByStatus)),
    ],
  }
}

const isOk = ({ start }: Message): boolean => / 200 /.test(start)

/** Of a group that should be alike in everything: what it is alike in, and the group. */
type Alike = (message: Message) => readonly [group: string, like: string]

const lengthByStatus: Alike = ({ start, body }) => [start, String(body.length)]
const headByBrowser: Alike = ({ headers }) => [
  headers.find((line) => /^user-agent:/i.test(line)) ?? "",
  headers.filter((line) => !/^content-length:/i.test(line)).join("\n"),
]
const headByStatus: Alike = ({ start, headers }) => [
  start,
  headers.filter((line) => !/^(content-length|date):/i.test(line)).join("\n"),
]

/** Messages that differ from most others of their group. */
function unlike(messages: readonly Message[], alike: Alike): number {
  const groups = new Map<string, string[]>()
  for (const message of messages) {
    const [group, like] = alike(message)
    groups.set(group, [...(groups.get(group) ?? []), like])
  }
  return [...groups.values()].reduce(
    (sum, likes) => sum + likes.length - Math.max(...count(likes).values()),
    0,
  )
}

function count<T>(values: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

import { describe, expect, it } from "vitest"
import type { ThreadSummary } from "../model.ts"
import { FILTERS, filtered, matches, passes } from "./queue-filter.ts"

const thread = (change: Partial<ThreadSummary> = {}): ThreadSummary => ({
  id: "00",
  label: "brown heron 41",
  state: "open",
  urgency: "none",
  assignee: "",
  isMine: false,
  unansweredSince: 1,
  wroteAgain: null,
  lastMessage: 1,
  lastReply: null,
  excerpt: "Здравствуйте. Меня ищут",
  messages: 1,
  putAside: 0,
  ...change,
})

describe("the queue's filters", () => {
  it("[K41] an open thread stands under “all”, and under “mine” or “unassigned” as its assignee says", () => {
    const of = (one: ThreadSummary) => FILTERS.filter((filter) => passes(one, filter))
    expect(of(thread())).toEqual(["all", "unassigned"])
    expect(of(thread({ assignee: "officer 1", isMine: true }))).toEqual(["all", "mine"])
    expect(of(thread({ assignee: "officer 2" }))).toEqual(["all"])
  })

  it("[K41] closed and spam are apart, whoever has them", () => {
    for (const state of ["closed", "spam"] as const)
      for (const isMine of [true, false])
        expect(FILTERS.filter((filter) => passes(thread({ state, isMine }), filter))).toEqual([state])
  })

  it("[K41] the search finds words in any order, in any case, of label, excerpt and officer", () => {
    expect(matches(thread(), "ИЩУТ heron")).toBe(true)
    expect(matches(thread({ assignee: "officer 2" }), "officer")).toBe(true)
    expect(matches(thread(), "heron 42")).toBe(false)
    expect(matches(thread(), "")).toBe(true)
  })

  it("[K41] the model's order is kept", () => {
    const threads = ["3", "1", "2"].map((id) => thread({ id }))
    expect(filtered(threads, "all", "  ").map(({ id }) => id)).toEqual(["3", "1", "2"])
  })
})

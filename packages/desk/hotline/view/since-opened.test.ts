import { describe, expect, it } from "vitest"
import type { ConversationItem } from "../model.ts"
import { seenKeys, sinceOpened } from "./since-opened.ts"

const message = (id: string): ConversationItem => ({
  kind: "message",
  id,
  opened: 1,
  text: "Hello",
  isQuarantined: false,
})
const reply = (id: string, by: string): ConversationItem => ({
  kind: "reply",
  id,
  by,
  written: 2,
  expires: 3,
  text: "Hello",
  parts: 1,
  state: "not-out",
})

describe("what changed while a conversation was open", () => {
  const before = [message("m1"), reply("r1", "officer 2")]
  const seen = seenKeys(before)

  it("[K42] nothing new is nothing", () => {
    expect(sinceOpened(seen, before, "officer 1")).toEqual({ repliedBy: [], messages: 0, first: null })
  })

  it("[K42] a colleague's reply is named once, an own one not at all", () => {
    const items = [...before, reply("r2", "officer 1"), reply("r3", "officer 2"), reply("r4", "officer 2")]
    expect(sinceOpened(seen, items, "officer 1")).toEqual({
      repliedBy: ["officer 2"],
      messages: 0,
      first: "r3",
    })
  })

  it("[K42] a new message counts, and the first new thing is the one to read", () => {
    const items = [...before, message("m2"), reply("r3", "officer 2")]
    expect(sinceOpened(seen, items, "officer 1")).toEqual({
      repliedBy: ["officer 2"],
      messages: 1,
      first: "m2",
    })
  })
})

import { expect, it } from "vitest"
import { takeHanded } from "./begin-anew.ts"
import { makeSessions } from "./session.ts"

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))

it("[K30] who was signed in before a lock still is, by a mark that signs nobody in", () => {
  const before = makeSessions(random, () => 0)
  const halves = before.exchange(before.issueToken())
  if (!halves) throw new TypeError("not signed in")
  const after = makeSessions(random, () => 0, before.marks())
  expect(after.holds(halves.cookie, halves.key)).toBe(true)
  expect(after.holds(halves.cookie, halves.cookie)).toBe(false)
  const [mark = ""] = before.marks()
  expect(after.holds(mark, mark)).toBe(false)
  expect(JSON.stringify(before.marks())).not.toContain(halves.key)
})

it("[K30] what is handed over is taken once; anything else begins as if nobody had", () => {
  const handed = { port: 4711, reason: "suspend", sessions: ["mark"] }
  const environment: NodeJS.ProcessEnv = { KUNAK_DESK_BEFORE: JSON.stringify(handed) }
  expect(takeHanded(environment)).toEqual(handed)
  expect(takeHanded(environment)).toBeNull()
  for (const wrong of [
    "",
    "{",
    "{}",
    JSON.stringify({ ...handed, reason: "eve" }),
    JSON.stringify({ ...handed, sessions: [1] }),
  ])
    expect(takeHanded({ KUNAK_DESK_BEFORE: wrong }), wrong).toBeNull()
})

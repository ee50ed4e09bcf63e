/** What a machine could not examine counts as not shown, never as passed. */
import { expect, test } from "vitest"
import { auditCheck } from "../check/audit.ts"
import { judged } from "../check/tor.ts"

test("[SC3] an audit without the registry's answer is not shown; a weakness fails; none holds", () => {
  for (const said of [
    "",
    "null",
    "npm error",
    '{"error":{"code":"ENOTFOUND"}}',
    '{"message":"request failed"}',
  ])
    expect(auditCheck(said).shown, said).toBe("not shown")
  const report = (total: number, vulnerabilities: object) =>
    JSON.stringify({ vulnerabilities, metadata: { vulnerabilities: { total } } })
  expect(auditCheck(report(0, {})).shown).toBe("holds")
  const weak = auditCheck(report(1, { eve: { severity: "high" } }))
  expect([weak.shown, weak.detail]).toEqual(["fails", "eve (high)"])
})

test("[T21] a Tor network that did not come up is not shown; one that did, and failed, fails", () => {
  expect(judged("", false).shown).toBe("not shown")
  expect(judged('tor: {"tor":null}', false).shown).toBe("not shown")
  expect(judged('tor: {"networkSeconds":9}', false).shown).toBe("fails")
  expect(judged('tor: {"networkSeconds":9}', true).shown).toBe("holds")
  expect(judged("", true).shown).toBe("not shown")
})

import fc from "fast-check"
import { expect, test } from "vitest"
import { parseConfig } from "./config.ts"

const hash = "ab".repeat(32)
const good = {
  charter: "charter.bin",
  termKey: "/etc/kunak/term.key",
  store: { kind: "sqlite", path: "relay.db" },
  capabilities: { publish: [hash], read: [hash, hash], append: [hash], acknowledge: [hash] },
  listen: ["127.0.0.1:0", "[::1]:8001", "unix:/run/relay.sock"],
}
const parse = (change: object) => parseConfig(JSON.stringify({ ...good, ...change }), "/srv/relay")

test("[T20] paths are relative to the configuration's folder", () => {
  const parsed = parse({})
  expect(parsed).toMatchObject({
    ok: true,
    value: {
      charter: "/srv/relay/charter.bin",
      termKey: "/etc/kunak/term.key",
      store: { kind: "sqlite", path: "/srv/relay/relay.db" },
      keepCells: 262_144,
      listen: [
        { kind: "port", host: "127.0.0.1", port: 0 },
        { kind: "port", host: "::1", port: 8001 },
        { kind: "socket", path: "/run/relay.sock" },
      ],
    },
  })
})

test.each([
  ["a missing charter", { charter: undefined }, "charter"],
  ["a store of another kind", { store: { kind: "oracle" } }, "store"],
  ["a role without a capability", { capabilities: { publish: [hash], read: [] } }, "capabilities.read"],
  ["a capability in place of its hash", { capabilities: { publish: ["secret"] } }, "capabilities.publish"],
  ["a place without a port", { listen: ["127.0.0.1"] }, "listen"],
  ["a port beyond the last", { listen: ["127.0.0.1:70000"] }, "listen"],
  ["a log that keeps next to nothing", { keepCells: 3 }, "keepCells"],
  ["a setting that is none", { chartre: "x" }, "chartre"],
])("[T20] %s is refused by a sentence that names the setting", (_what, change, named) => {
  const parsed = parse(change)
  expect(parsed.ok).toBe(false)
  if (!parsed.ok) expect(parsed.error.sentence).toContain(`"${named}`)
})

test("[T20] no text is quoted back: it may hold a password", () => {
  fc.assert(
    fc.property(fc.json(), fc.string(), (json, text) => {
      for (const candidate of [json, text]) expect(parseConfig(candidate, "/srv").ok).toBe(false)
    }),
  )
  const parsed = parseConfig(`{"store": {"url": "postgres://canary@"`, "/srv")
  expect(JSON.stringify(parsed)).not.toContain("canary")
})

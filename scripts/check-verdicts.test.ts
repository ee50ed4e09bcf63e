/** What a machine could not examine counts as not shown, never as passed. */
import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { auditCheck } from "../check/audit.ts"
import { leaksCheck, nothingCheck, type Report } from "../check/drill.ts"
import { judgedInputs } from "../check/inputs.ts"
import { judgedLoss } from "../check/loss.ts"
import { judged } from "../check/tor.ts"
import { installCommands } from "../check/units/handbook.ts"
import { judgedUnits } from "../check/units.ts"

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

test("[UN1] units on a machine that boots no systemd of its own are not shown; what went wrong inside fails", () => {
  expect(judgedUnits(null, "mount: permission denied").shown).toBe("not shown")
  expect(judgedUnits({ problems: ["the page never came"], figures: {} }, "").shown).toBe("fails")
  expect(judgedUnits({ problems: [], figures: {} }, "").shown).toBe("not shown")
  const seen = judgedUnits({ problems: [], figures: { "page after seconds": 4 } }, "")
  expect(seen).toEqual({ shown: "holds", detail: "page after seconds: 4" })
})

test("[UN1] the check installs by the handbook's own commands, and both languages give the same", () => {
  const [en, ru] = ["en", "ru"].map((language) =>
    installCommands(
      readFileSync(new URL(`../docs/handbook/${language}/1-install.md`, import.meta.url), "utf8"),
    ),
  )
  expect(en).toEqual(ru)
  for (const what of ["kunak-relay.service", "kunak-duty.service", "enrolment.json", "relay-a/*"])
    expect(en?.join("\n")).toContain(what)
})

test("[UN2] the units start what the archive holds, without core dumps, swap, capabilities or new rights", () => {
  const on = (setting: string): string => `${setting}=yes`
  for (const unit of ["relay", "duty"]) {
    const text = readFileSync(
      new URL(`../packages/${unit}/deploy/kunak-${unit}.service`, import.meta.url),
      "utf8",
    )
    const settings = text.split("\n").filter((line) => /^[A-Z]\w+=/.test(line))
    for (const needed of [
      "LimitCORE=1",
      "MemorySwapMax=0",
      "NoNewPrivileges=yes",
      "CapabilityBoundingSet=",
      "AmbientCapabilities=",
      "ProtectSystem=strict",
      "UMask=0077",
      "StateDirectoryMode=0700",
      "MemoryMax=1G",
      "SystemCallArchitectures=native",
      "SystemCallFilter=@system-service",
      "SystemCallFilter=~@privileged @resources",
      ...["ProtectHome", "ProtectClock", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules"].map(
        on,
      ),
      ...[
        "ProtectKernelTunables",
        "ProtectControlGroups",
        "PrivateTmp",
        "PrivateDevices",
        "PrivateUsers",
      ].map(on),
      ...["RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "RemoveIPC", "LockPersonality"].map(
        on,
      ),
      "ProtectProc=invisible",
      "ProcSubset=pid",
      ...(unit === "relay"
        ? ["PrivateNetwork=yes", "RestrictAddressFamilies=AF_UNIX", "ConfigurationDirectoryMode=0750"]
        : ["RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX"]),
    ])
      expect(settings, unit).toContain(needed)
    expect(settings.some((line) => line.startsWith("MemoryDenyWriteExecute"))).toBe(false)
    expect(settings).toContain(
      `ExecStart=/opt/kunak/kunak ${unit} ${unit === "relay" ? "--config /etc/kunak-relay/relay.json" : "--dir /var/lib/kunak-duty"}`,
    )
  }
})

test("[DR5] a drill that came to no end, or did not look everywhere, is not shown; one that found something fails", () => {
  const report = (shown: Report["shown"]): Report => ({
    days: 7,
    seconds: 200,
    canaries: 300,
    patterns: 40_000,
    bytes: 1,
    shown,
    unexplained: [],
    planted: [],
    sections: [],
  })
  for (const check of [nothingCheck, leaksCheck]) {
    expect(check(null).shown).toBe("not shown")
    for (const shown of ["holds", "fails", "not shown"] as const)
      expect(check(report(shown)).shown).toBe(shown)
  }
})

test("[Z8] rounds of harm in which too little was told, made or cut are not shown; what was lost or doubled fails", () => {
  const round = { there: 3, back: 3 }
  const found = {
    ...{
      rounds: 1_000,
      harms: { kill: 500 },
      changes: 90_000,
      told: 12_000,
      lost: 0,
      doubled: 0,
      invented: 0,
    },
    ...{
      editions: 900,
      numbersUsedTwice: [],
      terms: 40,
      unsaid: [],
      oddities: [],
      seconds: 9_000,
      spent: {},
    },
    torn: { uploads: round, ticks: round, questions: round },
    takeovers: { anywhere: 20, betweenUploads: 20 },
  }
  const shown = (change: object, passed = true): string =>
    judgedLoss(JSON.stringify({ ...found, ...change }), passed, { seed: 1, rounds: 1_000 }).shown
  expect(shown({})).toBe("holds")
  expect(shown({ lost: 1 }, false)).toBe("fails")
  for (const little of [{ told: 3 }, { editions: 2 }, { changes: 0 }, { rounds: 40 }])
    expect([little, shown(little)]).toEqual([little, "not shown"])
  expect(judgedLoss("", true, { seed: 1, rounds: 1_000 }).shown).toBe("fails")
})

test("[B1] fewer inputs than a million, or a group without any, are not shown; what breaks something fails", () => {
  const group = (name: string, inputs: number, findings: readonly object[] = []): string =>
    JSON.stringify({
      group: name,
      inputs,
      byTarget: { a: inputs },
      kept: 1,
      findings,
      mostMiB: 9,
      cpuSeconds: 1,
    })
  const all = (...of: readonly string[]) => of.join("\n")
  const others = [group("relay", 80_000), group("desk", 20_000), group("files", 200_000)]
  expect(judgedInputs(all(group("core", 700_000), ...others), true, 1).shown).toBe("holds")
  expect(judgedInputs(all(group("core", 699_983), ...others), true, 1).shown).toBe("not shown")
  expect(judgedInputs(all(group("core", 1_000_000)), true, 1).shown).toBe("not shown")
  expect(judgedInputs("", true, 1).shown).toBe("not shown")
  const broke = group("core", 700_000, [{ target: "a", what: "it throws", input: "00" }])
  expect(judgedInputs(all(broke, ...others), false, 1).shown).toBe("fails")
})

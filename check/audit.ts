import { spawnSync } from "node:child_process"
import type { Check } from "./main.ts"

interface AuditReport {
  readonly metadata?: { readonly vulnerabilities?: Readonly<Record<string, number>> }
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>
}

/** Asks npm's registry what is known against the packages of the lock file. Without the registry nothing is shown. */
export async function audit(): Promise<Check> {
  const npm = process.env.npm_execpath
  const [command, first] = npm ? [process.execPath, [npm]] : ["npm", []]
  const asked = spawnSync(command, [...first, "audit", "--json", "--package-lock-only"], {
    encoding: "utf8",
    timeout: 120_000,
  })
  return auditCheck(asked.stdout ?? "")
}

/** @param said npm's answer, whatever came. */
export function auditCheck(said: string): Check {
  const common = { id: "supply.audit", what: "npm knows of no weakness in a package of the lock file" }
  const report = parsed(said)
  const counts = report?.metadata?.vulnerabilities
  if (!report || !counts || typeof counts.total !== "number")
    return { ...common, shown: "not shown", detail: "the registry gave no answer" }
  const found = Object.entries(report.vulnerabilities ?? {}).map(
    ([name, { severity }]) => `${name} (${severity})`,
  )
  return counts.total === 0
    ? { ...common, shown: "holds", detail: "none known" }
    : { ...common, shown: "fails", detail: found.slice(0, 20).join(", ") }
}

function parsed(said: string): AuditReport | null {
  try {
    const value: unknown = JSON.parse(said)
    return typeof value === "object" ? (value as AuditReport | null) : null
  } catch {
    return null
  }
}

/** Whether every field of every schema is watched, and whether the canaries stood where they should have stood. */
import type { Canary } from "../canaries/canary.ts"
import type { Harvest } from "../canaries/harvest.ts"
import type { Holding } from "../canaries/holding.ts"
import { PROTOCOL_FIELDS } from "../canaries/protocol-fields.ts"
import { columnsAmiss, VAULT_COLUMNS } from "../canaries/vault-columns.ts"
import { type Finding, Gathering, type Section } from "./section.ts"

/** @param canaries all that are searched for. */
export function examineSchemas(harvests: readonly Harvest[], canaries: readonly Canary[]): Section {
  const into = new Gathering("schemas")
  const columns = harvests[0]?.columns ?? []
  const amiss = columnsAmiss(columns)
  const unwatched = (what: string, form: string): Finding => ({
    kind: "unwatched",
    what,
    form,
    where: "vault-columns.ts",
    times: 1,
  })
  into.findings.push(...amiss.unwatched.map((column) => unwatched(column, "a column without a canary")))
  into.findings.push(...amiss.gone.map((column) => unwatched(column, "a canary without its column")))
  for (const [column, holding] of Object.entries(VAULT_COLUMNS)) {
    if (holding.kind === "plain" || holding.passing) continue
    const missing =
      holding.kind === "typed"
        ? holding.names.filter((name) => !harvests.some(({ arrived }) => arrived.get(column)?.has(name)))
        : ["a key"].filter(() => !harvests.some(({ filled }) => filled.has(column)))
    for (const what of missing)
      into.findings.push({
        kind: "not-typed",
        what,
        form: "never stood there, so that its absence elsewhere shows nothing",
        where: column,
        times: 1,
      })
  }
  into.findings.push(...protocolAmiss(PROTOCOL_FIELDS, harvests, canaries))
  into.detail = `${columns.length} + ${Object.keys(PROTOCOL_FIELDS).length}`
  return into.section()
}

/** Fields that travel, whose words were not met where they end up, or whose bytes are not among what is searched for. */
export function protocolAmiss(
  fields: Readonly<Record<string, Holding>>,
  harvests: readonly Harvest[],
  canaries: readonly Canary[],
): readonly Finding[] {
  const notMet = (what: string, where: string, form: string): Finding => ({
    kind: "not-typed",
    what,
    form,
    where,
    times: 1,
  })
  return Object.entries(fields).flatMap(([field, holding]) => {
    if (holding.kind === "plain") return []
    const met = holding.met ?? []
    if (met.length === 0) return [notMet(field, "protocol-fields.ts", "it names no place where it ends up")]
    if (holding.kind === "key")
      return canaries.some((canary) => met.some((name) => canary.field.startsWith(name)))
        ? []
        : [notMet(field, met.join(", "), "no such bytes were taken, so that nothing searches for them")]
    return holding.names
      .filter((name) => !met.some((column) => harvests.some(({ arrived }) => arrived.get(column)?.has(name))))
      .map((name) => notMet(`${field}: ${name}`, met.join(", "), "never came to where it ends up"))
  })
}

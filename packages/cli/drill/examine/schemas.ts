/** Whether every field of every schema is watched, and whether the canaries stood where they should have stood. */
import type { Harvest } from "../canaries/harvest.ts"
import { PROTOCOL_FIELDS } from "../canaries/protocol-fields.ts"
import { columnsAmiss, VAULT_COLUMNS } from "../canaries/vault-columns.ts"
import { type Finding, Gathering, type Section } from "./section.ts"

export function examineSchemas(harvests: readonly Harvest[]): Section {
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
    if (holding.kind !== "typed" || holding.passing) continue
    for (const name of holding.names)
      if (!harvests.some(({ arrived }) => arrived.get(column)?.has(name)))
        into.findings.push({
          kind: "not-typed",
          what: name,
          form: "never stood there, so that its absence elsewhere shows nothing",
          where: column,
          times: 1,
        })
  }
  into.detail = `${columns.length} + ${Object.keys(PROTOCOL_FIELDS).length}`
  return into.section()
}

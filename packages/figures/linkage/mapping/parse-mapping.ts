import { err, ok, type Result } from "../../result.ts"
import { type Mapping, type MappingError, ROLES, type Role } from "./roles.ts"

/**
 * Reads the user's mapping. Columns that it does not name are ignored: what a person writes down is the whole
 * of it.
 */
export function parseMapping(json: unknown, columns: readonly string[]): Result<Mapping, MappingError> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return err({ kind: "not-an-object" })
  const mapping = new Map<string, Role>(columns.map((column) => [column, "ignore"]))
  for (const [column, role] of Object.entries(json)) {
    if (!columns.includes(column)) return err({ kind: "unknown-column", column, columns })
    if (!isRole(role)) return err({ kind: "unknown-role", column, role: asWritten(role) })
    mapping.set(column, role)
  }
  const compared = [...mapping.values()].filter((role) => role !== "id" && role !== "ignore")
  return compared.length === 0 ? err({ kind: "nothing-to-compare" }) : ok(mapping)
}

/** A tree of JSON need not have a text of its own: an object may bring a `toString` that is none. */
const asWritten = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value))

const isRole = (value: unknown): value is Role => (ROLES as readonly unknown[]).includes(value)

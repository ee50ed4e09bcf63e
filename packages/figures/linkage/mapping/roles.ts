/** What a column holds, as far as linking cares. */
export const ROLES = [
  "id",
  "name",
  "given",
  "family",
  "patronymic",
  "date",
  "place",
  "postcode",
  "identifier",
  "category",
  "ignore",
] as const

export type Role = (typeof ROLES)[number]

/** Column → role. */
export type Mapping = ReadonlyMap<string, Role>

export type MappingError =
  | { readonly kind: "not-an-object" }
  | { readonly kind: "unknown-role"; readonly column: string; readonly role: string }
  | { readonly kind: "unknown-column"; readonly column: string; readonly columns: readonly string[] }
  | { readonly kind: "nothing-to-compare" }

export function mappingErrorText(error: MappingError): string {
  switch (error.kind) {
    case "not-an-object":
      return `The mapping is no JSON object from column to role. Write it like this: {"surname": "family"}.`
    case "unknown-role":
      return `The mapping gives the column "${error.column}" the role "${error.role}", which there is not. Use one of ${ROLES.join(", ")}.`
    case "unknown-column":
      return `The mapping names a column "${error.column}" that no file has. Name only columns that there are: ${error.columns.join(", ")}.`
    case "nothing-to-compare":
      return "No column is left by which people could be compared. Give at least two columns a role such as given, family, date or place."
  }
}

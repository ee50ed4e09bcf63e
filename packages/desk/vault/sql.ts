/** A value that SQLite takes. */
export type SqlValue = string | number | bigint | null | Uint8Array

/** A statement whose values are bound, never pasted. */
export interface Sql {
  readonly text: string
  readonly values: readonly SqlValue[]
}

/** sql`select … where id = ${id}`: every `${}` becomes a bound value. */
export const sql = (parts: TemplateStringsArray, ...values: readonly SqlValue[]): Sql => ({
  text: parts.join("?"),
  values,
})

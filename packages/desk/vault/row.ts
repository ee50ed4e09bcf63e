import type { SqlValue } from "./sql.ts"

/** One row as SQLite gives it. The vault's pages are authenticated, so a wrong type is our own mistake: it throws. */
export class Row {
  readonly #columns: Readonly<Record<string, unknown>>

  constructor(columns: Readonly<Record<string, unknown>>) {
    this.#columns = columns
  }

  text(column: string): string {
    const value = this.#columns[column]
    if (typeof value !== "string") throw new TypeError(`column ${column} holds no text`)
    return value
  }

  number(column: string): number {
    const value = this.#columns[column]
    if (typeof value !== "number") throw new TypeError(`column ${column} holds no number`)
    return value
  }

  bytes(column: string): Uint8Array {
    const value = this.#columns[column]
    if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} holds no bytes`)
    return new Uint8Array(value)
  }

  /** Whatever stands there: for copies of whole tables. */
  value(column: string): SqlValue {
    const value = this.#columns[column]
    return value instanceof Uint8Array ? new Uint8Array(value) : ((value ?? null) as SqlValue)
  }

  textOrNull(column: string): string | null {
    return this.#columns[column] === null ? null : this.text(column)
  }

  numberOrNull(column: string): number | null {
    return this.#columns[column] === null ? null : this.number(column)
  }

  bytesOrNull(column: string): Uint8Array | null {
    return this.#columns[column] === null ? null : this.bytes(column)
  }
}

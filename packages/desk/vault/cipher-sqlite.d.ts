/** The part of the package that the vault uses; its own types are not where the compiler looks for them. */
declare module "better-sqlite3-multiple-ciphers" {
  interface Statement {
    all(...values: readonly unknown[]): Record<string, unknown>[]
    get(...values: readonly unknown[]): Record<string, unknown> | undefined
    run(...values: readonly unknown[]): unknown
  }
  class Database {
    constructor(file: string)
    readonly open: boolean
    /** The file's path. */
    readonly name: string
    prepare(text: string): Statement
    pragma(text: string): unknown
    key(bytes: Buffer): number
    rekey(bytes: Buffer): number
    serialize(): Buffer
    transaction<T>(work: () => T): { immediate(): T }
    close(): void
  }
  namespace Database {
    class SqliteError extends Error {
      readonly code: string
    }
  }
  export default Database
}

/** What the user can mend: printed as one sentence, without a stack. */
export class Failure extends Error {
  readonly exitCode: number
  readonly kind: string

  /**
   * @param sentence what is wrong and what to do next, for a person.
   * @param kind stable kebab-case word for `--json`.
   * @param exitCode 1 refused or not genuine, 2 wrong usage or input, 3 a part outside is missing or down.
   */
  constructor(sentence: string, kind: string, exitCode = 2) {
    super(sentence)
    this.kind = kind
    this.exitCode = exitCode
  }
}

/** Prints the failure to standard error (as one JSON object with `--json`) and returns the exit code. */
export function reportFailure(error: unknown, json: boolean): number {
  if (error instanceof Failure) {
    process.stderr.write(
      json
        ? `${JSON.stringify({ error: { kind: error.kind, text: error.message } })}\n`
        : `${error.message}\n`,
    )
    return error.exitCode
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return 70
}

/** A verdict for people and for programs. */
export interface VerifyReport {
  readonly genuine: boolean
  readonly text: string
  readonly json: Readonly<Record<string, unknown>>
}

import type { VaultChange } from "./unlocked-vault.ts"

/** One step of the schema. Numbers are never reused, steps never edited once released. */
export interface Migration {
  readonly number: number
  readonly apply: (change: VaultChange) => void
}

/** @throws RangeError unless the steps are numbered 1, 2, 3 … */
export function requireConsecutive(migrations: readonly Migration[]): void {
  migrations.forEach((step, index) => {
    if (step.number !== index + 1) throw new RangeError(`migration ${step.number} stands at ${index + 1}`)
  })
}

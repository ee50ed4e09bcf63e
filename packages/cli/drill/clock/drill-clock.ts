/** The clock that all processes and browsers of a drill share: the machine's, and so many days ahead. */
import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const PRELOAD = fileURLToPath(new URL("shift.ts", import.meta.url))

export interface DrillClock {
  readonly now: () => number
  readonly aheadMs: () => number
  readonly pass: (ms: number) => void
  /** For a process of Node. */
  readonly nodeArguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** For a browser's page, before its own scripts. */
  readonly script: () => string
}

/** @param file that holds the shift; readable by every process of the drill. */
export function makeClock(file: string): DrillClock {
  let ahead = 0
  const write = (): void => writeFileSync(file, `${String(ahead).padStart(15)}\n`)
  write()
  return {
    now: () => Date.now() + ahead,
    aheadMs: () => ahead,
    pass: (ms) => {
      ahead += ms
      write()
    },
    nodeArguments: ["--import", PRELOAD],
    environment: { KUNAK_DRILL_CLOCK: file },
    script: () => `{
      const Real = Date, ahead = ${ahead}
      globalThis.Date = class extends Real {
        constructor(...parts) { if (parts.length) super(...parts); else super(Real.now() + ahead) }
        static now() { return Real.now() + ahead }
      }
    }`,
  }
}

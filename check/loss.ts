/** Kills, power cuts, bad disks, wrong clocks, again and again: e2e/loss, docs/faults.md. */
import { spawnSync } from "node:child_process"
import type { RoundsResult } from "../e2e/loss/rounds.ts"
import type { Check } from "./main.ts"

const ROUNDS = 1_000
const POSTGRES_ROUNDS = 200

export const loss = (): Promise<Check> =>
  harmed(
    "loss.rounds",
    ROUNDS,
    [],
    `${ROUNDS} rounds of harm to a running organisation under load: what was told room stands once in its thread, no number is used twice`,
  )

/** The same with relay A on Debian's PostgreSQL, whose server is killed and started again, too. */
export const lossOnPostgres = (): Promise<Check> =>
  harmed(
    "loss.postgres",
    POSTGRES_ROUNDS,
    ["--postgres"],
    `${POSTGRES_ROUNDS} rounds of harm with relay A on PostgreSQL, which is killed and restarted: what was told room stands once in its thread, no number is used twice`,
  )

async function harmed(id: string, rounds: number, how: readonly string[], what: string): Promise<Check> {
  const seed = Date.now() % 1_000_000
  const done = spawnSync(
    process.execPath,
    ["e2e/loss/run.ts", "--rounds", String(rounds), "--seed", String(seed), ...how],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  )
  return { id, what, ...judgedLoss(done.stdout.toString(), done.status === 0, { seed, rounds }) }
}

/** @param said on standard output. @param passed whether nothing that was looked for was found. */
export function judgedLoss(
  said: string,
  passed: boolean,
  { seed, rounds }: { readonly seed: number; readonly rounds: number },
): Pick<Check, "shown" | "detail"> {
  let found: RoundsResult
  try {
    found = JSON.parse(said) as RoundsResult
  } catch {
    return { shown: "fails", detail: `seed ${seed}: the run broke; see its output` }
  }
  const { told, lost, doubled, invented, editions, numbersUsedTwice, changes, harms, torn, takeovers } = found
  const bad = [...numbersUsedTwice, ...found.unsaid, ...found.oddities].slice(0, 5)
  const detail = `seed ${seed}, ${found.rounds} rounds in ${found.seconds} s (${Object.entries(harms)
    .map(([harm, count]) => `${harm} ${count}`)
    .join(
      ", ",
    )}): ${told} told room, ${lost} lost, ${doubled} doubled, ${invented} invented; ${editions} editions, ${numbersUsedTwice.length} numbers used twice; ${changes} changes to files judged by power cuts; ${torn.uploads.there} uploads torn, ${torn.uploads.back} answers lost, ${takeovers.anywhere} takeovers and ${takeovers.betweenUploads} between two uploads${bad.length > 0 ? `; ${bad.join("; ")}` : ""}`
  if (!passed) return { shown: "fails", detail }
  // Nothing is lost where hardly anything was told, and no number used twice where hardly an edition was made.
  const isUnderLoad = found.rounds >= rounds && told >= rounds && editions * 10 >= rounds && changes > 0
  return isUnderLoad
    ? { shown: "holds", detail }
    : { shown: "not shown", detail: `too little was put to the test: ${detail}` }
}

/** node e2e/loss/run.ts [--seed N] [--rounds N] [--harms "kill,power cut"] [--machines "duty 1,duty 2"] [--patience SECONDS] [--postgres]: rounds of harm by hand, to repeat one that went wrong. */
import { parseArgs } from "node:util"
import { HARMS, HARMS_OF_FILES, runRounds } from "./rounds.ts"

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    rounds: { type: "string", default: "50" },
    harms: { type: "string", default: HARMS.join(",") },
    /** Relay A keeps its store in PostgreSQL. */
    postgres: { type: "boolean", default: false },
    /** Only these are killed or lose their power by themselves. */
    machines: { type: "string" },
    /** Seconds that anything may take which has to come. */
    patience: { type: "string", default: "600" },
  },
})
// In order: whatever it started ends with it.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1))

const wanted = values.harms.split(",")
const result = await runRounds({
  seed: Number(values.seed),
  rounds: Number(values.rounds),
  harms: (values.postgres ? HARMS : HARMS_OF_FILES).filter((harm) => wanted.includes(harm)),
  withPostgres: values.postgres,
  ...(values.machines === undefined ? {} : { machines: values.machines.split(",") }),
  patienceSeconds: Number(values.patience),
  say: (line) => process.stderr.write(`${(performance.now() / 1000).toFixed(1).padStart(7)} ${line}\n`),
})
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
const { lost, doubled, invented, numbersUsedTwice, unsaid, oddities } = result
process.exitCode =
  lost + doubled + invented + [...numbersUsedTwice, ...unsaid, ...oddities].length === 0 ? 0 : 1

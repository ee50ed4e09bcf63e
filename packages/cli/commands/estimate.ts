/** `kunak estimate`: how many people, seen and unseen, and what speaks against each number. */
import { writeFile } from "node:fs/promises"
import { type Estimation, estimateCaptures } from "@kunak/figures/estimators/estimate-captures"
import { type KnownLimits, limitFindings } from "@kunak/figures/estimators/known-limits"
import { parseModelName } from "@kunak/figures/estimators/log-linear/model"
import { capturesErrorText, readCaptures } from "@kunak/figures/estimators/read-captures"
import { estimationJson } from "@kunak/figures/estimators/report/json"
import { estimationReport } from "@kunak/figures/estimators/report/report"
import { estimationText } from "@kunak/figures/estimators/report/text"
import { readTable } from "@kunak/figures/tabular/read-table"
import { tableErrorText } from "@kunak/figures/tabular/table"
import type { Command } from "commander"
import { Failure } from "../failure.ts"

interface Options {
  readonly model?: string
  readonly report?: string
  readonly seed: string
  readonly json?: boolean
  readonly strata: readonly string[]
  readonly lists?: string
  readonly count?: string
  readonly replicates?: string
  readonly rounds?: string
  readonly notClosed?: boolean
  readonly misses: readonly string[]
}

const EXAMPLE = `
Example:
  $ cat captures.csv
  NGO,newspaper,court,count
  1,0,0,62
  0,1,0,48
  1,1,0,11
  0,0,1,25
  1,0,1,7
  0,1,1,5
  1,1,1,3
  $ kunak estimate captures.csv --report captures.html

The file has a column of 0 and 1 for each list and, where a row stands for many people, a column "count".
The clusters.csv that kunak link writes is read as it is. Whole numbers of people only.
The same file and the same seed give the same result to the digit.`

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value]

export function register(program: Command): void {
  program
    .command("estimate")
    .summary("How many people there are, seen and unseen, from overlapping lists.")
    .description(
      "Estimates how many people there are, seen and unseen, from how several lists overlap (multiple systems estimation). Prints what speaks against each number before the number.",
    )
    .argument("<file>", "CSV or Parquet")
    .option("--model <model>", 'also fit this log-linear model, for example "[A B C][A D]"')
    .option("--strata <column>", "estimate each value of this column apart (repeatable)", collect, [])
    .option("--lists <names>", "the list columns, comma-separated; guessed when absent")
    .option("--count <column>", "the column with the number of people in each row; guessed when absent")
    .option("--report <file>", "write a self-contained HTML page")
    .option("--seed <number>", "seed of everything random", "1")
    .option("--replicates <number>", "bootstrap resamples")
    .option("--rounds <number>", "most rounds of the latent-class simulation")
    .option("--not-closed", "people joined or left the population while the lists were made")
    .option("--misses <group>", "a group that a source cannot reach (repeatable)", collect, [])
    .option("--json", "print JSON")
    .addHelpText("after", EXAMPLE)
    .action(run)
}

async function run(file: string, options: Options): Promise<void> {
  const table = await readTable(file)
  if (!table.ok) throw new Failure(tableErrorText(table.error), table.error.kind)
  const captures = readCaptures(table.value, {
    strata: options.strata,
    ...(options.count === undefined ? {} : { count: options.count }),
    ...(options.lists === undefined ? {} : { lists: options.lists.split(",").map((name) => name.trim()) }),
  })
  if (!captures.ok) throw new Failure(capturesErrorText(captures.error, file), captures.error.kind)
  const { whole } = captures.value
  const model = options.model === undefined ? null : namedModel(options.model, whole.lists)
  const stop = new AbortController()
  const onInterrupt = (): void => {
    stop.abort()
    process.stderr.write("\nStopping; what is done so far is shown and marked.\n")
  }
  process.once("SIGINT", onInterrupt)
  const progress = progressLine(options.json === true)
  let estimation: Estimation
  try {
    estimation = await estimateCaptures(captures.value, {
      seed: wholeNumber(options.seed, "--seed", 0),
      limits: limitFindings(limitsOf(options)),
      ...(model === null ? {} : { model }),
      ...(options.replicates === undefined
        ? {}
        : { replicates: wholeNumber(options.replicates, "--replicates", 1) }),
      ...(options.rounds === undefined ? {} : { rounds: wholeNumber(options.rounds, "--rounds", 1) }),
      signal: stop.signal,
      onProgress: progress.show,
    })
  } finally {
    progress.clear()
    process.off("SIGINT", onInterrupt)
  }
  if (options.report !== undefined) {
    try {
      await writeFile(options.report, estimationReport(estimation, { source: file }))
    } catch (cause) {
      throw new Failure(
        `The report cannot be written to ${options.report} (${(cause as NodeJS.ErrnoException).code}). Choose a folder that exists and that you may write to.`,
        "cannot-write",
        3,
      )
    }
  }
  if (options.json === true) process.stdout.write(`${JSON.stringify(estimationJson(estimation))}\n`)
  else process.stdout.write(estimationText(estimation, options.report))
  // What was printed is less than what was asked for: a script must not take it for the answer.
  if (stop.signal.aborted) process.exitCode = 1
}

const limitsOf = (options: Options): KnownLimits => ({
  notClosed: options.notClosed === true,
  misses: options.misses,
})

function namedModel(text: string, lists: readonly string[]) {
  const parsed = parseModelName(text, lists)
  if (parsed.ok) return parsed.value
  const { error } = parsed
  switch (error.kind) {
    case "not-a-model":
      throw new Failure(
        `"${text}" is no model. Write its terms in brackets, for example "[${lists.slice(0, 2).join(" ")}]${lists[2] === undefined ? "" : `[${lists[2]}]`}".`,
        error.kind,
      )
    case "unknown-list":
      throw new Failure(`There is no list "${error.name}". There are: ${lists.join(", ")}.`, error.kind)
    case "all-lists-in-one-term":
      throw new Failure(
        "A term of all lists together cannot be told from the size of the population: any number of unseen people would fit. Leave at least one list out of each bracket.",
        error.kind,
      )
  }
}

function wholeNumber(text: string, option: string, least: number): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least)
    throw new Failure(`${option} takes a whole number from ${least}, not "${text}".`, "bad-option")
  return value
}

/** One line on the terminal, rewritten; nothing where the output is not watched. */
function progressLine(quiet: boolean): { show: (text: string) => void; clear: () => void } {
  if (quiet || !process.stderr.isTTY) return { show: () => {}, clear: () => {} }
  return {
    show: (text) => process.stderr.write(`\r\x1b[K${text}`),
    clear: () => process.stderr.write("\r\x1b[K"),
  }
}

/** `kunak link`: which records of several lists are the same person. */
import { runLink } from "@kunak/figures/linkage/run/run-link"
import { type Command, InvalidArgumentError } from "commander"
import { Failure } from "../failure.ts"

interface LinkFlags {
  readonly mapping?: string
  readonly out?: string
  readonly truth?: string
  readonly seed: number
  readonly json?: boolean
  readonly clean?: string
  readonly rules?: string
  readonly places?: string
  readonly decisions?: string
  readonly carry: readonly string[]
  readonly samples?: number
  readonly maxCandidates?: number
}

const DEFAULT_OUT = "kunak-link"

export function register(program: Command): void {
  program
    .command("link")
    .summary("find which records are the same person")
    .description(
      "Finds which records of one or several lists are the same person, and says why. Nothing leaves this computer.",
    )
    .argument(
      "<file...>",
      "CSV (any usual encoding and separator) or Parquet; several files are several lists",
    )
    .option(
      "--mapping <file>",
      "JSON: column to role (id, name, given, family, patronymic, date, place, postcode, identifier, category, ignore); guessed when absent, and printed",
    )
    .option(
      "--out <dir>",
      `where clusters.csv, pairs.csv, clerical.csv and report.html go (default: ${DEFAULT_OUT}; with --json nothing is written unless given)`,
    )
    .option("--truth <column>", "compare the result with this column, which is not used for linking")
    .option("--seed <number>", "the same seed gives the same result to the digit", number(0), 1)
    .option("--clean <files>", "lists that name each person once: file names with commas between, or all")
    .option(
      "--rules <file>",
      'JSON: blocking rules, such as [["surname","dob.year"],["postcode"]]; chosen by measuring when absent',
    )
    .option("--places <file>", "CSV with the columns place and within: which place lies in which")
    .option("--decisions <files>", "one or two clerical files that were filled in, with a comma between")
    .option(
      "--carry <column>",
      "write this column into clusters.csv, to divide by with kunak estimate --strata (repeatable)",
      (value: string, previous: readonly string[]) => [...previous, value],
      [],
    )
    .option(
      "--samples <number>",
      "sampled linkages in clusters.csv, over which kunak estimate pools (default: 10 for several lists)",
      number(0),
    )
    .option("--max-candidates <number>", "compare at most so many pairs", number(1))
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Example:
  kunak link ngo-a.csv ngo-b.csv newspaper.csv --out linked --seed 7
  Two people fill in linked/clerical.csv apart (same, different, unsure), then:
  kunak link ngo-a.csv ngo-b.csv newspaper.csv --out linked --seed 7 --decisions first.csv,second.csv
  And how many people, seen and unseen:
  kunak estimate linked/clusters.csv --report linked/estimate.html
  The same apart for each region, where the lists have a column of that name:
  kunak link ngo-a.csv ngo-b.csv newspaper.csv --out linked --seed 7 --carry region
  kunak estimate linked/clusters.csv --strata region

Ctrl-C stops it; the same command goes on where it was.
The files that it writes hold names. Keep them where the lists are kept.`,
    )
    .action(async (files: string[], flags: LinkFlags) => {
      const out = flags.out ?? (flags.json === true ? undefined : DEFAULT_OUT)
      const controller = new AbortController()
      const stop = () => controller.abort(new Error("stopped"))
      process.once("SIGINT", stop)
      process.once("SIGTERM", stop)
      try {
        const result = await runLink({
          files,
          seed: flags.seed,
          clean: list(flags.clean),
          decisions: list(flags.decisions),
          carry: flags.carry,
          signal: controller.signal,
          onProgress: progressLine(),
          version: program.version() ?? "",
          ...(flags.samples === undefined ? {} : { samples: flags.samples }),
          ...(flags.mapping === undefined ? {} : { mapping: flags.mapping }),
          ...(flags.truth === undefined ? {} : { truth: flags.truth }),
          ...(flags.rules === undefined ? {} : { rules: flags.rules }),
          ...(flags.places === undefined ? {} : { places: flags.places }),
          ...(flags.maxCandidates === undefined ? {} : { maxCandidates: flags.maxCandidates }),
          ...(out === undefined ? {} : { out }),
        })
        clearProgress()
        if (!result.ok) throw new Failure(result.error.text, result.error.kind, result.error.exitCode)
        process.stdout.write(
          flags.json === true ? `${JSON.stringify(result.value.summary)}\n` : result.value.text,
        )
      } finally {
        clearProgress()
        process.off("SIGINT", stop)
        process.off("SIGTERM", stop)
      }
    })
}

const list = (value: string | undefined): readonly string[] =>
  (value ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")

function number(least: number): (value: string) => number {
  return (value) => {
    const parsed = Number(value)
    if (!Number.isInteger(parsed) || parsed < least) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} on.`)
    }
    return parsed
  }
}

/** One line that is written over, on a terminal only. */
function progressLine(): (text: string) => void {
  if (!process.stderr.isTTY) return () => {}
  return (text) => process.stderr.write(`\r\u001b[2K${text}`)
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[2K")
}

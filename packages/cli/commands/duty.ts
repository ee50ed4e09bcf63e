import { PUZZLE_BITS } from "@kunak/core/parameters"
import { parseProxy } from "@kunak/desk/platform/outgoing"
import { canReplaceProcess } from "@kunak/duty/replace-process"
import type { RunningDuty } from "@kunak/duty/run"
import type { Command } from "commander"
import { beginAnew, takeBegunAnew } from "../duty/begin-anew.ts"
import { hostDuty } from "../duty/host.ts"
import { Failure } from "../failure.ts"

const HELP = `
The folder is one of those that 'kunak init' made (duty-1): enrolment.json, readable by its owner alone.
Beside it the duty keeps memory.json. Run one duty on each of two machines: the second takes over by itself
when the first is silent for two editions. A duty can stop the line; it can't read or lie on it: docs/duty.md.`

export function register(program: Command): void {
  program
    .command("duty")
    .description("Publish an edition on schedule, from what officers signed: the always-on machine.")
    .requiredOption("--dir <folder>", "the duty's folder")
    .option("--socks <host:port>", "a SOCKS5 proxy for all traffic, such as Tor's 127.0.0.1:9050")
    .option(
      "--puzzle-bits <number>",
      `while the line is flooded: what an envelope costs its sender, ${PUZZLE_BITS} to ${DEAREST_PUZZLE_BITS}; each more doubles it`,
    )
    .option("--json", "one JSON object a line")
    .addHelpText("after", HELP)
    .action(run)
}

/** At 19 a page on a phone six times slower than a laptop gives some puzzles up (bench `page.puzzle-seconds`): it would ask in vain. */
const DEAREST_PUZZLE_BITS = 18

interface Options {
  readonly dir: string
  readonly socks?: string
  readonly puzzleBits?: string
  readonly json?: boolean
}

function puzzleBits(given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const bits = Number(given)
  if (Number.isInteger(bits) && bits >= PUZZLE_BITS && bits <= DEAREST_PUZZLE_BITS) return bits
  throw new Failure(
    `"${given}" is no cost of a puzzle: write a whole number from ${PUZZLE_BITS} to ${DEAREST_PUZZLE_BITS}, or leave --puzzle-bits out.`,
    "bad-number",
  )
}

/** Whoever ends it in the moment in which it is about to begin anew is heard first: a new process would not know. */
const HEARD_MS = 50

function sayThatItStays(json: boolean): void {
  const text =
    "A week is over, and this process can't begin anew here: until you start it again, its memory holds keys that place that week's replies."
  process.stderr.write(json ? `${JSON.stringify({ kind: "stays", text })}\n` : `${text}\n`)
}

async function run(options: Options): Promise<void> {
  const proxy = options.socks === undefined ? null : parseProxy(options.socks)
  if (options.socks !== undefined && !proxy)
    throw new Failure(`"${options.socks}" is no proxy: write 127.0.0.1:9050.`, "bad-proxy")
  const bits = puzzleBits(options.puzzleBits)
  let duty: RunningDuty | null = null
  let isSaid = false
  duty = await hostDuty({
    folder: options.dir,
    proxy,
    json: options.json === true,
    ...(bits === undefined ? {} : { puzzleBits: bits }),
    hadTurn: takeBegunAnew(process.env),
    onOutworn: () => {
      if (!duty) return
      if (canReplaceProcess()) {
        void duty.stop().then(() => setTimeout(beginAnew, HEARD_MS))
        return
      }
      if (!isSaid) sayThatItStays(options.json === true)
      isSaid = true
    },
  })
  const stop = (): void => {
    void duty.stop().then(() => process.exit(0))
  }
  process.once("SIGTERM", stop)
  process.once("SIGINT", stop)
}

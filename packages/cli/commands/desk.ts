import { beginAnew, takeHanded } from "@kunak/desk/platform/begin-anew"
import { openBrowser } from "@kunak/desk/platform/open-browser"
import { parseProxy } from "@kunak/desk/platform/outgoing"
import { type DeskStartError, type RunningDesk, startDesk } from "@kunak/desk/run"
import { canReplaceProcess } from "@kunak/duty/replace-process"
import type { RunningDuty } from "@kunak/duty/run"
import { loadTemplate } from "@kunak/page/template-file"
import type { Command } from "commander"
import { hostDuty } from "../duty/host.ts"
import { Failure } from "../failure.ts"

const HELP = `
Everything that the desk knows lies in one encrypted file. The first time, give it the enrolment that
'kunak init' wrote for you:

  kunak desk --vault officer.vault --enrol ceremony/officer-1/enrolment.age

It opens your browser on this computer alone. The printed address works once; press Enter for another.
It locks itself when nobody is there and when the computer sleeps. Until keepers exist, whoever has the file
and the passphrase opens everything: docs/desk.md.`

interface Options {
  readonly vault: string
  readonly port: string
  readonly enrol?: string
  readonly sources?: string
  readonly socks?: string
  readonly duty?: string
  readonly open: boolean
  readonly json?: boolean
}

export function register(program: Command): void {
  program
    .command("desk")
    .description("Write, sign and publish warnings: an officer's window, in the browser.")
    .requiredOption("--vault <file>", "the encrypted file; made anew together with --enrol")
    .option("--port <number>", "listen on this port of 127.0.0.1 (0: any free one)", "0")
    .option("--enrol <file>", "your enrolment from the ceremony, for a new vault")
    .option(
      "--sources <file.csv>",
      "public sources to draft from: a table with the columns id, source, claim",
    )
    .option(
      "--socks <host:port>",
      "for a new vault, and for --duty: a SOCKS5 proxy for all traffic, such as Tor's 127.0.0.1:9050",
    )
    .option("--duty <folder>", "run this duty beside the desk, locked or not: docs/duty.md")
    .option("--no-open", "do not open the browser")
    .option("--json", "one JSON object a line")
    .addHelpText("after", HELP)
    .action(run)
}

async function run(options: Options): Promise<void> {
  const port = Number(options.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Failure(`"${options.port}" is no port: choose one from 1024 to 65535, or 0.`, "bad-port")
  const proxy = options.socks === undefined ? null : parseProxy(options.socks)
  if (options.socks !== undefined && !proxy)
    throw new Failure(`"${options.socks}" is no proxy: write 127.0.0.1:9050.`, "bad-proxy")
  const handed = takeHanded(process.env)
  let duty: RunningDuty | null = null
  let isEnding = false
  const started = await startDesk({
    vaultFile: options.vault,
    port,
    enrolmentFile: options.enrol ?? null,
    sourcesFile: options.sources ?? null,
    proxy,
    template: await loadTemplate(),
    report: (mistake) => process.stderr.write(`${describe(mistake)}\n`),
    handed,
    // Where it can't (on Windows), a desk that is locked keeps its memory, and docs/desk.md says so.
    ...(canReplaceProcess()
      ? {
          afterLock: (next) =>
            void (duty?.stop() ?? Promise.resolve()).then(() => isEnding || beginAnew(next)),
        }
      : {}),
  })
  if (!started.ok) throw new Failure(sentence(started.error), started.error.kind, exitCode(started.error))
  const desk = started.value
  duty =
    options.duty === undefined
      ? null
      : await hostDuty({
          folder: options.duty,
          proxy,
          json: options.json === true,
          hadTurn: handed !== null,
          onOutworn: () => desk.beginAnew(),
        })
  // Whoever was signed in still is; nobody waits for a new address.
  if (!handed) {
    const address = desk.newAddress()
    say(options, desk, address)
    if (options.open) openBrowser(address)
  }
  offerAddresses(options, desk)
  endWith(() => {
    isEnding = true
    return Promise.all([desk.stop(), duty?.stop()])
  })
}

function say(options: Options, desk: RunningDesk, address: string): void {
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ address, port: desk.port, pid: process.pid })}\n`
      : `The desk is at ${address}\nThis address works once. Press Enter for another, Ctrl+C to end.\n`,
  )
}

function offerAddresses(options: Options, desk: RunningDesk): void {
  process.stdin.on("data", () => say(options, desk, desk.newAddress()))
  process.stdin.on("error", () => {})
}

function endWith(end: () => Promise<unknown>): void {
  const stop = (): void => {
    void end().then(() => process.exit(0))
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, stop)
}

/** A mistake of ours: its name and place, never its message, which could hold what somebody wrote. */
function describe(mistake: unknown): string {
  if (!(mistake instanceof Error)) return "A mistake in the program."
  const place = mistake.stack?.split("\n").filter((line) => line.startsWith("    at ")) ?? []
  return [`A mistake in the program: ${mistake.name}`, ...place.slice(0, 6)].join("\n")
}

const exitCode = ({ kind }: DeskStartError): number =>
  kind === "vault-in-use" || kind === "port-in-use" ? 3 : 2

function sentence(error: DeskStartError): string {
  switch (error.kind) {
    case "vault-in-use":
      return `Another desk (process ${error.holder.pid}) has this vault open: use its window, or end that process first.`
    case "port-in-use":
      return `Port ${error.port} is taken or not allowed: choose another with --port, or leave it out.`
    case "no-folder":
      return `${error.path} is not there: make the folder first, or correct --vault.`
    case "no-enrolment":
      return `${error.path} is not there: --enrol names the file that 'kunak init' wrote for you.`
    case "malformed-sources":
      return `${error.path} can't be read as a table with the columns id, source and claim: correct --sources.`
    case "not-built":
      return "The desk's window is not built yet: run 'npm run build' first."
  }
}

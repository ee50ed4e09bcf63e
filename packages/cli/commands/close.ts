import { instantFromMs } from "@kunak/core/time/instant"
import { loadTemplate } from "@kunak/page/template-file"
import type { Command } from "commander"
import { closingPaper, LONGEST_WEEKS, parseNotice } from "../charter/close.ts"
import { describePaper } from "../charter/describe.ts"
import { readText, writeNewPaper } from "../charter/files.ts"
import { judgePaper } from "../charter/judge.ts"
import { knownFrom } from "../charter/known.ts"
import { Failure } from "../failure.ts"

const HELP = `
It begins a paper: the last charter. It takes k of the signers, like every charter, and can't be undone once it is sent.

  kunak close --from public https://line.example --notice notice.json --out closing.json
  kunak charter sign closing.json --key signer-1/signer.age           k signers, each on their own machine
  kunak charter send closing.json --enrolment duty-1/enrolment.json

notice.json says in each language what stands in the place of "how to reach us":
  { "ru": "Обратитесь к …", "en": "Turn to …" }, or "" where there is nobody.

What is destroyed then, in which order, and what stays public for ever: docs/closing.md.`

interface Options {
  readonly from: readonly string[]
  readonly notice: string
  readonly out: string
  readonly weeks: string
  readonly fingerprint?: string
  readonly socks?: string
  readonly json?: boolean
}

export function register(program: Command): void {
  program
    .command("close")
    .description("Close the organisation for good: begin the paper that k signers sign.")
    .requiredOption("--from <source...>", "what is public now: a folder, a saved page, an address")
    .requiredOption("--notice <file>", "JSON: by language, whom to turn to instead")
    .requiredOption("--out <paper>", "the paper to write; a file that does not exist yet")
    .option("--weeks <number>", `how long duties keep the notice up, 1 to ${LONGEST_WEEKS}`, "13")
    .option("--fingerprint <letters>", "as printed: refuses another organisation's files")
    .option("--socks <host:port>", "a SOCKS5 proxy, such as Tor's 127.0.0.1:9050")
    .option("--json", "print the result as JSON")
    .addHelpText("after", HELP)
    .action(run)
}

async function run(options: Options): Promise<void> {
  const weeks = Number(options.weeks)
  if (!Number.isInteger(weeks) || weeks < 1 || weeks > LONGEST_WEEKS)
    throw new Failure(`--weeks takes a whole number from 1 to ${LONGEST_WEEKS}.`, "bad-number")
  const known = await knownFrom(options.from, options)
  const notice = parseNotice(await readText(options.notice), known.chain.current.charter, options.notice)
  const template = await loadTemplate()
  const now = instantFromMs(Date.now())
  const paper = closingPaper(known, { notice, weeks, templateHash: template.hash, now })
  const text = describePaper(await judgePaper(paper))
  await writeNewPaper(options.out, paper)
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ paper: options.out, kind: "closing", weeks, text })}\n`
      : `${text}\n\nWritten to ${options.out}. Nothing has happened yet: it takes the signers.\n`,
  )
}

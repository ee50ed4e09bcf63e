import { readFile } from "node:fs/promises"
import type { Command } from "commander"
import { Failure } from "../failure.ts"
import { type Knowledge, knowledgeFrom } from "../verify/knowledge.ts"
import { verifyMessage } from "../verify/message.ts"
import { verifyPage } from "../verify/page.ts"

const HELP = `
What is checked:
  an address   kunak verify https://line.example --fingerprint "abcd efgh …"
               The page that is served there: made from this release's template, byte for byte, and from
               an edition that the organisation's duty signed. 'kunak verify' fetches it as a browser does.
  a page       kunak verify saved.html --fingerprint "abcd efgh …"
               The same for a saved copy, without a network.
  a warning    kunak verify message.txt --charter charter.kunak
               A forwarded message, or the text of a poster's code; "-" reads standard input.

Trust begins with the fingerprint (printed by partners) or with the charter's file. Without either, the
answer says what was found and that nothing vouches for it.

Exit codes: 0 genuine; 1 not genuine (changed, expired, unknown, replaced, other bytes); 2 wrong usage; 3 not reachable.`

export interface VerifyOptions {
  readonly fingerprint?: string
  readonly charter?: string
  readonly at?: string
  readonly socks?: string
  readonly json?: boolean
}

export function register(program: Command): void {
  program
    .command("verify")
    .description("Check a warning, an edition, or a served page against the release.")
    .argument("<what>", "an address, a saved page, a text file with a message, or - for standard input")
    .option("--fingerprint <groups>", "the organisation's fingerprint, as printed")
    .option("--charter <file>", "the organisation's charter.kunak, or a saved page that you trust")
    .option("--at <time>", "judge as of this moment (ISO 8601) in place of now")
    .option("--socks <host:port>", "a SOCKS5 proxy, such as Tor's 127.0.0.1:9050")
    .option("--json", "print the verdict as JSON")
    .addHelpText("after", HELP)
    .action(run)
}

async function run(what: string, options: VerifyOptions): Promise<void> {
  const now = options.at === undefined ? Date.now() : Date.parse(options.at)
  if (Number.isNaN(now))
    throw new Failure(`"${options.at}" is no time: write 2026-11-22T18:00:00Z.`, "bad-time")
  const report = /^https?:\/\//.test(what)
    ? await verifyPage(
        { address: what, ...(options.socks === undefined ? {} : { socks: options.socks }) },
        options.fingerprint,
        now,
      )
    : await verifyFile(what, options, now)
  process.stdout.write(options.json ? `${JSON.stringify(report.json)}\n` : `${report.text}\n`)
  process.exitCode = report.genuine ? 0 : 1
}

async function verifyFile(path: string, options: VerifyOptions, now: number) {
  const text = await read(path)
  if (/^\s*<!doctype html/i.test(text)) return await verifyPage({ html: text }, options.fingerprint, now)
  if (!options.charter) {
    throw new Failure(
      "A message is checked against a charter: give --charter charter.kunak, or a saved page that you trust.",
      "usage",
    )
  }
  const knowledge: Knowledge = await knowledgeFrom(options.charter, options.fingerprint)
  return await verifyMessage(text, knowledge, now)
}

async function read(path: string): Promise<string> {
  if (path === "-") {
    const parts: Uint8Array[] = []
    for await (const part of process.stdin) parts.push(part as Uint8Array)
    return Buffer.concat(parts).toString("utf8")
  }
  return await readFile(path, "utf8").catch(() => {
    throw new Failure(`${path} can't be read: check the path.`, "no-file")
  })
}

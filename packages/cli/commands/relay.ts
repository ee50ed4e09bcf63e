import { fingerprint } from "@kunak/core/charter/fingerprint"
import { parsePlace, placeName } from "@kunak/relay/http/listen"
import { runRelay } from "@kunak/relay/main"
import type { StartError } from "@kunak/relay/start"
import { startSentence } from "@kunak/relay/start-sentence"
import type { Command } from "commander"
import { Failure } from "../failure.ts"

const HELP = `
The configuration is one JSON file; its paths are relative to it:

  {
    "charter": "charter.bin",                  the organisation's charter, from "kunak init"
    "termKey": "term.key",                     on relay A only: 64 hexadecimal digits, mode 600
    "store": {"kind": "sqlite", "path": "relay.db"},
                                               or {"kind": "postgres", "url": "postgres://…"}
    "capabilities": {                          SHA-256 of each role's capability, 64 hexadecimal digits;
      "publish": ["…"],                        list the old and the new one while you change them
      "read": ["…"],
      "append": ["…"]
    },
    "listen": ["127.0.0.1:8080"],              or "unix:/run/kunak-relay/relay.sock"; several are fine
    "keepCells": 65536                         cells of 4 KiB that the staff log keeps
  }

Put Tor or a TLS server in front: docs/relay.md has tried configurations. The relay writes no log; on
standard error stands only what its operator can mend. It stops at SIGTERM or SIGINT.`

export function register(program: Command): void {
  program
    .command("relay")
    .description("Serve the page and keep the staff log: one of the organisation's two relays.")
    .requiredOption("--config <file>", "the relay's configuration, a JSON file")
    .option(
      "--listen <place...>",
      "listen here in place of the configuration's: 127.0.0.1:PORT (0: any free one)",
    )
    .option("--json", "say where it listens, and errors, as JSON")
    .addHelpText("after", HELP)
    .action(async (options: { config: string; listen?: readonly string[]; json?: boolean }) => {
      const listen = options.listen?.map(placeOrFail)
      const started = await runRelay(options.config, listen ? { listen } : {})
      if (!started.ok)
        throw new Failure(startSentence(started.error), started.error.kind, exitCode(started.error))
      const { chain, countsTerms, places } = started.value
      const listening = places.map(placeName)
      const organisation = fingerprint(chain.organisationId)
      const { demonstration } = chain.current.charter
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ listening, organisation, countsTerms, demonstration })}\n`
          : `Relay ${countsTerms ? "A" : "B"} of ${organisation}${demonstration ? " (a demonstration)" : ""} listens on ${listening.join(", ")}.\n`,
      )
    })
}

function placeOrFail(text: string): NonNullable<ReturnType<typeof parsePlace>> {
  const place = parsePlace(text)
  if (!place) {
    throw new Failure(
      `"${text}" is no place to listen: write 127.0.0.1:8080 or unix:/run/kunak-relay/relay.sock.`,
      "bad-listen",
    )
  }
  return place
}

/** 3: something outside is missing, taken or down; 2: the files given are wrong. */
const exitCode = ({ kind }: StartError): number => (kind === "store" || kind === "listen" ? 3 : 2)

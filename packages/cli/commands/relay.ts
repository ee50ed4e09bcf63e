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
    "charter": "charter.kunak",                the organisation's charter, from "kunak init"
    "termKey": "term.key",                     on relay A only: 64 hexadecimal digits, mode 600
    "store": {"kind": "sqlite", "path": "relay.db"},
                                               or {"kind": "postgres", "url": "postgres://…"}
    "capabilities": {                          SHA-256 of each role's capability, 64 hexadecimal digits;
      "publish": ["…"],                        list the old and the new one while you change them
      "read": ["…"],
      "append": ["…"],
      "acknowledge": ["…"]
    },
    "listen": ["127.0.0.1:8080"],              or "unix:/run/kunak-relay/relay.sock"; several are fine
    "keepCells": 262144                        cells of 4 KiB that the staff log keeps
  }

At its first start it fills its ring with sealed dummies: minutes, once; stopped in between, it goes on from there.

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
      const started = await runRelay(options.config, {
        ...(listen ? { listen } : {}),
        ...(options.json ? {} : { onFill: showFill }),
      })
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

/** One line that counts up in a terminal; two sentences in a service's journal. */
function showFill(done: number, slots: number): void {
  if (slots < QUICK_SLOTS) return
  const { isTTY } = process.stderr
  const share = `${Math.floor((100 * done) / slots)} %`
  if (isTTY)
    process.stderr.write(`\rFilling the ring with sealed dummies, once: ${share}${done < slots ? "" : "\n"}`)
  else if (done < slots && !hasSaidFill) {
    process.stderr.write(
      `Filling the ring with sealed dummies, once, from ${share} on: this takes minutes.\n`,
    )
    hasSaidFill = true
  } else if (done === slots) process.stderr.write("The ring is full.\n")
}
let hasSaidFill = false
/** A demonstration's ring is full before anybody has read that it is being filled. */
const QUICK_SLOTS = 16_384

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

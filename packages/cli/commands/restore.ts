import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import type { OrganisationId } from "@kunak/core/charter/charter"
import { fingerprint } from "@kunak/core/charter/fingerprint"
import { formatIso } from "@kunak/core/time/format"
import { LEAST_PASSPHRASE_LETTERS, passphraseLetters } from "@kunak/desk/passphrase"
import type { Command } from "commander"
import { type Backup, openBackup } from "../backup/backup-file.ts"
import { putBackDuty } from "../backup/put-back-duty.ts"
import { putBackRelay } from "../backup/put-back-relay.ts"
import { putBackVault } from "../backup/put-back-vault.ts"
import { backupFailure } from "../backup/sentences.ts"
import { requireFree } from "../backup/whole-file.ts"
import { wayOut } from "../charter/fetch-page.ts"
import { Failure } from "../failure.ts"
import { askNewPassphrase, passphraseFor } from "../terminal.ts"

const HELP = `
  kunak restore vault.age --to officer.vault     a new vault; it reads the log since the backup before it is there
  kunak restore relay-a.age --to /etc/kunak-relay-new     a folder with everything, and a new store
  kunak restore duty-1.age --to duty-1           a folder; the duty asks for a new term

Only when the first one is gone: two desks with one officer's key, or two relays with one store's numbers, take each
other's place. What can't come back, and what to do then: docs/backup.md.

Exit codes: 0 done; 1 refused (wrong passphrase, damaged, too old); 2 wrong usage or input; 3 a relay or the disk is missing.`

interface Options {
  readonly to: string
  readonly passphraseFile?: string
  readonly vaultPassphraseFile?: string
  readonly log: boolean
  readonly peer: boolean
  readonly socks?: string
  readonly json?: boolean
}

export function register(program: Command): void {
  program
    .command("restore")
    .description("Make a vault, a relay or a duty of a backup.")
    .argument("<file>", "what 'kunak backup' wrote")
    .requiredOption(
      "--to <place>",
      "the vault's file, or the folder of relay or duty; nothing may be there yet",
    )
    .option("--passphrase-file <file>", "the backup's passphrase, instead of asking: for rehearsals")
    .option("--vault-passphrase-file <file>", "the new vault's passphrase, instead of asking: for rehearsals")
    .option("--socks <host:port>", "a SOCKS5 proxy for what is asked of relays, such as Tor's 127.0.0.1:9050")
    .option(
      "--no-log",
      "a vault without reading the log since the backup: keys and what was signed, no drafts",
    )
    .option("--no-peer", "a relay without asking the other one what was taken back since the backup")
    .option("--json", "print the result as JSON")
    .addHelpText("after", HELP)
    .action(run)
}

async function run(path: string, options: Options): Promise<void> {
  requireFree(resolve(options.to))
  const bytes = await readFile(path).catch(() => {
    throw new Failure(`${path} can't be read: check the path.`, "no-file")
  })
  const passphrase = await passphraseFor(path, options.passphraseFile)
  const opened = await openBackup(new Uint8Array(bytes), passphrase)
  if (!opened.ok) throw backupFailure(opened.error, path)
  // Whatever this process writes is its owner's alone.
  process.umask(0o077)
  const { result, text } = await putBack(opened.value, options)
  const { kind, made, organisation } = opened.value
  const whose = fingerprint(organisation as OrganisationId)
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ restored: options.to, kind, made, organisation: whose, ...result })}\n`
      : `${options.to}: the ${kind} of ${whose}, as of ${formatIso(made, { offsetMinutes: 0 })}.\n${text}\n`,
  )
}

interface Done {
  readonly result: Readonly<Record<string, unknown>>
  readonly text: string
}

async function putBack(backup: Backup, options: Options): Promise<Done> {
  switch (backup.kind) {
    case "vault": {
      const { to, log, socks } = options
      const passphrase = () => vaultPassphrase(options.vaultPassphraseFile)
      const { delegated } = await putBackVault(backup, { to, passphrase, withLog: log, socks })
      return { result: { log, delegated }, text: vaultText(delegated) }
    }
    case "relay": {
      const outgoing = wayOut(options.socks)
      const onFill = options.json ? () => {} : showFill
      const done = await putBackRelay(backup, { to: options.to, withPeer: options.peer, outgoing, onFill })
      return {
        result: { ...done },
        text: `It is relay ${done.countsTerms ? "A" : "B"}, with a new store: it goes on at ${done.countsTerms ? `term ${done.counters.term}, log position ${done.counters.logHead} and ` : ""}ring position ${done.counters.ringHead}, which belong to ${formatIso(done.clock, { offsetMinutes: 0 })}: is that the time now?${options.peer ? ` The other relay knew ${done.revocations} revocations more.` : " What was taken back since the backup it does not know: send those revocations again."}${done.newerCharter ? " The charter is the newer one that the other relay shows." : ""}\nStart it: kunak relay --config ${options.to}/relay.json. It has no edition until duty publishes the next.`,
      }
    }
    case "duty":
      await putBackDuty(backup, options.to)
      return {
        result: {},
        text: `Start it: kunak duty --dir ${options.to}. It reads the log from its beginning and asks relay A for a new term: no number is used twice.`,
      }
  }
}

const vaultText = (delegated: boolean | null): string =>
  [
    delegated === false
      ? "No delegation of this week names this officer, or the key was taken back: ask the coordinator."
      : "",
    delegated === null
      ? "The log was not read: drafts are not in it, and what was signed since comes with the first round."
      : "What was said since the backup has been read: what was discarded or deleted stays so.",
    "It knows no conversation of before: these stand at your colleagues' desks. Colleagues' desks give it the keys of the coming hours by themselves, once it runs.",
  ]
    .filter((sentence) => sentence !== "")
    .join("\n")

async function vaultPassphrase(file: string | undefined): Promise<string> {
  if (file === undefined) return await askNewPassphrase("the new vault")
  const passphrase = await passphraseFor("the new vault", file)
  if (passphraseLetters(passphrase) >= LEAST_PASSPHRASE_LETTERS) return passphrase
  throw new Failure(
    `${file} must hold a passphrase of at least ${LEAST_PASSPHRASE_LETTERS} letters.`,
    "short-passphrase",
  )
}

function showFill(done: number, slots: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(
      `\rFilling the new ring with sealed dummies: ${Math.floor((100 * done) / slots)} %${done < slots ? "" : "\n"}`,
    )
}

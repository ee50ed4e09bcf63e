import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import type { OrganisationId } from "@kunak/core/charter/charter"
import { fingerprint } from "@kunak/core/charter/fingerprint"
import { formatIso } from "@kunak/core/time/format"
import type { Instant } from "@kunak/core/time/instant"
import { LEAST_PASSPHRASE_LETTERS, passphraseLetters } from "@kunak/desk/passphrase"
import type { Command } from "commander"
import { type Backup, openBackup } from "../backup/backup-file.ts"
import { putBackDuty } from "../backup/put-back-duty.ts"
import { putBackRelay, type RelayPutBack } from "../backup/put-back-relay.ts"
import { putBackVault } from "../backup/put-back-vault.ts"
import { backupFailure } from "../backup/sentences.ts"
import { requireFree } from "../backup/whole-file.ts"
import { wayOut } from "../charter/fetch-page.ts"
import { Failure } from "../failure.ts"
import { askNewPassphrase, passphraseFor } from "../terminal.ts"

const HELP = `
  kunak restore vault.age --to officer.vault     a new vault; it reads the log since the backup before it is there
  kunak restore relay-a.age --to /etc/kunak-relay-new     a folder with everything, and a new store
  kunak restore relay-a.age --to /etc/kunak-relay --store /var/lib/kunak-relay/relay.db     as its service wants it
  kunak restore duty-1.age --to duty-1           a folder; the duty asks for a new term

Only when the first one is gone: two desks with one officer's key, or two relays with one store's numbers, take each
other's place. What can't come back, and what to do then: docs/backup.md.

Exit codes: 0 done; 1 refused (wrong passphrase, damaged, too old); 2 wrong usage or input; 3 a relay or the disk is missing.`

interface Options {
  readonly to: string
  readonly passphraseFile?: string
  readonly vaultPassphraseFile?: string
  readonly store?: string
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
    .option("--store <file>", "a relay's SQLite store there, not in the folder: where its service may write")
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
      const { to, store, peer: withPeer } = options
      const done = await putBackRelay(backup, { to, store, withPeer, outgoing, onFill })
      return { result: { ...done }, text: relayText(done, options) }
    }
    case "duty":
      await putBackDuty(backup, options.to)
      return {
        result: {},
        text: `Start it: kunak duty --dir ${options.to}; as a service: chown -R kunak-duty:kunak-duty ${options.to}, then systemctl start kunak-duty. It reads the log from its beginning and asks relay A for a new term: no number is used twice.`,
      }
  }
}

function relayText(done: RelayPutBack, { to, store, peer }: Options): string {
  const { counters, countsTerms } = done
  const at = countsTerms ? `term ${counters.term}, log position ${counters.logHead} and ` : ""
  return [
    `It is relay ${countsTerms ? "A" : "B"}, with a new store: it goes on at ${at}ring position ${counters.ringHead}, which belong to ${utc(done.clock)}: is that the time now?`,
    peer ? peerText(done) : WITHOUT_PEER,
    done.newerCharter ? "The charter is the newer one that the other relay shows." : "",
    `Start it: kunak relay --config ${to}/relay.json; as a service: chown -R kunak-relay:kunak-relay ${[to, store ?? ""].join(" ").trim()}, then systemctl start kunak-relay (docs/backup.md). It has no edition until duty publishes the next.`,
  ]
    .filter((sentence) => sentence !== "")
    .join("\n")
}

const utc = (time: Instant): string => formatIso(time, { offsetMinutes: 0 })
const SEND_AGAIN = "send those revocations again (kunak charter send)."
const WITHOUT_PEER = `What was taken back since the backup it does not know: ${SEND_AGAIN}
Nobody has compared this machine's clock. If this backup was restored before while a clock was ahead, positions could be given again: back the relay up now, before it is started (kunak backup relay), and restore from that the next time.`

function peerText({ revocations, asOf, isOld }: RelayPutBack): string {
  if (asOf === null)
    return `The other relay has no edition yet: what was taken back since the backup is not known; ${SEND_AGAIN}`
  const knew = `The other relay knew ${revocations} revocations more, as of ${utc(asOf)}.`
  return isOld ? `${knew} That is old: what was taken back later is not known; ${SEND_AGAIN}` : knew
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

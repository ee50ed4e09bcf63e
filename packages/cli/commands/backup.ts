import { resolve } from "node:path"
import type { OrganisationId } from "@kunak/core/charter/charter"
import { fingerprint } from "@kunak/core/charter/fingerprint"
import { instantFromMs } from "@kunak/core/time/instant"
import type { Command } from "commander"
import { type Backup, sealBackup } from "../backup/backup-file.ts"
import { dutyBackup, relayBackup, vaultBackup } from "../backup/take.ts"
import { requireFree, writeWhole } from "../backup/whole-file.ts"
import { Failure } from "../failure.ts"
import { askNewPassphrase, passphraseFor, SHORTEST } from "../terminal.ts"

const HELP = `
A backup is one encrypted file under a passphrase of its own; a stranger may hold it. It does not say what it is.

  kunak backup vault officer.vault --to vault.age          with the desk ended
  kunak backup relay /etc/kunak-relay/relay.json --to relay-a.age     with the relay stopped, for a second
  kunak backup duty duty-1 --to duty-1.age                 while it runs

What is not in it, on purpose: conversations and every key that is to be destroyed (of a vault), sealed envelopes and
cells (of a relay), terms and numbers (of a duty). So no backup brings back what was deleted: docs/backup.md.`

interface Options {
  readonly to: string
  readonly passphraseFile?: string
  readonly vaultPassphraseFile?: string
  readonly json?: boolean
}

export function register(program: Command): void {
  const backup = program
    .command("backup")
    .description("Back a vault, a relay or a duty up into one encrypted file.")
    .addHelpText("after", HELP)
  const one = (name: string, argument: string, what: string, description: string): Command =>
    backup
      .command(name)
      .description(description)
      .argument(argument, what)
      .requiredOption("--to <file>", "the backup to write; a file that does not exist yet")
      .option("--passphrase-file <file>", "the backup's passphrase, instead of asking: for rehearsals")
      .option("--json", "print the result as JSON")

  one(
    "vault",
    "<file>",
    "the desk's vault",
    "An officer's identity, drafts and settings; no conversation, no key that ends.",
  )
    .option("--vault-passphrase-file <file>", "the vault's passphrase, instead of asking: for rehearsals")
    .addHelpText("after", "\n  kunak backup vault officer.vault --to vault.age")
    .action(async (file: string, options: Options) => {
      const ask = () => passphraseFor(file, options.vaultPassphraseFile)
      await write(options, () => vaultBackup(file, ask, now()))
    })
  one(
    "relay",
    "<config>",
    "the relay's configuration, a JSON file",
    "A relay's configuration, keys, and how far it has counted.",
  )
    .addHelpText("after", "\n  kunak backup relay /etc/kunak-relay/relay.json --to relay-a.age")
    .action((config: string, options: Options) => write(options, () => relayBackup(config, now())))
  one("duty", "<folder>", "the duty's folder", "A duty's enrolment, and the public objects that it knows.")
    .addHelpText("after", "\n  kunak backup duty duty-1 --to duty-1.age")
    .action((folder: string, options: Options) => write(options, () => dutyBackup(folder, now())))
}

const now = () => instantFromMs(Date.now())

async function write(options: Options, take: () => Promise<Backup>): Promise<void> {
  const to = resolve(options.to)
  requireFree(to)
  const backup = await take()
  const sealed = await sealBackup(backup, await newPassphrase(options.passphraseFile))
  await writeWhole(to, sealed)
  const organisation = fingerprint(backup.organisation as OrganisationId)
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ backup: options.to, kind: backup.kind, made: backup.made, organisation, bytes: sealed.length })}\n`
      : `${options.to}: a backup of this ${backup.kind} (${Math.ceil(sealed.length / 1024)} KiB), organisation ${organisation}.\n${AFTER[backup.kind]}\n`,
  )
}

const AFTER = {
  vault:
    "Conversations are not in it, nor any key that opens one: they stand at your colleagues' desks. Whoever has this file and its passphrase is this officer, until the key is taken back.",
  relay:
    "It holds the relay's keys and no message. 'kunak restore' makes a relay of it that goes on counting far ahead.",
  duty: "Whoever has this file and its passphrase can stop the line, until the duty's key is taken back.",
} as const

async function newPassphrase(file: string | undefined): Promise<string> {
  if (file === undefined) return await askNewPassphrase("the backup")
  const passphrase = await passphraseFor("the backup", file)
  if (passphrase.length >= SHORTEST) return passphrase
  throw new Failure(`${file} must hold a passphrase of at least ${SHORTEST} letters.`, "short-passphrase")
}

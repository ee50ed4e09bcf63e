/** A vault made of a backup. It is there once it has learned what was said since, or not at all. */
import { randomBytes } from "node:crypto"
import { resolve } from "node:path"
import { instantFromMs } from "@kunak/core/time/instant"
import { catchUp } from "@kunak/desk/backup/catch-up"
import { makeVaultOf, readVaultBackup } from "@kunak/desk/backup/vault-backup"
import { makeOutgoing } from "@kunak/desk/platform/outgoing"
import { proxyOf, readSettings } from "@kunak/desk/settings/settings"
import { takeProcessLock } from "@kunak/desk/vault/process-lock"
import { SCHEMA } from "@kunak/desk/vault/schema"
import { passphraseBytes } from "@kunak/desk/vault/vault-key"
import { wayOut } from "../charter/fetch-page.ts"
import { Failure } from "../failure.ts"
import type { Backup } from "./backup-file.ts"
import { damaged, newer } from "./sentences.ts"
import { vaultFailure } from "./take.ts"
import { makeWhole, requireFree } from "./whole-file.ts"

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))

/** What a vault that is being made, or brought up to date, has beside it. */
const VAULT_SIDES = ["", ".new", ".before-update"]
  .flatMap((end) => [end, `${end}-wal`, `${end}-journal`])
  .concat(".before-update.part")
  .slice(1)

export interface VaultPutBack {
  /** Null where the log was not read. */
  readonly delegated: boolean | null
}

/** @throws Failure, and leaves nothing, where the log since the backup can't be read whole. */
export async function putBackVault(
  { content }: Backup,
  options: {
    readonly to: string
    readonly passphrase: () => Promise<string>
    readonly withLog: boolean
    readonly socks: string | undefined
  },
): Promise<VaultPutBack> {
  const backup = readVaultBackup(content)
  if (!backup) throw damaged()
  const target = resolve(options.to)
  requireFree(target)
  // A desk that is just being enrolled here, or another restoration.
  const lock = takeProcessLock(target)
  if (!lock.ok)
    throw new Failure(
      `A process (${lock.error.holder.pid}) is making or using ${options.to}: name another place.`,
      lock.error.kind,
      3,
    )
  // Interrupted, too.
  const release = (): void => lock.value.release()
  process.once("exit", release)
  try {
    const typed = await options.passphrase()
    const unlocking = () => ({ passphrase: passphraseBytes(typed), remoteShare: null })
    return await makeWhole(
      target,
      async (part) => {
        const place = { file: part, migrations: SCHEMA, random }
        const vault = await makeVaultOf(backup, place, unlocking, options.withLog)
        if (!vault.ok) {
          if (vault.error.kind === "malformed-backup") throw damaged()
          throw vault.error.kind === "newer-format" ? newer() : vaultFailure(vault.error, options.to)
        }
        try {
          return options.withLog ? await readLog(vault.value, options.socks) : { delegated: null }
        } finally {
          vault.value.lock()
        }
      },
      VAULT_SIDES,
    )
  } finally {
    lock.value.release()
    process.off("exit", release)
  }
}

const UNREAD = ([a, b]: readonly [string, string]): string =>
  b === "mirror-gap"
    ? `Relay A's log can't be read (${a}), and relay B's has a gap behind which only A can tell what stands`
    : `Neither relay's log can be read (A: ${a}, B: ${b})`

const GONE = (cells: number | null): string =>
  cells === null
    ? "Relay A's disk was lost since this backup, and relay B can't show what stood there then: cells may be gone"
    : `This backup is older than the relays' log keeps: ${cells} cells since then are gone`

async function readLog(
  vault: Parameters<typeof catchUp>[0],
  socks: string | undefined,
): Promise<VaultPutBack> {
  const settings = readSettings(vault)
  const outgoing = socks === undefined ? makeOutgoing(() => proxyOf(settings)) : wayOut(socks)
  const caught = await catchUp(vault, { outgoing, random, now: () => instantFromMs(Date.now()) })
  switch (caught.kind) {
    case "caught-up":
      return { delegated: caught.delegated }
    case "log-trimmed":
      throw new Failure(
        `${GONE(caught.cells)}, and with them what was discarded, deleted or taken back. The desk has to be enrolled anew: with its enrolment.age, or from this backup with --no-log, which takes the officer's keys and what was signed from it, and no drafts.`,
        "backup-too-old",
        1,
      )
    case "no-relay":
      throw new Failure(
        `${UNREAD(caught.why)}, so what was discarded, deleted or taken back since the backup is not known. ${caught.why[1] === "mirror-gap" ? "Restore when relay A answers" : "Restore when one of them answers"}; through Tor with --socks 127.0.0.1:9050; or without drafts with --no-log.`,
        "no-relay",
        3,
      )
  }
}

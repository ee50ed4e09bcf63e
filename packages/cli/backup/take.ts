/** A backup of what lies on this machine: a vault, a relay, a duty. */
import { randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import { resolve } from "node:path"
import type { Instant } from "@kunak/core/time/instant"
import { organisationOf, takeVaultBackup } from "@kunak/desk/backup/vault-backup"
import { type OpenError, openVault } from "@kunak/desk/vault/open-vault"
import { takeProcessLock } from "@kunak/desk/vault/process-lock"
import { SCHEMA } from "@kunak/desk/vault/schema"
import { passphraseBytes } from "@kunak/desk/vault/vault-key"
import { takeDutyBackup } from "@kunak/duty/backup"
import { encodeRelayBackup, takeRelayBackup } from "@kunak/relay/backup/relay-backup"
import { startSentence } from "@kunak/relay/start-sentence"
import { Failure } from "../failure.ts"
import type { Backup } from "./backup-file.ts"

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))

/** @throws Failure while a desk has it open, or with another passphrase. */
export async function vaultBackup(
  typed: string,
  passphrase: () => Promise<string>,
  now: Instant,
): Promise<Backup> {
  const file = resolve(typed)
  if (!existsSync(file)) throw new Failure(`${typed} is not there: check the path.`, "no-file")
  const lock = takeProcessLock(file)
  if (!lock.ok)
    throw new Failure(
      `A desk (process ${lock.error.holder.pid}) has this vault open: end it, then back it up.`,
      lock.error.kind,
      3,
    )
  try {
    // As it is: bringing it up to date is for the desk, whose first locking lets the copy of before go.
    const place = { file, migrations: SCHEMA, random, asItIs: true }
    const unlocking = { passphrase: passphraseBytes(await passphrase()), remoteShare: null }
    const vault = await openVault(place, unlocking)
    if (!vault.ok) throw vaultFailure(vault.error, typed)
    try {
      const organisation = await organisationOf(vault.value)
      return { kind: "vault", made: now, organisation, content: takeVaultBackup(vault.value) }
    } finally {
      vault.value.lock()
    }
  } finally {
    lock.value.release()
  }
}

export function vaultFailure(error: OpenError, path: string): Failure {
  switch (error.kind) {
    case "cannot-open":
      return new Failure(`${path} does not open: another passphrase, or a damaged file.`, error.kind, 1)
    case "newer-format":
      return new Failure(
        `${path} is of a newer version of Kunak (form ${error.schema}): update this one.`,
        error.kind,
      )
    case "disk-full":
      return new Failure(`There is no room beside ${path}: free some space.`, error.kind, 3)
    default:
      return new Failure(
        `${path} can't be written where it is: the disk is read-only or fails.`,
        error.kind,
        3,
      )
  }
}

export async function relayBackup(configPath: string, now: Instant): Promise<Backup> {
  const taken = await takeRelayBackup(configPath)
  if (taken.ok)
    return {
      kind: "relay",
      made: now,
      organisation: taken.value.organisationId,
      content: encodeRelayBackup(taken.value),
    }
  const { error } = taken
  if (error.kind === "store-unavailable")
    throw new Failure(
      "The relay's store can't be read now: see whether its disk or database works.",
      error.kind,
      3,
    )
  if (error.kind === "store" && error.error.kind === "in-use")
    throw new Failure(
      `The relay${error.error.pid === null ? "" : ` (process ${error.error.pid})`} has ${error.path} open: stop it, back it up, and start it again; it takes a second.`,
      "in-use",
      3,
    )
  throw new Failure(startSentence(error), error.kind, error.kind === "store" ? 3 : 2)
}

export async function dutyBackup(folder: string, now: Instant): Promise<Backup> {
  const taken = await takeDutyBackup(folder)
  if (taken.ok) {
    const { organisationId, enrolment, memory } = taken.value
    return { kind: "duty", made: now, organisation: organisationId, content: { enrolment, memory } }
  }
  const { kind, path } = taken.error
  const sentences = {
    "no-enrolment": `${path} is not there: is this a duty's folder?`,
    "malformed-enrolment": `${path} is no duty's enrolment, or it is damaged.`,
    "malformed-memory": `${path} is damaged: move it away, let the duty read the log anew, then back it up.`,
    "newer-memory": `${path} was written by a newer version of Kunak: update this one.`,
  }
  throw new Failure(sentences[kind], kind)
}

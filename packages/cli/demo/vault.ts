import { randomBytes } from "node:crypto"
import type { Enrolment } from "@kunak/core/enrolment/enrolment"
import { must } from "@kunak/core/result"
import { writeEnrolment } from "@kunak/desk/enrolment/enrol"
import { createVault } from "@kunak/desk/vault/open-vault"
import { SCHEMA } from "@kunak/desk/vault/schema"
import { passphraseBytes } from "@kunak/desk/vault/vault-key"

/** A desk's vault with an officer enrolled in it, as the desk itself makes one. */
export async function makeDemoVault(file: string, officer: Enrolment, passphrase: string): Promise<void> {
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))
  const place = { file, migrations: SCHEMA, random }
  const unlocking = { passphrase: passphraseBytes(passphrase), remoteShare: null }
  must(await createVault(place, unlocking, (vault) => writeEnrolment(vault, officer))).lock()
}

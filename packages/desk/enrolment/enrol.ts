/** Takes an enrolment file, written by `kunak init`, into a new vault. */

import { verifyCharterChain } from "@kunak/core/charter/verify"
import { verifyDelegation } from "@kunak/core/delegation/delegation"
import { decodeEnrolment, type Enrolment } from "@kunak/core/enrolment/enrolment"
import { type Entry, encodeEntry } from "@kunak/core/log/entry"
import { err, type Result } from "@kunak/core/result"
import { reveal } from "@kunak/core/secret"
import { sha256 } from "@kunak/core/suite"
import { Decrypter } from "age-encryption"
import { sql } from "../vault/sql.ts"
import type { UnlockedVault, VaultWriteError } from "../vault/unlocked-vault.ts"

export type EnrolError =
  /** Wrong passphrase or damaged file: one answer. */
  | { readonly kind: "enrolment-cannot-open" }
  | { readonly kind: "enrolment-malformed"; readonly what: "form" | "role" | "charter" | "delegation" }

/**
 * Opens the age file and verifies everything in it: a delegation that does not hold refuses the whole. Its key need not be
 * delegated yet: somebody who joins later is given the file first, and the desk learns from the log when the signers have.
 */
export async function openEnrolment(
  file: Uint8Array,
  passphrase: string,
): Promise<Result<Enrolment, EnrolError>> {
  const malformed = (what: "form" | "role" | "charter" | "delegation") =>
    err({ kind: "enrolment-malformed", what } as const)
  const clear = await decrypt(file, passphrase)
  if (clear === null) return err({ kind: "enrolment-cannot-open" })
  const enrolment = decodeEnrolment(clear)
  if (!enrolment.ok) return malformed("form")
  if (enrolment.value.role !== "officer" || !enrolment.value.staffKey) return malformed("role")
  const chain = await verifyCharterChain(enrolment.value.charterChain, null)
  if (!chain.ok) return malformed("charter")
  for (const bytes of enrolment.value.delegations) {
    const delegation = await verifyDelegation(bytes, chain.value)
    if (!delegation.ok) return malformed("delegation")
  }
  return enrolment
}

async function decrypt(file: Uint8Array, passphrase: string): Promise<string | null> {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  try {
    return await decrypter.decrypt(file, "text")
  } catch {
    return null
  }
}

export function writeEnrolment(vault: UnlockedVault, enrolment: Enrolment): Result<null, VaultWriteError> {
  const { relays, staffKey } = enrolment
  if (!staffKey) throw new TypeError("an officer's enrolment has a staff key")
  const [a, b] = relays
  return vault.change((change) => {
    change.run(sql`insert into enrolment (one, label, charter_chain, seed, staff_key, line_key,
      read_a, append_a, read_b, append_b, acknowledge_a, acknowledge_b) values (1, ${enrolment.label}, ${enrolment.charterChain},
      ${reveal(enrolment.seed)}, ${reveal(staffKey)}, ${reveal(enrolment.lineKey)},
      ${a.read && reveal(a.read)}, ${a.append && reveal(a.append)},
      ${b.read && reveal(b.read)}, ${b.append && reveal(b.append)},
      ${a.acknowledge && reveal(a.acknowledge)}, ${b.acknowledge && reveal(b.acknowledge)})`)
    for (const bytes of enrolment.delegations) {
      const entry = encodeEntry({ kind: "delegation", bytes } satisfies Entry)
      change.run(
        sql`insert or ignore into line_entry (position, digest, bytes) values (0, ${sha256(entry)}, ${entry})`,
      )
    }
    return null
  })
}

export const enrolled = (vault: UnlockedVault): boolean =>
  vault.first(sql`select count(*) as n from enrolment`, (row) => row.number("n")) === 1

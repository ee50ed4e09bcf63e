/** Who sits at this desk, as the vault knows it. */
import type { CharterChain, OrganisationId } from "@kunak/core/charter/charter"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import type { Capabilities } from "@kunak/core/enrolment/enrolment"
import type { SigningKey } from "@kunak/core/keys"
import type { LogKeys } from "@kunak/core/log/cell"
import { must } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { signingKeyFromSeed } from "@kunak/core/suite"
import type { Row } from "../vault/row.ts"
import { sql } from "../vault/sql.ts"
import type { UnlockedVault } from "../vault/unlocked-vault.ts"

export interface Officer {
  readonly label: string
  readonly key: SigningKey<"officer">
  readonly logKeys: Required<LogKeys>
  readonly capabilities: readonly [Capabilities, Capabilities]
  readonly organisationId: OrganisationId
  /** The chain that was pinned at enrolment. */
  readonly chain: CharterChain
}

/** The officer of an enrolled vault; its secrets are erased with the lock. @throws TypeError before enrolment. */
export async function readOfficer(vault: UnlockedVault): Promise<Officer> {
  const guarded = (bytes: Uint8Array): Secret<Uint8Array> => {
    vault.eraseOnLock(bytes)
    return new Secret(bytes)
  }
  const secret = (row: Row, column: string): Secret<Uint8Array> | null => {
    const bytes = row.bytesOrNull(column)
    return bytes && guarded(bytes)
  }
  const row = vault.first(sql`select * from enrolment`, (found) => found)
  if (!row) throw new TypeError("this vault is not enrolled")
  const seed = row.bytes("seed")
  vault.eraseOnLock(seed)
  const chain = must(await verifyCharterChain(row.bytes("charter_chain"), null))
  return {
    label: row.text("label"),
    key: signingKeyFromSeed("officer", seed),
    logKeys: { staff: guarded(row.bytes("staff_key")), line: guarded(row.bytes("line_key")) },
    capabilities: [
      {
        read: secret(row, "read_a"),
        append: secret(row, "append_a"),
        acknowledge: secret(row, "acknowledge_a"),
        publish: null,
      },
      {
        read: secret(row, "read_b"),
        append: secret(row, "append_b"),
        acknowledge: secret(row, "acknowledge_b"),
        publish: null,
      },
    ],
    organisationId: chain.organisationId,
    chain,
  }
}

/** What the relays serve to the public, seen from this desk. */
import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import type { OrganisationId } from "@kunak/core/charter/charter"
import { decodeHeader, type EditionId } from "@kunak/core/edition/header"
import { type Edition, succession, verifyEdition } from "@kunak/core/edition/verify"
import type { Instant } from "@kunak/core/time/instant"
import type { RelayClient, RelayError } from "@kunak/duty/relay-client"
import { sql } from "../vault/sql.ts"
import type { UnlockedVault } from "../vault/unlocked-vault.ts"
import { keepClosedSince } from "./closed-since.ts"

export type RelayName = "A" | "B"

export type RelayState =
  | { readonly kind: "unknown" }
  | { readonly kind: "serves" }
  /** Answers, but with an older edition than the other. */
  | { readonly kind: "behind" }
  | { readonly kind: "empty" }
  /** An older edition than it served before, another one under the same number, or one that does not verify. */
  | { readonly kind: "lies" }
  | { readonly kind: "down"; readonly cause: string }

/** An edition's number and time: of a relay that is behind, as the header has them that it serves. */
export interface Served {
  readonly id: EditionId
  readonly issued: Instant
}

export interface RelayWatch {
  readonly states: () => Readonly<Record<RelayName, RelayState>>
  readonly edition: () => Edition | null
  /** What each relay served when it was last asked; null before, and where it serves nothing that can be read. */
  readonly served: () => Readonly<Record<RelayName, Served | null>>
  look(): Promise<void>
}

/** @param kept the newest edition in the vault, verified. */
export function makeRelayWatch(
  vault: UnlockedVault,
  relays: Readonly<Record<RelayName, RelayClient>>,
  organisationId: OrganisationId,
  kept: Edition | null,
): RelayWatch {
  let newest = kept
  let states: Record<RelayName, RelayState> = { A: { kind: "unknown" }, B: { kind: "unknown" } }

  let served: Record<RelayName, Served | null> = { A: null, B: null }

  async function lookAt(name: RelayName): Promise<RelayState> {
    const relay = relays[name]
    const header = await relay.header()
    if (!header.ok) return failed(header.error)
    const said = header.value && decodeHeader(header.value)?.header
    served = { ...served, [name]: said ? { id: said.id, issued: said.issued } : null }
    if (header.value === null) return { kind: "empty" }
    if (newest && equalBytes(header.value, newest.headerBytes)) return { kind: "serves" }
    const parts = decodeHeader(header.value)
    if (!parts) return { kind: "lies" }
    if (newest) {
      const next = succession(
        { id: newest.header.id, headerBytes: newest.headerBytes },
        { id: parts.header.id, headerBytes: header.value },
      )
      if (next === "equivocation") return { kind: "lies" }
      if (next === "rolled-back") return { kind: "behind" }
    }
    const bulletin = await relay.bulletin()
    if (!bulletin.ok) return failed(bulletin.error)
    const edition = bulletin.value && (await verifyEdition(header.value, bulletin.value, organisationId))
    // Between our two questions a new edition can have come: the next look sees it whole.
    if (edition && !edition.ok && edition.error.kind === "bulletin-mismatch") return { kind: "unknown" }
    if (!edition?.ok) return { kind: "lies" }
    newest = edition.value
    keep(vault, edition.value)
    return { kind: "serves" }
  }

  return {
    states: () => states,
    edition: () => newest,
    served: () => served,
    look: async () => {
      const before = states
      const A = await lookAt("A")
      const B = await lookAt("B")
      // A was asked first: if B has brought a newer edition meanwhile, ask A once more before calling it behind.
      const stillA = A.kind === "serves" && B.kind === "serves" ? await lookAt("A") : A
      states = { A: stillA.kind === "unknown" ? before.A : stillA, B: B.kind === "unknown" ? before.B : B }
    },
  }
}

const failed = (error: RelayError): RelayState => ({
  kind: "down",
  cause: error.kind === "relay-down" ? error.why : error.kind,
})

function keep(vault: UnlockedVault, edition: Edition): void {
  // A full disk only means that the edition is asked for again.
  vault.change((change) => {
    change.run(sql`insert into edition values (1, ${edition.headerBytes}, ${edition.bulletin.bytes})
      on conflict (one) do update set header = excluded.header, bulletin = excluded.bulletin`)
    keepClosedSince(change, edition)
    const { term, number } = edition.header.id
    for (const { hash } of edition.bulletin.warnings)
      change.run(sql`insert or ignore into published values (${toHex(hash)}, ${term}, ${number})`)
  })
}

/** The newest edition that this vault has seen, verified anew. */
export async function keptEdition(
  vault: UnlockedVault,
  organisationId: OrganisationId,
): Promise<Edition | null> {
  const row = vault.first(sql`select header, bulletin from edition`, (found) => found)
  const edition = row && (await verifyEdition(row.bytes("header"), row.bytes("bulletin"), organisationId))
  return edition?.ok ? edition.value : null
}

/** What was said since a backup was made: discarded drafts, deletions, revocations. Read, and nothing written. */
import type { Random } from "@kunak/core/keys"
import type { Instant } from "@kunak/core/time/instant"
import type { Outgoing } from "@kunak/duty/relay-client"
import { readOfficer } from "../enrolment/officer.ts"
import { makeSync } from "../sync/sync.ts"
import type { UnlockedVault } from "../vault/unlocked-vault.ts"

export type CaughtUp =
  /** `delegated`: whether a delegation of this week names the officer, and nobody has taken the key back. */
  | { readonly kind: "caught-up"; readonly delegated: boolean }
  /** Neither relay has every cell since the backup; null where a relay's disk was lost, and nobody knows how many. */
  | { readonly kind: "log-trimmed"; readonly cells: number | null }
  | { readonly kind: "no-relay"; readonly why: readonly [string, string] }

export async function catchUp(
  vault: UnlockedVault,
  parts: { readonly outgoing: Outgoing; readonly random: Random; readonly now: () => Instant },
): Promise<CaughtUp> {
  const officer = await readOfficer(vault)
  const sync = await makeSync({
    vault,
    officer,
    isClosed: () => false,
    nowMs: () => parts.now() * 1000,
    ...parts,
  })
  const isRead = await sync.refresh()
  sync.hotline.close()
  if (!isRead) {
    const why = (["A", "B"] as const).map((relay) => sync.trouble(relay)?.kind ?? "log-rolled-back")
    return { kind: "no-relay", why: why as [string, string] }
  }
  const { cells, mayBeMore } = sync.lost()
  return cells > 0 || mayBeMore
    ? { kind: "log-trimmed", cells: mayBeMore ? null : cells }
    : { kind: "caught-up", delegated: sync.delegation(parts.now()) !== null }
}

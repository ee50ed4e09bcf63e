/** Everything that an unlocked desk has. Locking closes it: loops stop, the vault is shut, secrets are zero. */
import type { CharterChain } from "@kunak/core/charter/charter"
import type { Random } from "@kunak/core/keys"
import type { Instant } from "@kunak/core/time/instant"
import type { SignedWarning } from "@kunak/core/warning/warning"
import type { PageTemplate } from "@kunak/page/document/template"
import type { Officer } from "./enrolment/officer.ts"
import type { Opened } from "./platform/desk-host.ts"
import type { Swap } from "./platform/swap.ts"
import type { Settings } from "./settings/model.ts"
import type { Sync } from "./sync/sync.ts"
import type { UnlockedVault } from "./vault/unlocked-vault.ts"
import type { NamedPages } from "./warnings/preview-pages.ts"

export interface OpenDesk extends Opened {
  readonly vault: UnlockedVault
  readonly officer: Officer
  readonly sync: Sync
  readonly chain: () => CharterChain
  readonly now: () => Instant
  /** Room on the vault's disk; null where the system does not say. */
  readonly freeBytes: () => number | null
  readonly random: Random
  readonly settings: () => Settings
  readonly setSettings: (settings: Settings) => void
  readonly previews: NamedPages
  /** Composed for a confirmation, by digest: a signature covers what was on the screen, to the second. */
  readonly prepared: Map<string, { readonly draft: string; readonly unsigned: SignedWarning }>
  readonly pageTemplate: () => PageTemplate | null
  readonly swap: () => Swap
}

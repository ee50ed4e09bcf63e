/** Receive and intake keys in the vault. */
import { equalBytes } from "@kunak/core/bytes/equal"
import { type IntakeKey, type IntakeWindow, windowEnd } from "@kunak/core/intake/intake-key"
import type { ReceiveKey } from "@kunak/core/intake/receive-keys"
import { asPublicKey, type PublicKey } from "@kunak/core/keys"
import { reveal, Secret } from "@kunak/core/secret"
import type { KemKeyPair } from "@kunak/core/suite"
import { DAY_SECONDS, type Instant } from "@kunak/core/time/instant"
import type { Row } from "../../vault/row.ts"
import { sql } from "../../vault/sql.ts"
import type { VaultChange, VaultReader } from "../../vault/unlocked-vault.ts"

/** Public halves are remembered so long after their window: by these an envelope's key id is told from rubbish. */
const REMEMBERED_SECONDS = 21 * DAY_SECONDS

export interface ReceiveSeed {
  readonly window: IntakeWindow
  readonly publicKey: Uint8Array
  readonly seed: Secret<Uint8Array>
}

export interface IntakeSeed {
  readonly keyId: Uint8Array
  readonly window: IntakeWindow
  readonly publicKey: Uint8Array
  readonly seed: Secret<Uint8Array>
}

export interface KnownIntakeKey {
  readonly keyId: Uint8Array
  readonly window: IntakeWindow
  readonly publicKey: Uint8Array
  readonly officer: PublicKey<"officer">
  /** The first of its window (rule L8). */
  readonly counts: boolean
}

const toReceiveSeed = (row: Row): ReceiveSeed => ({
  window: row.number("window") as IntakeWindow,
  publicKey: row.bytes("public_key"),
  seed: new Secret(row.bytes("seed")),
})

const toIntakeSeed = (row: Row): IntakeSeed => ({
  keyId: row.bytes("key_id"),
  window: row.number("window") as IntakeWindow,
  publicKey: row.bytes("public_key"),
  seed: new Secret(row.bytes("seed")),
})

const toKnown = (row: Row): KnownIntakeKey => ({
  keyId: row.bytes("key_id"),
  window: row.number("window") as IntakeWindow,
  publicKey: row.bytes("public_key"),
  officer: asPublicKey<"officer">(row.bytes("officer")),
  counts: row.number("counts") === 1,
})

export const receiveSeedsOf = (vault: VaultReader, window: IntakeWindow): readonly ReceiveSeed[] =>
  vault.all(sql`select * from receive_seed where window = ${window}`, toReceiveSeed)

/** Windows for which this desk has a one-time key that nobody has used. */
export const ownReceiveWindows = (vault: VaultReader): readonly IntakeWindow[] =>
  vault.all(sql`select distinct window from receive_seed`, (row) => row.number("window") as IntakeWindow)

export const addReceiveSeed = (change: VaultChange, window: IntakeWindow, pair: KemKeyPair): void =>
  change.run(sql`insert into receive_seed (public_key, window, seed)
    values (${pair.publicKey}, ${window}, ${reveal(pair.seed)})`)

/** A newer key of an officer for a window takes the place of the older; who had been wrapped to that is wrapped to again. */
export function takeReceiveKey(
  change: VaultChange,
  officer: PublicKey<"officer">,
  { window, publicKey }: ReceiveKey,
): void {
  const before = receiveKeyOf(change, officer, window)
  if (before && equalBytes(before, publicKey)) return
  change.run(sql`insert into receive_key (officer, window, public_key) values (${officer}, ${window}, ${publicKey})
    on conflict (officer, window) do update set public_key = excluded.public_key`)
  if (before) change.run(sql`delete from intake_wrap where officer = ${officer} and window = ${window}`)
}

export const receiveKeyOf = (
  vault: VaultReader,
  officer: Uint8Array,
  window: IntakeWindow,
): Uint8Array | null =>
  vault.first(
    sql`select public_key from receive_key where officer = ${officer} and window = ${window}`,
    (row) => row.bytes("public_key"),
  )

/** As the log says it; whether it counts is `countIntakeKeys`'s. */
export const takeIntakeKey = (change: VaultChange, key: IntakeKey, officer: PublicKey<"officer">): void =>
  change.run(sql`insert or ignore into intake_key (key_id, window, public_key, officer, counts)
    values (${key.keyId}, ${key.window}, ${key.publicKey}, ${officer}, 0)`)

/** Rule L8, as the line's state judges it: a revocation can end what counted before. Windows of the past stay as they are. */
export function countIntakeKeys(change: VaultChange, keys: readonly IntakeKey[], from: IntakeWindow): void {
  change.run(sql`update intake_key set counts = 0 where window >= ${from}`)
  for (const { keyId, window } of keys)
    if (window >= from) change.run(sql`update intake_key set counts = 1 where key_id = ${keyId}`)
}

export const intakeKeyById = (vault: VaultReader, keyId: Uint8Array): KnownIntakeKey | null =>
  vault.first(sql`select * from intake_key where key_id = ${keyId}`, toKnown)

/** The one that counts in a window; null while nobody has made one. */
export const intakeKeyOf = (vault: VaultReader, window: IntakeWindow): KnownIntakeKey | null =>
  vault.first(sql`select * from intake_key where window = ${window} and counts = 1`, toKnown)

/** The latest signed one, up to this window, whose seed is here, whether it counts or not. */
export const latestHeldKey = (vault: VaultReader, upTo: IntakeWindow): KnownIntakeKey | null =>
  vault.first(
    sql`select intake_key.* from intake_key join intake_seed using (key_id, public_key)
        where intake_key.window <= ${upTo} order by intake_key.window desc, counts desc limit 1`,
    toKnown,
  )

/** Windows from `from` on, rising. */
export const intakeKeysFrom = (vault: VaultReader, from: IntakeWindow): readonly KnownIntakeKey[] =>
  vault.all(sql`select * from intake_key where window >= ${from} and counts = 1 order by window`, toKnown)

export const addIntakeSeed = (
  change: VaultChange,
  keyId: Uint8Array,
  window: IntakeWindow,
  pair: KemKeyPair,
): void =>
  change.run(sql`insert or ignore into intake_seed (key_id, public_key, window, seed)
    values (${keyId}, ${pair.publicKey}, ${window}, ${reveal(pair.seed)})`)

/**
 * The seed of a signed intake key: of those wrapped under its id the one whose public half an officer signed. Before that
 * key was read, none: whoever has the staff log's key could have notes written under a seed of their own (rule L7).
 */
export function intakeSeedOf(vault: VaultReader, keyId: Uint8Array): IntakeSeed | null {
  const known = intakeKeyById(vault, keyId)
  return (
    known &&
    vault.first(
      sql`select * from intake_seed where key_id = ${keyId} and public_key = ${known.publicKey}`,
      (row) => ({ ...toIntakeSeed(row), window: known.window }),
    )
  )
}

/** Whatever has been wrapped under a key id. */
export const intakeSeedsOf = (vault: VaultReader, keyId: Uint8Array): readonly IntakeSeed[] =>
  vault.all(sql`select * from intake_seed where key_id = ${keyId}`, toIntakeSeed)

export const intakeWindows = (vault: VaultReader): readonly IntakeWindow[] =>
  vault.all(sql`select distinct window from intake_seed`, (row) => row.number("window") as IntakeWindow)

export const isGone = (vault: VaultReader, keyId: Uint8Array): boolean =>
  vault.first(sql`select 1 as one from intake_gone where key_id = ${keyId}`, () => true) ?? false

export const isWrappedTo = (vault: VaultReader, keyId: Uint8Array, officer: Uint8Array): boolean =>
  vault.first(
    sql`select 1 as one from intake_wrap where key_id = ${keyId} and officer = ${officer}`,
    () => true,
  ) ?? false

export const noteWrap = (
  change: VaultChange,
  keyId: Uint8Array,
  officer: Uint8Array,
  window: IntakeWindow,
): void =>
  change.run(sql`insert or ignore into intake_wrap (key_id, officer, window)
    values (${keyId}, ${officer}, ${window})`)

/** One's own receive seeds of a window, once they have served. */
export const eraseReceiveSeeds = (change: VaultChange, window: IntakeWindow): void =>
  change.run(sql`delete from receive_seed where window = ${window}`)

/** Rule I3. What comes under these keys afterwards is known to be lost. */
export function eraseIntakeSeeds(change: VaultChange, window: IntakeWindow): void {
  change.run(sql`insert or ignore into intake_gone (key_id, window)
    select key_id, window from intake_seed where window = ${window}`)
  change.run(sql`delete from intake_seed where window = ${window}`)
}

/** Public halves of long ago. */
export function forgetOldKeys(change: VaultChange, now: Instant): void {
  const isOld = (window: IntakeWindow): boolean => windowEnd(window) + REMEMBERED_SECONDS < now
  for (const table of ["receive_key", "intake_key", "intake_wrap", "intake_gone"]) {
    const windows = change.all(
      { text: `select distinct window from ${table}`, values: [] },
      (row) => row.number("window") as IntakeWindow,
    )
    for (const window of windows.filter(isOld))
      change.run({ text: `delete from ${table} where window = ?`, values: [window] })
  }
}

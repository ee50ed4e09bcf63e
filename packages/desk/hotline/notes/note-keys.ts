/** Keys under which notes stand: from the seeds in the vault, and from those met in the same reading. */
import { equalBytes } from "@kunak/core/bytes/equal"
import { type IntakeKey, type IntakeWindow, windowOf } from "@kunak/core/intake/intake-key"
import { decodeNote, type Note, noteKeyOf, openNote, type SealedNote } from "@kunak/core/log/note"
import type { Secret } from "@kunak/core/secret"
import type { Instant } from "@kunak/core/time/instant"
import type { Officer } from "../../enrolment/officer.ts"
import type { VaultReader } from "../../vault/unlocked-vault.ts"
import {
  type IntakeSeed,
  intakeKeyById,
  intakeKeyOf,
  intakeSeedOf,
  intakeSeedsOf,
  latestHeldKey,
} from "../keys/key-store.ts"

export interface NoteKey {
  readonly keyId: Uint8Array
  readonly window: IntakeWindow
  readonly key: Secret<Uint8Array>
}

/**
 * The key of this time's intake key; null while nobody has made one or this desk was not given its seed.
 *
 * @param isOver under a closing charter no intake key counts any more (rule C8), and what officers still say to each other, such
 *   as what to delete, goes under the latest signed one whose seed is here: until those made before have ended, a week at most.
 */
export async function currentNoteKey(
  vault: VaultReader,
  time: Instant,
  isOver: boolean,
): Promise<NoteKey | null> {
  const window = windowOf(time)
  const counting = isOver ? latestHeldKey(vault, window) : intakeKeyOf(vault, window)
  const seed = counting && intakeSeedOf(vault, counting.keyId)
  return seed && { keyId: seed.keyId, window, key: await noteKeyOf(seed.seed) }
}

export interface OpenedNote {
  readonly note: Note
  readonly window: IntakeWindow
}

/** Keys and seeds of the entries that are being read: not in the vault yet. */
export interface Met {
  readonly seeds: IntakeSeed[]
  readonly keys: IntakeKey[]
}

/** Rule L7: seeds that give the public key which an officer signed. */
function metSeeds(vault: VaultReader, met: Met, keyId: Uint8Array): readonly IntakeSeed[] {
  const isIt = (key: { readonly keyId: Uint8Array }): boolean => equalBytes(key.keyId, keyId)
  const key = met.keys.find(isIt) ?? intakeKeyById(vault, keyId)
  if (!key) return []
  const kept = intakeSeedsOf(vault, keyId)
  return [...kept, ...met.seeds]
    .filter((seed) => isIt(seed) && equalBytes(seed.publicKey, key.publicKey))
    .map((seed) => ({ ...seed, window: key.window }))
}

/** @returns null where no seed opens it; `note` null for a kind of a later version. */
export async function openSealed(
  vault: VaultReader,
  sealed: SealedNote,
  met: Met,
  officer: Officer,
): Promise<{ readonly note: Note | null; readonly window: IntakeWindow } | null> {
  const kept = intakeSeedOf(vault, sealed.keyId)
  const seeds = kept ? [kept] : metSeeds(vault, met, sealed.keyId)
  for (const { seed, window } of seeds) {
    const bytes = await openNote(sealed, await noteKeyOf(seed), officer.organisationId)
    if (bytes) return { note: decodeNote(bytes), window }
  }
  return null
}

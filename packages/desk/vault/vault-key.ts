/** The key that opens a vault: docs/protocol.md, "Vault". */
import { argon2, hkdfSync } from "node:crypto"
import type { Brand } from "@kunak/core/brand"
import { reveal, Secret } from "@kunak/core/secret"

/** SQLCipher keeps this many bytes of salt, in the clear, at the head of the file; Argon2id takes them too. */
export const SALT_BYTES = 16
export const FILE_KEY_BYTES = 32
/** A keepers' share R (docs/protocol.md, "Keepers"); vaults made before keepers exist have none. */
export const REMOTE_SHARE_BYTES = 32

export type Salt = Brand<Uint8Array, "vault salt">
/** What the passphrase alone yields: not yet the key of the file. */
export type PassphraseKey = Brand<Secret<Uint8Array>, "passphrase key">
export type FileKey = Brand<Secret<Uint8Array>, "vault file key">
export type RemoteShare = Brand<Secret<Uint8Array>, "remote share">

/** What one guess at a passphrase costs: Argon2id, RFC 9106. */
export interface PassphraseCost {
  readonly memoryKiB: number
  readonly passes: number
  readonly lanes: number
}

/**
 * Vault format 1. The cost is fixed by the format, not stored: whoever can alter the file could else lower it
 * for the next change of passphrase. A later format is tried first, this one after it.
 */
export const VAULT_COST: PassphraseCost = { memoryKiB: 256 * 1024, passes: 3, lanes: 1 }

/**
 * Argon2id of the passphrase (NFKC, UTF-8), 32 bytes.
 *
 * @param passphrase UTF-8; erased before this returns.
 */
export function derivePassphraseKey(
  passphrase: Uint8Array,
  salt: Salt,
  cost: PassphraseCost,
): Promise<PassphraseKey> {
  return new Promise((resolve, reject) => {
    const parameters = {
      message: passphrase,
      nonce: salt,
      memory: cost.memoryKiB,
      passes: cost.passes,
      parallelism: cost.lanes,
      tagLength: FILE_KEY_BYTES,
    }
    argon2("argon2id", parameters, (error, key) => {
      passphrase.fill(0)
      if (error) reject(error)
      else resolve(new Secret(new Uint8Array(key)) as PassphraseKey)
    })
  })
}

/** The bytes to hand to `derivePassphraseKey`: one form for every keyboard (NFKC), spaces at the ends dropped. */
export const passphraseBytes = (typed: string): Uint8Array =>
  new TextEncoder().encode(typed.normalize("NFKC").trim())

/**
 * HKDF-SHA-256 (RFC 5869) over both halves: with a remote share, the laptop and its passphrase open nothing
 * alone. Until keepers exist the share is null, and THREAT_MODEL says so first.
 */
export function unlockKey(passphraseKey: PassphraseKey, remoteShare: RemoteShare | null): FileKey {
  const secret = new Uint8Array(FILE_KEY_BYTES + REMOTE_SHARE_BYTES)
  secret.set(reveal(passphraseKey))
  if (remoteShare) secret.set(reveal(remoteShare), FILE_KEY_BYTES)
  const info = remoteShare ? "kunak vault 1 with keepers" : "kunak vault 1 passphrase alone"
  const key = hkdfSync("sha256", secret, new Uint8Array(0), info, FILE_KEY_BYTES)
  secret.fill(0)
  return new Secret(new Uint8Array(key)) as FileKey
}

import type { Brand } from "./brand.ts"
import type { Secret } from "./secret.ts"

/** Who signs what: docs/protocol.md §2. */
export type KeyRole = "charter-signing" | "officer" | "duty" | "relay-term"

/** Ed25519 (RFC 8032), 32 bytes. The role is part of the type, so a duty key can't be passed where an officer's is due. */
export type PublicKey<Role extends KeyRole> = Brand<Uint8Array, `public key: ${Role}`>

/** Ed25519 seed, 32 bytes, with its public half. */
export interface SigningKey<Role extends KeyRole> {
  readonly role: Role
  readonly publicKey: PublicKey<Role>
  readonly seed: Secret<Uint8Array>
}

export const PUBLIC_KEY_BYTES = 32
export const SIGNATURE_BYTES = 64

/** Names the role of a key that was read where only such keys stand (a charter's signer list, say). */
export const asPublicKey = <Role extends KeyRole>(bytes: Uint8Array): PublicKey<Role> =>
  bytes as PublicKey<Role>

/** Random bytes; the platform's generator in use, a seeded one in tests. */
export type Random = (bytes: number) => Uint8Array

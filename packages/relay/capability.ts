/**
 * Role-wide capabilities: 32 random bytes that desks and duties share, rotated at every freeze. The relay
 * holds their SHA-256 only, so its disk lets nobody in. docs/protocol.md, the relay's rules.
 */
import { createHash, timingSafeEqual } from "node:crypto"

export const CAPABILITY_BYTES = 32

/** What a capability lets its holder do. `publish`: duties. `read`, `append`: desks and duties. `acknowledge`: desks. */
export type Role = "publish" | "read" | "append" | "acknowledge"
export const ROLES: readonly Role[] = ["publish", "read", "append", "acknowledge"]

/** Hashes, 32 bytes each. Several for one role, so that a new one can be handed out before the old one ends. */
export type CapabilityHashes = Readonly<Record<Role, readonly Uint8Array[]>>

export const capabilityHash = (capability: Uint8Array): Uint8Array =>
  createHash("sha256").update(capability).digest()

/** The value of the Authorization header. */
export const bearer = (capability: Uint8Array): string =>
  `Bearer ${Buffer.from(capability).toString("base64url")}`

/** 32 bytes are 43 letters without padding. */
const FORM = /^Bearer ([A-Za-z0-9_-]{43})$/

/**
 * Whether the header carries a capability of the role (rule T3). Takes the same time for every header: a
 * malformed one is hashed and compared like any other.
 */
export function isAllowed(authorization: string, role: Role, hashes: CapabilityHashes): boolean {
  const letters = FORM.exec(authorization)?.[1]
  const hash = capabilityHash(Buffer.from(letters ?? "A".repeat(43), "base64url"))
  let found = 0
  for (const known of hashes[role]) found |= Number(timingSafeEqual(known, hash))
  return letters !== undefined && found === 1
}

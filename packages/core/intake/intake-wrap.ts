/** An intake key's private half, sealed to each desk's one-time key. docs/protocol.md §22. */
import { equalBytes } from "../bytes/equal.ts"
import type { OrganisationId } from "../charter/charter.ts"
import type { PublicKey } from "../keys.ts"
import { reveal, Secret } from "../secret.ts"
import { type KemOpener, kemKeyFromSeed, seal, TAG_BYTES } from "../suite.ts"
import { derivationInfo } from "../thread/keys.ts"
import type { IntakeKey } from "./intake-key.ts"

export const INTAKE_SEED_BYTES = 32
export const WRAPPED_SEED_BYTES = INTAKE_SEED_BYTES + TAG_BYTES

export interface IntakeWrap {
  readonly officer: PublicKey<"officer">
  readonly enc: Uint8Array
  readonly ciphertext: Uint8Array
}

const info = (organisationId: OrganisationId): Uint8Array => derivationInfo("intake wrap", organisationId)

/** @returns null when the receive key is none. */
export async function wrapIntakeSeed(
  seed: Secret<Uint8Array>,
  keyId: Uint8Array,
  to: { readonly officer: PublicKey<"officer">; readonly publicKey: Uint8Array },
  organisationId: OrganisationId,
): Promise<IntakeWrap | null> {
  const sealed = await seal(to.publicKey, info(organisationId), keyId, reveal(seed))
  return sealed && { officer: to.officer, ...sealed }
}

export async function unwrapIntakeSeed(
  { enc, ciphertext }: IntakeWrap,
  keyId: Uint8Array,
  opener: KemOpener,
  organisationId: OrganisationId,
): Promise<Secret<Uint8Array> | null> {
  const seed = await opener.open(info(organisationId), keyId, enc, ciphertext)
  return seed?.length === INTAKE_SEED_BYTES ? new Secret(seed) : null
}

/**
 * The seed of a signed intake key. A wrap is signed by nobody: whoever has the staff log's key could hand a desk a seed of
 * their own, and read the notes that it writes under it (rule L7). So the seed must give the key that an officer signed.
 * @returns null for any other.
 */
export async function unwrapSeedOf(
  key: Pick<IntakeKey, "keyId" | "publicKey">,
  wrap: IntakeWrap,
  opener: KemOpener,
  organisationId: OrganisationId,
): Promise<Secret<Uint8Array> | null> {
  const seed = await unwrapIntakeSeed(wrap, key.keyId, opener, organisationId)
  return seed && equalBytes((await kemKeyFromSeed(seed)).publicKey, key.publicKey) ? seed : null
}

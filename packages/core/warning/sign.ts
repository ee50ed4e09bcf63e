import { equalBytes } from "../bytes/equal.ts"
import type { Charter } from "../charter/charter.ts"
import type { Delegation } from "../delegation/delegation.ts"
import type { SigningKey } from "../keys.ts"
import { err, ok, type Result } from "../result.ts"
import { signBody, withSignature } from "../signature/signed.ts"
import { decodeWarningCore, encodeWarningCore, textHash } from "./codec.ts"
import {
  isSignedByCharter,
  type SignedWarning,
  type TextHash,
  type WarningCore,
  type WarningText,
} from "./warning.ts"

/** An unsigned warning: body and texts. Signatures are added one by one. */
export const draftWarning = (core: WarningCore, texts: readonly WarningText[]): SignedWarning => ({
  body: encodeWarningCore(core),
  signatures: [],
  texts,
})

/** Hashes of free texts in the order in which they are signed. */
export const textHashes = (texts: readonly WarningText[]): readonly TextHash[] =>
  [...texts].sort((a, b) => (a.language < b.language ? -1 : 1)).map(textHash)

export type SignError = { readonly kind: "malformed-warning" | "not-among-the-signers" }

/** Adds an officer's signature. The delegation must be the one that the core names. */
export async function signWarning(
  warning: SignedWarning,
  key: SigningKey<"officer">,
  delegation: Delegation,
): Promise<Result<SignedWarning, SignError>> {
  const core = decodeWarningCore(warning.body)
  if (!core || isSignedByCharter(core.content.kind)) return err({ kind: "malformed-warning" })
  const index = delegation.officers.findIndex((officer) => equalBytes(officer, key.publicKey))
  if (index < 0 || !equalBytes(core.delegationHash, delegation.hash))
    return err({ kind: "not-among-the-signers" })
  return ok(await withSignatureOf(warning, key, index))
}

/** Adds a charter signer's signature to an all-clear or its proposal. */
export async function signAllClear(
  warning: SignedWarning,
  key: SigningKey<"charter-signing">,
  charter: Charter,
): Promise<Result<SignedWarning, SignError>> {
  const core = decodeWarningCore(warning.body)
  if (!core || !isSignedByCharter(core.content.kind)) return err({ kind: "malformed-warning" })
  const index = charter.signers.findIndex((signer) => equalBytes(signer, key.publicKey))
  return index < 0 ? err({ kind: "not-among-the-signers" }) : ok(await withSignatureOf(warning, key, index))
}

async function withSignatureOf(
  warning: SignedWarning,
  key: SigningKey<"officer" | "charter-signing">,
  index: number,
): Promise<SignedWarning> {
  const signature = await signBody("warning", warning.body, key)
  return { ...warning, signatures: withSignature(warning.signatures, { index, signature }) }
}

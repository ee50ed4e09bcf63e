/** A charter signer's key as it is kept: inside an age file, on a stick in a drawer. */
import { fromBase64, toBase64 } from "@kunak/core/bytes/base64"
import type { OrganisationId } from "@kunak/core/charter/charter"
import type { SigningKey } from "@kunak/core/keys"
import { reveal } from "@kunak/core/secret"
import { signingKeyFromSeed } from "@kunak/core/suite"

export interface SignerKey {
  readonly key: SigningKey<"charter-signing">
  /** "signer 2" */
  readonly label: string
  /** Whose charter it signs: papers of any other are refused (rule Y6). Null in a key that was made for a later charter. */
  readonly organisationId: OrganisationId | null
}

export const encodeSignerKey = ({ key, label, organisationId }: SignerKey): string =>
  JSON.stringify({
    kunak: "charter-signer",
    version: 1,
    label,
    organisation: organisationId && toBase64(organisationId),
    seed: toBase64(reveal(key.seed)),
  })

/** @returns null for anything else. */
export function decodeSignerKey(text: string): SignerKey | null {
  try {
    const json = JSON.parse(text) as Readonly<Record<string, unknown>>
    if (json.kunak !== "charter-signer" || json.version !== 1) return null
    const seed = typeof json.seed === "string" ? fromBase64(json.seed) : null
    const organisation = typeof json.organisation === "string" ? fromBase64(json.organisation) : null
    if (seed?.length !== 32 || (organisation && organisation.length !== 32)) return null
    return {
      key: signingKeyFromSeed("charter-signing", seed),
      label: typeof json.label === "string" ? json.label : "",
      organisationId: organisation as OrganisationId | null,
    }
  } catch {
    return null
  }
}

/** A charter signer's key as it is kept: inside an age file, on a stick in a drawer. */
import { fromBase64, toBase64 } from "@kunak/core/bytes/base64"
import type { SigningKey } from "@kunak/core/keys"
import { reveal } from "@kunak/core/secret"
import { signingKeyFromSeed } from "@kunak/core/suite"

export const encodeSignerKey = (key: SigningKey<"charter-signing">, label: string): string =>
  JSON.stringify({ kunak: "charter-signer", version: 1, label, seed: toBase64(reveal(key.seed)) })

/** @returns null for anything else. */
export function decodeSignerKey(text: string): SigningKey<"charter-signing"> | null {
  try {
    const json = JSON.parse(text) as Readonly<Record<string, unknown>>
    const seed =
      json.kunak === "charter-signer" && typeof json.seed === "string" ? fromBase64(json.seed) : null
    return seed?.length === 32 ? signingKeyFromSeed("charter-signing", seed) : null
  } catch {
    return null
  }
}

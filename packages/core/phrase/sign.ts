/** Three pictures and a colour: shows the owner of a phrase a typing error, and nobody else anything. docs/phrase.md. */
import type { Secret } from "../secret.ts"
import { reveal } from "../secret.ts"
import { hkdf } from "../suite.ts"

/** Drawn from the root, so only somebody with the phrase sees it: another phrase has the same one with chance 2^-18. */
export interface PhraseSign {
  /** Places in `PICTURES`, 0 to 31; a picture may come twice. */
  readonly pictures: readonly [number, number, number]
  /** Place in `SIGN_COLOURS`, 0 to 7. */
  readonly colour: number
}

const INFO = new TextEncoder().encode("kunak/1 sign")

/** From the first 18 bits of HKDF(root, "kunak/1 sign"): three times five, then three. */
export async function signOf(root: Secret<Uint8Array>): Promise<PhraseSign> {
  const [a = 0, b = 0, c = 0] = reveal(await hkdf(root, INFO, 3))
  const bits = (a << 16) | (b << 8) | c
  return { pictures: [(bits >> 19) & 31, (bits >> 14) & 31, (bits >> 9) & 31], colour: (bits >> 6) & 7 }
}

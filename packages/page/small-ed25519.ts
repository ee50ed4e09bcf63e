/**
 * Stands in for `@noble/curves/ed25519.js` in the page's bundle: the same author's smaller library, verification
 * only, with the platform's SHA-512, eleven kilobytes less for every visitor. Used where the platform lacks Ed25519;
 * RFC 8032's vectors and the suite's own run against both (`small-ed25519.test.ts`).
 */
// biome-ignore lint/style/noRestrictedImports: takes the place of core/suite.ts's own import, by build.ts alone
import { Point, verifyAsync } from "@noble/ed25519"

export const ed25519 = {
  Point,
  /** As `ed25519.verify` of the larger library, but later: rejects or answers false for what does not hold. */
  verify: (
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array,
    options: { readonly zip215: boolean },
  ): Promise<boolean> => verifyAsync(signature, message, publicKey, options),
}

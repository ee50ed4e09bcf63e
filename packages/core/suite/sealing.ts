/**
 * Sealing: platform first, then script. In the page's bundle `packages/page/small-sealing.ts` stands in the place of
 * this module (packages/page/build.ts), because there the script's half comes in an element of its own.
 */
import { encryptInWeb } from "./aes-in-web.ts"
import { nodeCrypto, sealingInNode } from "./in-node.ts"
import { encapsulateInScript, importX25519InScript, sha3InScript } from "./in-script.ts"
import { encapsulateInWeb, hasMlKem, hasX25519, importX25519InWeb } from "./in-web.ts"
import type { Sealing } from "./kem.ts"

export const sealingInScript: Sealing = {
  encapsulate: encapsulateInScript,
  importX25519: importX25519InScript,
  sha3: sha3InScript,
  encrypt: encryptInWeb,
}

/** WebCrypto as far as this platform's goes. */
export const sealingInWeb = async (): Promise<Sealing> => ({
  ...sealingInScript,
  ...((await hasMlKem()) && { encapsulate: encapsulateInWeb }),
  ...((await hasX25519()) && { importX25519: importX25519InWeb }),
})

let chosen: Promise<Sealing> | undefined
/** The platform's way, found out once. */
export function sealing(): Promise<Sealing> {
  if (!chosen) {
    const node = nodeCrypto()
    chosen = node ? Promise.resolve(sealingInNode(node)) : sealingInWeb()
  }
  return chosen
}

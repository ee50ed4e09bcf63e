/** Opening: platform first, then script. Only desks open. */
import { decryptInWeb } from "./aes-in-web.ts"
import { nodeCrypto, openingInNode } from "./in-node.ts"
import { importMlKemInScript, importX25519InScript, sha3InScript, shake256InScript } from "./in-script.ts"
import { hasMlKem, hasX25519, importMlKemInWeb, importX25519InWeb } from "./in-web.ts"
import type { Opening } from "./kem.ts"

export const openingInScript: Opening = {
  importMlKem: importMlKemInScript,
  importX25519: importX25519InScript,
  sha3: sha3InScript,
  shake256: shake256InScript,
  decrypt: decryptInWeb,
}

/** WebCrypto as far as this platform's goes. */
export const openingInWeb = async (): Promise<Opening> => ({
  ...openingInScript,
  ...((await hasMlKem()) && { importMlKem: importMlKemInWeb }),
  ...((await hasX25519()) && { importX25519: importX25519InWeb }),
})

let chosen: Promise<Opening> | undefined
/** The platform's way, found out once. */
export function opening(): Promise<Opening> {
  if (!chosen) {
    const node = nodeCrypto()
    chosen = node ? Promise.resolve(openingInNode(node)) : openingInWeb()
  }
  return chosen
}

/**
 * The page's second script: what sealing needs where the platform lacks it. It stands apart so that warnings are read,
 * and verified, before it has been parsed. The first script asks for it by the name under which it is left.
 */
import { encapsulateInScript, importX25519InScript, sha3InScript } from "@kunak/core/suite/in-script"
import type { KemInScript } from "./small-sealing.ts"

const inScript: KemInScript = {
  encapsulate: (publicKey) => encapsulateInScript(publicKey),
  importX25519: importX25519InScript,
  sha3: sha3InScript,
}
globalThis.kunakKem = inScript

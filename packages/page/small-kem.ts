/**
 * The page's second script: what sealing needs where the platform lacks it. It stands apart so that warnings are read,
 * and verified, before it has been parsed. The first script asks for it by the name under which it is left.
 */
import { agreeInScript, encapsulateInScript, sha3InScript } from "@kunak/core/suite/in-script"
import type { KemInScript } from "./small-sealing.ts"

const inScript: KemInScript = {
  encapsulate: (publicKey) => encapsulateInScript(publicKey),
  agree: agreeInScript,
  sha3: sha3InScript,
}
globalThis.kunakKem = inScript

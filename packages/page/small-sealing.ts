/**
 * Stands in for core's `suite/sealing.ts` in the page's first script: the same choice, with the script's half taken
 * from where the second one (`small-kem.ts`) leaves it.
 */
import { encryptInWeb } from "@kunak/core/suite/aes-in-web"
import { agreeInWeb, encapsulateInWeb, hasMlKem, hasX25519 } from "@kunak/core/suite/in-web"
import type { Sealing } from "@kunak/core/suite/kem"

export type KemInScript = Omit<Sealing, "encrypt">

declare global {
  var kunakKem: KemInScript | undefined
}

/** @throws TypeError before the second script has run: it stands in the same document, above whatever seals. */
export async function sealing(): Promise<Sealing> {
  const inScript = globalThis.kunakKem
  if (!inScript) throw new TypeError("sealing before the second script has run")
  return {
    encapsulate: (await hasMlKem()) ? encapsulateInWeb : inScript.encapsulate,
    agree: (await hasX25519()) ? agreeInWeb : inScript.agree,
    sha3: inScript.sha3,
    encrypt: encryptInWeb,
  }
}

/**
 * Stands in for core's `suite/sealing.ts` in the page's first script: the same choice, with the script's half taken
 * from where the second one (`small-kem.ts`) leaves it.
 */
import { encryptInWeb } from "@kunak/core/suite/aes-in-web"
import { agreeInWeb, encapsulateInWeb, hasMlKem, hasX25519 } from "@kunak/core/suite/in-web"
import type { Sealing } from "@kunak/core/suite/kem"
import { nextTask } from "@kunak/core/suite/next-task"

export type KemInScript = Omit<Sealing, "encrypt">

declare global {
  var kunakKem: KemInScript | undefined
}

/** @throws TypeError before the second script has run: it stands in the same document, above whatever seals. */
export async function sealing(): Promise<Sealing> {
  const inScript = globalThis.kunakKem
  if (!inScript) throw new TypeError("sealing before the second script has run")
  return {
    encapsulate: (await hasMlKem()) ? encapsulateInWeb : inTurns(inScript.encapsulate),
    agree: (await hasX25519()) ? agreeInWeb : inTurns(inScript.agree),
    sha3: inScript.sha3,
    encrypt: encryptInWeb,
  }
}

/** Each step of it in a task of its own, so that the page answers a finger in between. */
const inTurns =
  <Given extends readonly unknown[], T>(step: (...given: Given) => T) =>
  async (...given: Given): Promise<Awaited<T>> => {
    await nextTask()
    return await step(...given)
  }

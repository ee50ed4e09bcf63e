/**
 * Stands in for core's `suite/sealing.ts` in the page's first script: the same choice, with the script's half taken
 * from where the second one (`small-kem.ts`) leaves it.
 */
import { encryptInWeb } from "@kunak/core/suite/aes-in-web"
import { encapsulateInWeb, hasMlKem, hasX25519, importX25519InWeb } from "@kunak/core/suite/in-web"
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
    importX25519: (await hasX25519()) ? importX25519InWeb : importInTurns(inScript.importX25519),
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

const importInTurns =
  (step: Sealing["importX25519"]): Sealing["importX25519"] =>
  async (secret) => {
    const { publicKey, agree } = await inTurns(step)(secret)
    return { publicKey, agree: inTurns(agree) }
  }

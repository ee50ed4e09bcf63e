/**
 * Stands in for core's `suite/sealing.ts` in the page: the same choice, without Node's half. What the script has to do itself it does in
 * tasks of their own, so that the page answers a finger in between.
 */
import { encryptInWeb } from "@kunak/core/suite/aes-in-web"
import { encapsulateInScript, importX25519InScript, sha3InScript } from "@kunak/core/suite/in-script"
import { encapsulateInWeb, hasMlKem, hasX25519, importX25519InWeb } from "@kunak/core/suite/in-web"
import type { Sealing } from "@kunak/core/suite/kem"
import { nextTask } from "@kunak/core/suite/next-task"

export const sealing = async (): Promise<Sealing> => ({
  encapsulate: (await hasMlKem()) ? encapsulateInWeb : inTurns((publicKey) => encapsulateInScript(publicKey)),
  importX25519: (await hasX25519()) ? importX25519InWeb : importInTurns,
  sha3: sha3InScript,
  encrypt: encryptInWeb,
})

const inTurns =
  <Given extends readonly unknown[], T>(step: (...given: Given) => T) =>
  async (...given: Given): Promise<Awaited<T>> => {
    await nextTask()
    return await step(...given)
  }

const importInTurns: Sealing["importX25519"] = async (secret) => {
  const { publicKey, agree } = await inTurns(importX25519InScript)(secret)
  return { publicKey, agree: inTurns(agree) }
}

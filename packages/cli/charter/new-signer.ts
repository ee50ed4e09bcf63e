import { stat } from "node:fs/promises"
import type { PublicKey, Random } from "@kunak/core/keys"
import { makeSigningKey } from "@kunak/core/suite"
import { sealAge } from "../ceremony/age-file.ts"
import { encodeSignerKey } from "../ceremony/signer-key.ts"
import { Failure } from "../failure.ts"
import { SHORTEST } from "../terminal.ts"
import { writeNew } from "./files.ts"

/**
 * A key for somebody who is to sign later charters, sealed under their passphrase. It belongs to no organisation yet.
 *
 * @param passphrase asked for only when the file can be made.
 * @param workFactor scrypt's; age's own unless a test takes less.
 * @throws Failure when a file is there: no key is ever overwritten (rule Y7).
 */
export async function makeSignerFile(
  path: string,
  passphrase: () => Promise<string>,
  random: Random,
  workFactor?: number,
): Promise<PublicKey<"charter-signing">> {
  if (await stat(path).catch(() => null))
    throw new Failure(`${path} is there already, and is not overwritten: name another file.`, "exists")
  const typed = await passphrase()
  if (typed.length < SHORTEST)
    throw new Failure(`A passphrase has at least ${SHORTEST} letters.`, "short-passphrase")
  const key = makeSigningKey("charter-signing", random)
  const clear = encodeSignerKey({ key, label: "signer", organisationId: null })
  await writeNew(path, await sealAge(clear, typed, workFactor), 0o600)
  return key.publicKey
}

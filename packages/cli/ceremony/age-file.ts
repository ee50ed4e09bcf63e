/** Secrets on their way between people: age files under a passphrase (https://age-encryption.org/v1). */
import { Decrypter, Encrypter } from "age-encryption"

/** scrypt's work factor as age's own tool sets it: about a second, 256 MiB. A demonstration takes less. */
const WORK_FACTOR = 18

export async function sealAge(
  clear: string,
  passphrase: string,
  workFactor = WORK_FACTOR,
): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(workFactor)
  return await encrypter.encrypt(clear)
}

/** @returns null when it can't be opened: another passphrase, a damaged file, no age file at all. */
export async function openAge(sealed: Uint8Array, passphrase: string): Promise<string | null> {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  try {
    return await decrypter.decrypt(sealed, "text")
  } catch {
    return null
  }
}

/** WebCrypto's X25519 (W3C, "Secure Curves") and ML-KEM-768 (WICG, "Modern Algorithms"), where a platform has them. */
import { BASE_POINT, type MlKemKey, type Sealing, type X25519Key } from "./kem.ts"

/** TypeScript's DOM types do not know key encapsulation yet. */
interface Subtle extends Omit<SubtleCrypto, "importKey" | "exportKey"> {
  encapsulateBits(
    algorithm: string,
    key: CryptoKey,
  ): Promise<{ readonly ciphertext: ArrayBuffer; readonly sharedKey: ArrayBuffer }>
  decapsulateBits(algorithm: string, key: CryptoKey, ciphertext: BufferSource): Promise<ArrayBuffer>
  importKey(
    format: string,
    key: BufferSource,
    algorithm: string,
    extractable: boolean,
    uses: readonly string[],
  ): Promise<CryptoKey>
  exportKey(format: string, key: CryptoKey): Promise<ArrayBuffer & { readonly pub?: string }>
}
const subtle = (): Subtle => globalThis.crypto.subtle as unknown as Subtle
const source = (bytes: Uint8Array): BufferSource => bytes as BufferSource

const ML_KEM = "ML-KEM-768"
const X25519 = "X25519"

export const encapsulateInWeb: Sealing["encapsulate"] = async (publicKey) => {
  const key = await subtle().importKey("raw-public", source(publicKey), ML_KEM, false, ["encapsulateBits"])
  const { ciphertext, sharedKey } = await subtle().encapsulateBits(ML_KEM, key)
  return { ciphertext: new Uint8Array(ciphertext), shared: new Uint8Array(sharedKey) }
}

export async function importMlKemInWeb(seed: Uint8Array): Promise<MlKemKey> {
  const key = await subtle().importKey("raw-seed", source(seed), ML_KEM, true, ["decapsulateBits"])
  const { pub = "" } = await subtle().exportKey("jwk", key)
  const letters = atob(pub.replaceAll("-", "+").replaceAll("_", "/"))
  return {
    publicKey: Uint8Array.from(letters, (letter) => letter.charCodeAt(0)),
    decapsulate: async (ciphertext) =>
      new Uint8Array(await subtle().decapsulateBits(ML_KEM, key, source(ciphertext))),
  }
}

/** PKCS #8 frame of an X25519 key, RFC 8410 §7: WebCrypto imports private keys in no shorter form. */
const PKCS8_FRAME = /* @__PURE__ */ Uint8Array.from([
  0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20,
])

export async function importX25519InWeb(secret: Uint8Array): Promise<X25519Key> {
  const frame = new Uint8Array(48)
  frame.set(PKCS8_FRAME)
  frame.set(secret, 16)
  const key = await subtle().importKey("pkcs8", source(frame), X25519, false, ["deriveBits"])
  frame.fill(0)
  const agree = async (theirs: Uint8Array): Promise<Uint8Array> => {
    const other = await subtle().importKey("raw", source(theirs), X25519, false, [])
    return new Uint8Array(await subtle().deriveBits({ name: X25519, public: other }, key, 256))
  }
  return { publicKey: await agree(BASE_POINT), agree }
}

/** Whether this platform encapsulates: asked once, with a key of its own. */
let mlKem: Promise<boolean> | undefined
export function hasMlKem(): Promise<boolean> {
  mlKem ??= (async () => {
    try {
      const { privateKey, publicKey } = (await subtle().generateKey(ML_KEM, false, [
        "encapsulateBits",
        "decapsulateBits",
      ] as never)) as CryptoKeyPair
      const key = await subtle().exportKey("raw-public", publicKey)
      const { ciphertext, shared } = await encapsulateInWeb(new Uint8Array(key))
      const opened = await subtle().decapsulateBits(ML_KEM, privateKey, source(ciphertext))
      return String(new Uint8Array(opened)) === String(shared)
    } catch {
      return false
    }
  })()
  return mlKem
}

/** Whether this platform has X25519: asked once, with the key of RFC 7748 §6.1 that begins with 0x77. */
let x25519: Promise<boolean> | undefined
export function hasX25519(): Promise<boolean> {
  x25519 ??= (async () => {
    try {
      const secret = "77076d0a7318a57d3c16c17251b26645df4c6f92ebc0992ac177fba51db92c2a".match(/../g) ?? []
      const key = await importX25519InWeb(Uint8Array.from(secret, (pair) => Number.parseInt(pair, 16)))
      return key.publicKey[0] === 0x85
    } catch {
      return false
    }
  })()
  return x25519
}

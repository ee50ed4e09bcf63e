import { encryptInWeb } from "../../suite/aes-in-web.ts"
import { encapsulateInScript, importX25519InScript, sha3InScript } from "../../suite/in-script.ts"
import type { Sealing } from "../../suite/kem.ts"
import { type Sealed, sealBy } from "../seal.ts"

/** Script, because platforms take no coins. `coins` are ML-KEM's `m`, 32 bytes. */
export const sealingByCoins = (coins: Uint8Array): Sealing => ({
  encapsulate: (publicKey) => encapsulateInScript(publicKey, coins),
  importX25519: importX25519InScript,
  sha3: sha3InScript,
  encrypt: encryptInWeb,
})

/** The same seal each time: `coins` are X-Wing's `eseed`, 64 bytes. For vectors and tests. */
export const sealByCoins = async (
  coins: Uint8Array,
  publicKey: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<Sealed | null> =>
  await sealBy(sealingByCoins(coins.slice(0, 32)), publicKey, info, aad, plaintext, coins.slice(32))

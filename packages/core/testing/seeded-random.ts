import { ByteWriter } from "../bytes/writer.ts"
import type { Random } from "../keys.ts"
import { sha256 } from "../suite.ts"

/** Bytes that are the same in every run: SHA-256 over seed and counter. For tests and vectors only. */
export function seededRandom(seed: string): Random {
  let counter = 0
  return (length) => {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 32) {
      const block = sha256(new ByteWriter().text(seed).u32(counter++).bytes())
      bytes.set(block.subarray(0, Math.min(32, length - at)), at)
    }
    return bytes
  }
}

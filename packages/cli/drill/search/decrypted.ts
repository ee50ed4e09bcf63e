/**
 * A raw disk as somebody reads it who has a vault's file key. What a vault once wrote and gave back to the file system (a
 * write-ahead log that was cut off, a former file) stands there encrypted under that key until something overwrites it.
 * SQLCipher 4: AES-256 in CBC over the page, whose vector stands at its end. CBC needs only the sixteen bytes before to read
 * the next, so the image is decrypted as one stream, and nobody has to know where a page begins: only its first sixteen
 * bytes, the head of its tree, are lost. Pages of a vault lie at multiples of sixteen, of its log eight bytes behind them in turn.
 */
import { createDecipheriv } from "node:crypto"
import { closeSync, fstatSync, openSync, readSync } from "node:fs"
import { reveal } from "@kunak/core/secret"
import type { FileKey } from "@kunak/desk/vault/vault-key"

const PIECE = 16 * 1024 * 1024
/** What lies across two pieces is met in the second. */
const SHARED = 8_192
const CHUNK = 65_536
const CIPHER_BLOCK = 16
const PHASES = [0, 8] as const
const NOTHING = Buffer.alloc(CHUNK)

/** Everything that is not zero, decrypted at both phases. */
export function* decryptedPieces(image: string, key: FileKey): Generator<Uint8Array> {
  for (const piece of writtenPieces(image))
    for (const phase of PHASES) {
      const whole = piece.subarray(phase)
      const length = whole.length - (whole.length % CIPHER_BLOCK)
      if (length < 2 * CIPHER_BLOCK) continue
      const vector = whole.subarray(0, CIPHER_BLOCK)
      const cipher = createDecipheriv("aes-256-cbc", reveal(key), vector).setAutoPadding(false)
      yield cipher.update(whole.subarray(CIPHER_BLOCK, length))
    }
}

/** An image is a file with holes: runs of zeros are left out. */
function* writtenPieces(path: string): Generator<Buffer> {
  const file = openSync(path, "r")
  try {
    const { size } = fstatSync(file)
    for (let base = 0; base < size; base += PIECE) {
      const piece = Buffer.alloc(Math.min(PIECE + SHARED, size - base))
      const filled = readSync(file, piece, 0, piece.length, base)
      let from = -1
      for (let at = 0; at < filled; at += CHUNK) {
        const chunk = piece.subarray(at, Math.min(at + CHUNK, filled))
        const isEmpty = chunk.equals(NOTHING.subarray(0, chunk.length))
        if (!isEmpty && from < 0) from = at
        if (isEmpty && from >= 0) {
          yield piece.subarray(from, at)
          from = -1
        }
      }
      if (from >= 0) yield piece.subarray(from, filled)
    }
  } finally {
    closeSync(file)
  }
}

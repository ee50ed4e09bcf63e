import { concatBytes } from "../bytes/equal.ts"
import { toHex } from "../bytes/hex.ts"
import type { Compartment, Part } from "./cell.ts"

/** Entries put together from the cells of several writers, whose parts may interleave. */
export class EntryAssembly {
  readonly #open = new Map<string, { next: number; readonly parts: number; readonly bytes: Uint8Array[] }>()

  /** Takes the next cell in order; gives the whole entry with its last part. Parts out of order are dropped. */
  add(compartment: Compartment, part: Part): Uint8Array | null {
    if (part.parts === 0) return null
    const key = compartment + toHex(part.entryId)
    const entry = this.#open.get(key) ?? { next: 0, parts: part.parts, bytes: [] }
    if (part.part !== entry.next || part.parts !== entry.parts) {
      this.#open.delete(key)
      return null
    }
    entry.bytes.push(part.bytes)
    entry.next++
    if (entry.next < entry.parts) {
      this.#open.set(key, entry)
      return null
    }
    this.#open.delete(key)
    return concatBytes(...entry.bytes)
  }
}

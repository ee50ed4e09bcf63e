import { concatBytes } from "../bytes/equal.ts"
import { toHex } from "../bytes/hex.ts"
import type { Compartment, Part } from "./cell.ts"

interface HalfRead<Place> {
  readonly parts: number
  readonly bytes: readonly Uint8Array[]
  /** As it was given with the first part. */
  readonly since: Place | undefined
}

/** Entries put together from the cells of several writers, whose parts may interleave. */
export class EntryAssembly<Place = null> {
  readonly #open: Map<string, HalfRead<Place>>

  /** @param before what is half read there is half read here; it is not changed. */
  constructor(before?: EntryAssembly<Place>) {
    this.#open = new Map(before ? before.#open : [])
  }

  /** Takes the next cell in order; gives the whole entry with its last part. Parts out of order are dropped. */
  add(compartment: Compartment, part: Part, place?: Place): Uint8Array | null {
    if (part.parts === 0) return null
    const key = compartment + toHex(part.entryId)
    const entry = this.#open.get(key) ?? { parts: part.parts, bytes: [], since: place }
    this.#open.delete(key)
    if (part.part !== entry.bytes.length || part.parts !== entry.parts) return null
    const bytes = [...entry.bytes, part.bytes]
    if (bytes.length === entry.parts) return concatBytes(...bytes)
    this.#open.set(key, { ...entry, bytes })
    return null
  }

  /** Where each entry began of which parts are still to come. */
  halfRead(): readonly Place[] {
    return [...this.#open.values()].flatMap(({ since }) => (since === undefined ? [] : [since]))
  }
}

/**
 * Memory that a relay's thread and its store's thread both see: what is to be stored is copied into it once and is read where
 * it lies. A new piece for each call would cost more than its commit, since the system empties what it hands out; so would a
 * new view of each item.
 */
const SMALLEST_BYTES = 65_536
/** Of each size: what a flood took is not kept for ever. */
const MOST_KEPT = 8

/** Cells or envelopes, all of one length, one after the other in one piece. */
export interface Packed {
  readonly piece: number | "used-once"
  /** Where the other thread has not seen it before. */
  readonly memory: SharedArrayBuffer | null
  readonly bytesEach: number
  readonly count: number
}

export const isPacked = (arg: unknown): arg is Packed =>
  typeof arg === "object" && arg !== null && "piece" in arg && "bytesEach" in arg

interface Piece {
  readonly id: number | "used-once"
  readonly bytes: Uint8Array<SharedArrayBuffer>
}

/** Of the thread that writes. */
export class SharedPieces {
  /** By their size, a power of two, so that there are few kinds. */
  readonly #free = new Map<number, Piece[]>()
  readonly #made = new Map<number, number>()
  #lastId = 0

  /** @param items of one length. @returns what to say of them, and what makes the piece free again. */
  fill(items: readonly Uint8Array[]): { readonly packed: Packed; readonly giveBack: () => void } {
    const bytesEach = items[0]?.length ?? 0
    let size = SMALLEST_BYTES
    while (size < bytesEach * items.length) size *= 2
    const free = this.#free.get(size)?.pop()
    const piece = free ?? this.#make(size)
    items.forEach((item, i) => {
      piece.bytes.set(item, i * bytesEach)
    })
    return {
      packed: { piece: piece.id, memory: free ? null : piece.bytes.buffer, bytesEach, count: items.length },
      giveBack: () => {
        if (piece.id !== "used-once") this.#free.get(size)?.push(piece)
      },
    }
  }

  #make(size: number): Piece {
    const bytes = new Uint8Array(new SharedArrayBuffer(size))
    const made = this.#made.get(size) ?? 0
    if (made >= MOST_KEPT) return { id: "used-once", bytes }
    this.#made.set(size, made + 1)
    if (made === 0) this.#free.set(size, [])
    return { id: ++this.#lastId, bytes }
  }
}

/** Of the thread that reads. */
export class SeenPieces {
  readonly #seen = new Map<number, { readonly memory: SharedArrayBuffer; items: Uint8Array[] }>()

  /** Views of what was packed: good until the other thread gets its answer. */
  unpack({ piece, memory, bytesEach, count }: Packed): readonly Uint8Array[] {
    if (memory && piece === "used-once") return viewsOf(memory, bytesEach, count)
    if (memory && piece !== "used-once") this.#seen.set(piece, { memory, items: [] })
    const seen = piece === "used-once" ? undefined : this.#seen.get(piece)
    if (!seen) throw new TypeError("a piece of memory that was never shown")
    if (seen.items.length < count || seen.items[0]?.length !== bytesEach)
      seen.items = viewsOf(seen.memory, bytesEach, count)
    return seen.items.length === count ? seen.items : seen.items.slice(0, count)
  }
}

const viewsOf = (memory: SharedArrayBuffer, bytesEach: number, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => new Uint8Array(memory, i * bytesEach, bytesEach))

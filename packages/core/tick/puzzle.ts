/** The client puzzle: what it costs to fill a ring. docs/protocol.md §21, rule Z7. */
import { concatBytes } from "../bytes/equal.ts"
import { sha256, sha256After } from "../suite.ts"
import { derivationInfo } from "../thread/keys.ts"
import { PUZZLE_NONCE_BYTES } from "./codec.ts"

export interface Puzzle {
  /** Of the relay that the envelope goes to. */
  readonly termKey: Uint8Array
  readonly headerHash: Uint8Array
  /** SHA-256 of the envelope. */
  readonly envelopeHash: Uint8Array
  /** Leading zero bits, as the header asks. */
  readonly bits: number
}

const startOf = ({ termKey, headerHash, envelopeHash }: Puzzle): Uint8Array =>
  derivationInfo("puzzle", concatBytes(termKey, headerHash, envelopeHash))

function leadingZeros(hash: Uint8Array): number {
  const first = hash.findIndex((byte) => byte !== 0)
  return first < 0 ? 8 * hash.length : 8 * first + Math.clz32(hash[first] as number) - 24
}

export const puzzleHolds = (puzzle: Puzzle, nonce: Uint8Array): boolean =>
  leadingZeros(sha256(concatBytes(startOf(puzzle), nonce))) >= puzzle.bits

/** Some tries at a time, so that a page stays usable; nonces are counted up from a random one. */
export class PuzzleSolver {
  readonly #bits: number
  readonly #hash: (nonce: Uint8Array) => Uint8Array
  readonly #nonce: Uint8Array
  readonly #counter: DataView

  constructor(puzzle: Puzzle, start: Uint8Array) {
    this.#bits = puzzle.bits
    this.#hash = sha256After(startOf(puzzle))
    this.#nonce = start.slice(0, PUZZLE_NONCE_BYTES)
    this.#counter = new DataView(this.#nonce.buffer)
  }

  /** @returns the nonce once it is found. */
  try(times: number): Uint8Array | null {
    for (let i = 0; i < times; i++) {
      if (leadingZeros(this.#hash(this.#nonce)) >= this.#bits) return this.#nonce.slice()
      this.#counter.setUint32(4, this.#counter.getUint32(4) + 1)
    }
    return null
  }
}

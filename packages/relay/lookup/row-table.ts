/** The rows of one board in memory, and what a look-up asks of them: docs/protocol.md §21. */
import { rowBytes } from "@kunak/core/board/merkle"
import { type XorRows, xorModule } from "./xor-code.ts"

const PAGE_BYTES = 65_536
/** Addresses of the chosen rows, four bytes each; then the answer; then the rows. */
const LIST_AT = 0
const OUT_AT = 8_192
const ROWS_AT = 16_384

/** Made once for an edition; a look-up reads it and writes nothing but its own answer. */
export class RowTable {
  readonly log2Rows: number
  readonly #list: Uint32Array
  readonly #out: Uint8Array
  readonly #xor: XorRows
  readonly #width: number

  /** @param rows of `boardRows`, one after the other. @throws RangeError for another length. */
  constructor(rows: Uint8Array, log2Rows: number) {
    this.log2Rows = log2Rows
    this.#width = rowBytes(log2Rows)
    if (rows.length !== this.#width * 2 ** log2Rows) throw new RangeError("no rows of a board")
    const memory = new WebAssembly.Memory({ initial: Math.ceil((ROWS_AT + rows.length) / PAGE_BYTES) })
    new Uint8Array(memory.buffer, ROWS_AT).set(rows)
    const { exports } = new WebAssembly.Instance(xorModule, { m: { m: memory } })
    this.#xor = exports.x as XorRows
    this.#list = new Uint32Array(memory.buffer, LIST_AT, 2 ** log2Rows + 1)
    this.#out = new Uint8Array(memory.buffer, OUT_AT, this.#width)
  }

  /**
   * The XOR of the rows whose bits are set, bit i of the mask being bit 7 − (i mod 8) of byte ⌊i / 8⌋. Its time
   * depends on how many are set, not on which: the list of rows is made without a branch.
   *
   * @param mask of 2^log2Rows bits.
   */
  lookUp(mask: Uint8Array): Uint8Array {
    const list = this.#list
    let chosen = 0
    let row = ROWS_AT
    for (const byte of mask) {
      for (let bit = 7; bit >= 0; bit--) {
        // Written in any case, and written over by the next one unless it was chosen.
        list[chosen] = row
        chosen += (byte >> bit) & 1
        row += this.#width
      }
    }
    this.#xor(LIST_AT, LIST_AT + 4 * chosen, this.#width, OUT_AT)
    return this.#out.slice()
  }
}

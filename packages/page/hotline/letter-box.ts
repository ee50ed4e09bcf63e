/** What the exchange needs from its second tick on: envelopes and what lies on the board. It comes in a script of its own. */
import { fillTick } from "./fill-tick.ts"
import { cellsOf, openCells } from "./read-rows.ts"

export interface LetterBox {
  readonly fill: typeof fillTick
  readonly cellsOf: typeof cellsOf
  readonly openCells: typeof openCells
}

export const letterBox: LetterBox = { fill: fillTick, cellsOf, openCells }

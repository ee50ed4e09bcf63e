/** Private look-ups beside a bare XOR of the same bytes, and how both grow with the board. */
import { boardRows, rowBytes } from "@kunak/core/board/merkle"
import { CELL_BYTES, MAX_LOG2_ROWS, MIN_LOG2_ROWS } from "@kunak/core/parameters"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { RowTable } from "@kunak/relay/lookup/row-table"
import { type XorRows, xorModule } from "@kunak/relay/lookup/xor-code"
import { median, type Row, row } from "./row.ts"

const ROUND_MS = 200
const ROUNDS = 7

export function lookUpRows(): Row[] {
  const measured = [MIN_LOG2_ROWS, MIN_LOG2_ROWS + 1, MAX_LOG2_ROWS].map((log2Rows) => measure(log2Rows))
  const [first] = measured
  if (!first) throw new RangeError("no boards")
  const list = (pick: (at: Measured) => number): string =>
    measured.map((at) => Math.round(pick(at)).toLocaleString("en")).join(", ")
  return [
    row({
      id: "relay.look-up",
      what: "private look-ups in a board of 512 rows with paths, one core",
      value: first.lookUps,
      unit: "look-ups/s",
      beside: "XOR of as many bytes, one after the other, 128 bits at a time",
      besideValue: first.bare,
      goal: 0.5,
      direction: "higher is better",
      slope: `512, 1,024, 2,048 rows: ${list((at) => at.lookUps)} look-ups/s (bare ${list((at) => at.bare)}; a plain loop of JavaScript over 32-bit words ${list((at) => at.plain)}).`,
    }),
    row({
      id: "relay.board",
      what: "rows and paths of a board of 512 cells made at publication",
      value: first.buildMs,
      unit: "ms",
      beside: null,
      besideValue: null,
      goal: 200,
      direction: "lower is better",
      slope: `512, 1,024, 2,048 rows: ${measured.map((at) => at.buildMs.toFixed(0)).join(", ")} ms, ${measured.map((at) => (at.bytes / 2 ** 20).toFixed(2)).join(", ")} MiB of memory for each of five editions.`,
    }),
  ]
}

interface Measured {
  readonly lookUps: number
  readonly bare: number
  readonly plain: number
  readonly buildMs: number
  readonly bytes: number
}

function measure(log2Rows: number): Measured {
  const board = seededRandom("bench")(CELL_BYTES * 2 ** log2Rows)
  const started = performance.now()
  const { rows } = boardRows(board)
  const buildMs = performance.now() - started
  const table = new RowTable(rows, log2Rows)
  const masks = Array.from({ length: 64 }, () => crypto.getRandomValues(new Uint8Array(2 ** log2Rows / 8)))
  const bare = bareXor(rows, log2Rows)
  const words = new Uint32Array(rows.buffer, 0, rows.length / 8)
  const works = [
    (turn: number) => table.lookUp(masks[turn % 64] as Uint8Array),
    () => bare(),
    () => plainXor(words, rowBytes(log2Rows) / 4),
  ]
  const rounds: number[][] = works.map(() => [])
  for (let round = 0; round < ROUNDS; round++) {
    // In turns, so that a busy moment of the machine meets all of them.
    works.forEach((work, i) => {
      rounds[i]?.push(perSecond(work))
    })
  }
  const [lookUps = 0, bareRate = 0, plain = 0] = rounds.map((values) => median(values))
  return { lookUps, bare: bareRate, plain, buildMs, bytes: rows.length }
}

function perSecond(work: (turn: number) => unknown): number {
  const started = performance.now()
  let turns = 0
  while (performance.now() - started < ROUND_MS) {
    for (let i = 0; i < 20; i++) work(turns++)
  }
  return (turns * 1_000) / (performance.now() - started)
}

/** Half of the rows, which a random mask chooses on average, in the order in which they lie in memory. */
function bareXor(rows: Uint8Array, log2Rows: number): () => void {
  const listAt = 0
  const outAt = 8_192
  const rowsAt = 16_384
  const width = rowBytes(log2Rows)
  const count = 2 ** log2Rows / 2
  const memory = new WebAssembly.Memory({ initial: Math.ceil((rowsAt + rows.length) / 65_536) })
  new Uint8Array(memory.buffer, rowsAt).set(rows)
  const list = new Uint32Array(memory.buffer, listAt, count)
  for (let i = 0; i < count; i++) list[i] = rowsAt + i * width
  const xor = new WebAssembly.Instance(xorModule, { m: { m: memory } }).exports.x as XorRows
  return () => xor(listAt, listAt + 4 * count, width, outAt)
}

const kept = new Uint32Array(512)
function plainXor(words: Uint32Array, width: number): void {
  for (let at = 0; at < words.length; at += width) {
    for (let i = 0; i < width; i++) kept[i] = (kept[i] as number) ^ (words[at + i] as number)
  }
}

import fc from "fast-check"
import { expect, test } from "vitest"
import { LOG_CELL_BYTES } from "../parameters.ts"
import { Secret } from "../secret.ts"
import { approvedWarning, makeOrganisation } from "../testing/organisation.ts"
import { runs } from "../testing/runs.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { instant } from "../time/instant.ts"
import { EntryAssembly } from "./assembly.ts"
import {
  CELL_PAYLOAD_BYTES,
  type CellPlace,
  type Compartment,
  dummyPart,
  hashCell,
  openCell,
  sealCell,
  splitEntry,
} from "./cell.ts"
import { compartmentOf, decodeEntry, type Entry, encodeEntry } from "./entry.ts"

const random = seededRandom("the staff log")
const organisation = await makeOrganisation()
const { organisationId } = organisation.chain
const staff = new Secret(random(32))
const line = new Secret(random(32))
const keys = { staff, line }

/** Cells as one honest writer appends them from position 0 on. */
async function sealAll(entries: readonly (readonly [Compartment, Uint8Array])[]) {
  const cells: Uint8Array[] = []
  let previousHash = new Uint8Array(32) as Uint8Array
  for (const [compartment, entry] of entries) {
    for (const part of splitEntry(entry, random)) {
      const place = { organisationId, position: cells.length, previousHash }
      const cell = await sealCell(part, place, compartment, keys[compartment], random)
      cells.push(cell)
      previousHash = hashCell(cell)
    }
  }
  return cells
}

/** What a reader makes of cells that a relay gives it as positions `from`, `from + 1` … */
async function readAll(
  cells: readonly Uint8Array[],
  from = 0,
  previous = new Uint8Array(32) as Uint8Array,
  held = keys as Partial<typeof keys>,
) {
  const assembly = new EntryAssembly()
  const entries: (readonly [Compartment, Uint8Array])[] = []
  let previousHash = previous
  let shut = 0
  for (const [i, cell] of cells.entries()) {
    const opened = await openCell(cell, { organisationId, position: from + i, previousHash }, held)
    previousHash = hashCell(cell)
    if (!opened) shut++
    const entry = opened && assembly.add(opened.compartment, opened.part)
    if (opened && entry) entries.push([opened.compartment, entry])
  }
  return { entries, shut }
}

const written: readonly (readonly [Compartment, Uint8Array])[] = [
  ["line", random(10)],
  ["staff", random(3 * CELL_PAYLOAD_BYTES)],
  ["line", random(CELL_PAYLOAD_BYTES)],
  ["staff", random(CELL_PAYLOAD_BYTES + 1)],
]
const cells = await sealAll(written)

test("[L1] every cell is 4,096 bytes, and entries come back as they were written", async () => {
  expect(cells.every((cell) => cell.length === LOG_CELL_BYTES)).toBe(true)
  expect(cells.length).toBe(1 + 3 + 1 + 2)
  expect(await readAll(cells)).toEqual({ entries: written, shut: 0 })
})

test("[L1] a dummy is a cell like any other, and says nothing", async () => {
  const place: CellPlace = { organisationId, position: 0, previousHash: new Uint8Array(32) }
  const dummy = await sealCell(dummyPart(random), place, "staff", staff, random)
  expect(dummy.length).toBe(LOG_CELL_BYTES)
  expect(await readAll([dummy])).toEqual({ entries: [], shut: 0 })
})

test("[L2] cells reordered, repeated, left out or altered do not open where they stand", async () => {
  const [a, b, c] = cells as [Uint8Array, Uint8Array, Uint8Array]
  const rest = cells.slice(3)
  expect((await readAll([b, a, c, ...rest])).shut).toBeGreaterThanOrEqual(2)
  expect((await readAll([a, a, b, c, ...rest])).shut).toBe(cells.length)
  expect((await readAll([a, c, ...rest])).shut).toBe(1 + rest.length)
  const altered = b.slice()
  altered[2000] = (altered[2000] as number) ^ 1
  const read = await readAll([a, altered, c, ...rest])
  // The altered cell does not open, nor the one that was sealed after it.
  expect(read.shut).toBe(2)
  expect(read.entries.map(([, entry]) => entry.length)).not.toContain(3 * CELL_PAYLOAD_BYTES)
})

test("[L2] a relay that shows two desks two logs: what one writes after the fork, the other can't open", async () => {
  const [first] = cells as [Uint8Array]
  const fork = await sealCell(
    dummyPart(random),
    { organisationId, position: 1, previousHash: hashCell(first) },
    "staff",
    staff,
    random,
  )
  const onFork = await sealCell(
    dummyPart(random),
    { organisationId, position: 2, previousHash: hashCell(fork) },
    "staff",
    staff,
    random,
  )
  expect((await readAll([first, fork, onFork])).shut).toBe(0)
  expect((await readAll([first, cells[1] as Uint8Array, onFork])).shut).toBe(1)
})

test("[L2] a log cut off at its end opens, so a reader keeps how far it has been; at its beginning it needs that place", async () => {
  expect((await readAll(cells.slice(0, 3))).shut).toBe(0)
  expect((await readAll(cells.slice(4), 4, hashCell(cells[3] as Uint8Array))).shut).toBe(0)
  expect((await readAll(cells.slice(4), 4)).shut).toBe(1)
  expect((await readAll(cells.slice(4), 0)).shut).toBe(3)
})

test("[L2] a cell of another organisation, of another length or of none opens nowhere", async () => {
  const place = {
    organisationId: random(32) as typeof organisationId,
    position: 0,
    previousHash: new Uint8Array(32),
  }
  expect(await openCell(cells[0] as Uint8Array, place, keys)).toBeNull()
  for (const length of [0, 11, LOG_CELL_BYTES - 1, LOG_CELL_BYTES + 1]) {
    expect(await openCell(new Uint8Array(length), { ...place, organisationId }, keys)).toBeNull()
  }
})

test("[L4] a duty opens its own compartment and no draft", async () => {
  const read = await readAll(cells, 0, undefined, { line })
  expect(read.entries.map(([compartment]) => compartment)).toEqual(["line", "line"])
  expect(read.shut).toBe(5)
})

test("[L4] a cell sealed for one compartment does not open as the other, even under one key", async () => {
  const place: CellPlace = { organisationId, position: 0, previousHash: new Uint8Array(32) }
  const cell = await sealCell(dummyPart(random), place, "line", staff, random)
  expect(await openCell(cell, place, { staff })).toBeNull()
})

test("[L3] parts of two writers interleave; a part out of order drops its entry and no other", () => {
  const assembly = new EntryAssembly()
  const [a1, a2] = splitEntry(new Uint8Array(CELL_PAYLOAD_BYTES + 1).fill(1), random)
  const [b1, b2] = splitEntry(new Uint8Array(CELL_PAYLOAD_BYTES + 2).fill(2), random)
  if (!a1 || !a2 || !b1 || !b2) throw new RangeError("two parts each")
  expect([assembly.add("line", a1), assembly.add("line", b1), assembly.add("line", a2)?.length]).toEqual([
    null,
    null,
    CELL_PAYLOAD_BYTES + 1,
  ])
  expect(assembly.add("staff", b2)).toBeNull()
  expect(assembly.add("line", b2)?.length).toBe(CELL_PAYLOAD_BYTES + 2)
  expect([
    assembly.add("line", a2),
    assembly.add("line", a1),
    assembly.add("line", a1),
    assembly.add("line", a2),
  ]).toEqual([null, null, null, null])
})

test("[L1] an entry of more than 255 cells is a mistake of the writer", () => {
  expect(() => splitEntry(new Uint8Array(255 * CELL_PAYLOAD_BYTES + 1), random)).toThrow(RangeError)
  expect(splitEntry(new Uint8Array(), random).length).toBe(1)
})

test("[L5] every kind of entry comes back, in its compartment; an unknown kind is passed over", async () => {
  const { signed } = await approvedWarning(organisation)
  const entries: readonly Entry[] = [
    { kind: "warning", warning: signed },
    { kind: "receipt", receipt: random(174), vouched: random(37) },
    { kind: "revocation", bytes: random(200) },
    { kind: "veto", bytes: random(100) },
    { kind: "delegation", bytes: random(400) },
    { kind: "charter", chain: random(3000) },
    { kind: "lease", duty: organisation.duties[0].publicKey, term: 4, until: instant(1547456400) },
    { kind: "draft", draftId: random(16), warning: signed, note: "Прошу вторую подпись" },
    { kind: "draft-discarded", draftId: random(16) },
  ]
  for (const entry of entries) expect(decodeEntry(encodeEntry(entry)), entry.kind).toEqual(entry)
  expect(entries.map(({ kind }) => compartmentOf(kind))).toEqual([...Array(7).fill("line"), "staff", "staff"])
  for (const bytes of [[], [0], [11], [31], [37], [255, 1, 2]])
    expect(decodeEntry(Uint8Array.from(bytes))).toBeNull()
})

test("[L5] any bytes as an entry are an entry in one form, or none", () => {
  fc.assert(
    fc.property(fc.constantFrom(1, 2, 7, 32, 33), fc.uint8Array({ maxLength: 300 }), (code, rest) => {
      const bytes = Uint8Array.from([code, ...rest])
      const entry = decodeEntry(bytes)
      if (entry) expect(encodeEntry(entry)).toEqual(bytes)
    }),
    { numRuns: runs(300) },
  )
})

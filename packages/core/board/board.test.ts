import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { PublicKey } from "../keys.ts"
import { answerMask, fillerMasks, masksFor, xorBytes } from "../lookup/look-up.ts"
import { CELL_BYTES, PART_BYTES } from "../parameters.ts"
import { runs } from "../testing/runs.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import {
  derive,
  dummyRoot,
  placingKeysOf,
  replyKeyOf,
  type ThreadId,
  type ThreadRoot,
  threadIdOf,
  weekKeyOf,
} from "../thread/keys.ts"
import { instant, type Week } from "../time/instant.ts"
import { type LiveThread, makeBoard, place, slotsOf } from "./make-board.ts"
import { boardRows, merkleRoot, rowBytes, verifiedCell } from "./merkle.ts"
import { nextSequences, openPart, type Part, SEQUENCE_STRIDE, sealPart, sequencePlace } from "./part.ts"
import { candidates, type ThreadSlot, unwrapCell, wrapCell } from "./placement.ts"

const random = seededRandom("boards")
const week = 2560 as Week

interface Person {
  readonly root: ThreadRoot
  readonly live: LiveThread
}

const part = (sequence: number, text: string): Part => ({
  sequence,
  replyId: random(8),
  place: 0,
  parts: 1,
  written: instant(1547456400),
  expires: instant(1548000000),
  opened: [],
  openedAt: instant(0),
  text,
})

async function person(texts: readonly string[]): Promise<Person> {
  const root = dummyRoot(random)
  const weekKey = await weekKeyOf(root, week)
  const [id, replyKey] = [await threadIdOf(root), await replyKeyOf(weekKey)]
  const parts = await Promise.all(
    texts.map((text, i) => sealPart(part(16 * (i + 1), text), id, replyKey, random)),
  )
  return { root, live: { keys: await placingKeysOf(weekKey), parts } }
}

/** What a page does with two honest relays. */
async function lookUp(
  root: ThreadRoot,
  board: { salt: Uint8Array; log2Rows: number; bytes: Uint8Array },
  j: ThreadSlot,
) {
  const { rows, root: merkle } = boardRows(board.bytes)
  const size = rowBytes(board.log2Rows)
  const keys = await placingKeysOf(await weekKeyOf(root, week))
  for (const index of await candidates(keys.placement, board, j)) {
    const { a, b } = masksFor(index, board.log2Rows, random)
    const row = xorBytes(answerMask(rows, size, a), answerMask(rows, size, b))
    const cell = verifiedCell(row, index, board.log2Rows, merkle)
    const sealed = cell && (await unwrapCell(cell, keys, board, j))
    if (sealed)
      return openPart(sealed, await threadIdOf(root), [await replyKeyOf(await weekKeyOf(root, week))])
  }
  return null
}

describe("parts", () => {
  test("[O1] a part comes back for its thread alone, in 996 bytes whatever it says", async () => {
    const root = dummyRoot(random)
    const [id, key] = [await threadIdOf(root), await replyKeyOf(await weekKeyOf(root, week))]
    const other = dummyRoot(random)
    for (const given of [
      part(17, "Мы вас слышим. 🕯"),
      { ...part(0, ""), opened: [random(8)], openedAt: instant(5) },
    ]) {
      const sealed = await sealPart(given, id, key, random)
      expect(sealed).toHaveLength(PART_BYTES)
      expect(await openPart(sealed, id, [key])).toEqual(given)
      expect(await openPart(sealed, await threadIdOf(other), [key])).toBeNull()
      expect(await openPart(sealed, id, [await replyKeyOf(await weekKeyOf(root, 2561 as Week))])).toBeNull()
      expect(
        await openPart(
          sealed.map((byte, i) => (i === 500 ? byte ^ 1 : byte)),
          id,
          [key],
        ),
      ).toBeNull()
    }
  })

  test("[O1] two officers never take one sequence in a thread, whatever their places in the week's delegation", async () => {
    const officers = Array.from({ length: 8 }, () => random(32) as PublicKey<"officer">)
    const threads = await Promise.all(Array.from({ length: 20 }, () => threadIdOf(dummyRoot(random))))
    for (const id of threads) {
      const taken = officers.flatMap((officer) => nextSequences(40 * SEQUENCE_STRIDE + 7, id, officer, 3))
      expect(new Set(taken).size).toBe(24)
      for (const sequence of taken) expect(sequence).toBeGreaterThan(40 * SEQUENCE_STRIDE + 7)
    }
    const [id, amina] = [threads[0] as ThreadId, officers[0] as PublicKey<"officer">]
    expect(nextSequences(0, id, amina, 2)[0]).toBe(SEQUENCE_STRIDE + sequencePlace(id, amina))
    const last = (SEQUENCE_STRIDE - 2) * SEQUENCE_STRIDE
    expect(Math.max(...nextSequences(last, id, amina, 1))).toBeLessThan(2 ** 32)
    expect(() => nextSequences(last, id, amina, 2)).toThrow(RangeError)
  })

  test("[O1] what says nothing has no text, what has a text has a sequence; a place lies within its reply", async () => {
    const root = dummyRoot(random)
    const [id, key] = [await threadIdOf(root), await replyKeyOf(await weekKeyOf(root, week))]
    for (const bad of [
      part(0, "text"),
      part(16, ""),
      { ...part(16, "x"), place: 1 },
      { ...part(16, "x"), parts: 17 },
    ]) {
      expect(await openPart(await sealPart(bad, id, key, random), id, [key])).toBeNull()
    }
    await expect(sealPart(part(16, "ж".repeat(900)), id, key, random)).rejects.toThrow(RangeError)
  })
})

describe("boards", () => {
  test("[O4] every person finds their own replies through two relays, and nobody else's", async () => {
    const people = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        person([`first ${i}`, `second ${i}`, `third ${i}`, `fourth ${i}`]),
      ),
    )
    const board = await makeBoard(
      people.map(({ live }) => live),
      7,
      random,
    )
    expect(board).toMatchObject({ log2Rows: 9, waiting: 0 })
    for (const [i, { root }] of [...people.entries()].slice(0, 12)) {
      const texts = []
      for (const j of [0, 1, 2, 3] as const) texts.push((await lookUp(root, board, j))?.text)
      expect(texts).toEqual([`first ${i}`, `second ${i}`, `third ${i}`, `fourth ${i}`])
    }
    for (const j of [0, 1, 2, 3] as const) expect(await lookUp(dummyRoot(random), board, j)).toBeNull()
  })

  test("[O2] two boards of the same replies share no cell", async () => {
    const { live } = await person(["the same"])
    const cells = async () => {
      const { bytes } = await makeBoard([live], 1, random)
      return Array.from({ length: 512 }, (_, i) =>
        String(bytes.subarray(i * CELL_BYTES, (i + 1) * CELL_BYTES)),
      )
    }
    const [one, two] = [await cells(), await cells()]
    expect(new Set([...one, ...two]).size).toBe(1_024)
  })

  test("[O2] a salt that duty repeats, or a part that it wraps twice, repeats no nonce", async () => {
    const { live } = await person(["the same"])
    const place = { salt: random(32), log2Rows: 9 }
    const wrapped = await Promise.all(
      Array.from({ length: 50 }, () => wrapCell(live.parts[0] as Uint8Array, live.keys, place, 0, random)),
    )
    expect(new Set(wrapped.map((cell) => String(cell.slice(0, 12)))).size).toBe(50)
    expect(new Set(wrapped.map((cell) => String(cell.slice(12, 40)))).size).toBe(50)
  })

  test("[O6] with every key that duty has, a part stays shut; with another thread's part it can't pass for mine", async () => {
    const [amina, boris] = [await person(["Вас ждут у моста"]), await person(["Everything is fine"])]
    const id = await threadIdOf(amina.root)
    const [sealed, other] = [amina.live.parts[0] as Uint8Array, boris.live.parts[0] as Uint8Array]
    const { cell, placement } = amina.live.keys
    expect(await openPart(sealed, id, [cell, placement])).toBeNull()
    for (const [label, more] of [
      ["reply", []],
      ["week", [0, 0, 10, 0]],
      ["cell of", [0]],
    ] as const)
      for (const key of [cell, placement])
        expect(await openPart(sealed, id, [await derive(key, label, Uint8Array.from(more))])).toBeNull()
    // Placed by a seized duty in Amina's own cell, under her own cell key.
    const board = await makeBoard([{ keys: amina.live.keys, parts: [other] }], 1, random)
    expect(await lookUp(amina.root, board, 0)).toBeNull()
  })

  test("[O3] long replies go round by the edition's number: each part comes, without anybody's leave", () => {
    const parts = Array.from({ length: 9 }, (_, i) => i)
    const seen = new Set([1, 2, 3].flatMap((edition) => slotsOf(parts, edition)))
    expect([...seen].sort()).toEqual(parts)
    expect(slotsOf([5, 6], 3)).toEqual([5, 6])
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 64 }), fc.nat(1e6), (count, from) => {
        const all = Array.from({ length: count }, (_, i) => i)
        const editions = Array.from({ length: Math.ceil(count / 4) + 1 }, (_, i) => slotsOf(all, from + i))
        expect(new Set(editions.flat()).size).toBe(count)
      }),
      { numRuns: runs(200) },
    )
  })

  test("[O3] the newest reply is not kept from a visit by older ones that nobody marked: whole in each edition up to three parts, in three editions up to nine", () => {
    const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 47 }),
        fc.nat(1e6),
        (newest, older, from) => {
          const all = range(0, older + newest)
          const editions = range(from, 64).map((edition) => slotsOf(all, edition, newest))
          const isNewest = (part: number): boolean => part >= older
          for (const [i, slots] of editions.entries()) {
            expect(new Set(slots).size).toBe(Math.min(4, all.length))
            // First slots go before others' later ones on a full board.
            expect(isNewest(slots[0] as number)).toBe(true)
            const three = new Set(
              editions
                .slice(i, i + 3)
                .flat()
                .filter(isNewest),
            )
            if (newest <= 3) expect(slots.filter(isNewest)).toEqual(range(older, newest))
            else if (newest <= 9 && i < 62) expect(three.size).toBe(newest)
          }
          // Nor do older ones wait for ever.
          expect(new Set(editions.flat()).size).toBe(all.length)
        },
      ),
      { numRuns: runs(100) },
    )
    // Five answers of three parts, and then "leave now".
    expect(slotsOf(range(0, 16), 7, 1)).toEqual([15, 6, 7, 8])
    expect(slotsOf(["old", "new"], 3, 1)).toEqual(["new", "old"])
  })

  test("[O4] more replies take a larger board; beyond the largest the later slots wait", async () => {
    const { live } = await person(["a", "b"])
    const crowd = (count: number): LiveThread[] =>
      Array.from({ length: count }, () => ({ ...live, keys: live.keys }))
    const distinct = await Promise.all(crowd(120).map(async () => (await person(["a", "b"])).live))
    expect((await makeBoard(distinct, 1, random)).log2Rows).toBe(10)
    const full = await makeBoard([...distinct, ...distinct.map((one) => ({ ...one, parts: [] }))], 1, random)
    expect(full.waiting).toBe(0)
  })

  test("[O4] threads that were given the same keys stop no board: what finds no cell waits, others' replies come", async () => {
    // One visitor, a hundred letters, a hundred thread ids, one set of week keys.
    const { live } = await person(["opened"])
    const eves = Array.from({ length: 100 }, () => live)
    const amina = await person(["a", "b", "c", "d"])
    const board = await makeBoard([...eves, amina.live], 1, random)
    expect(board.waiting).toBe(98)
    for (const [j, text] of ["a", "b", "c", "d"].entries())
      expect((await lookUp(amina.root, board, j as ThreadSlot))?.text).toBe(text)
  })

  test("[O4] beyond the largest board chance decides who waits: nobody waits for ever behind whoever names many", async () => {
    const eves = await Promise.all(
      Array.from({ length: 1_000 }, async () => ({ ...(await person([])).live, parts: [random(996)] })),
    )
    const people = await Promise.all(Array.from({ length: 20 }, () => person(["a"])))
    const board = await makeBoard([...eves, ...people.map(({ live }) => live)], 1, random)
    expect(board).toMatchObject({ log2Rows: 11, waiting: 220 })
    const seen = await Promise.all(
      people.map(async ({ root }) => (await lookUp(root, board, 0))?.text === "a"),
    )
    expect(new Set(seen)).toEqual(new Set([true, false]))
  })

  test("[O5] what only says opened waits behind every reply, whoever made desks say it a thousand times", async () => {
    const eves = await Promise.all(
      Array.from({ length: 1_000 }, async () => ({
        ...(await person([])).live,
        parts: [random(996)],
        endsWithOpened: true,
      })),
    )
    const people = await Promise.all(Array.from({ length: 10 }, () => person(["a", "b"])))
    const board = await makeBoard([...eves, ...people.map(({ live }) => live)], 1, random)
    // Twenty parts of replies and 380 others: an opened alone makes no board larger than the second size.
    expect(board).toMatchObject({ log2Rows: 10, waiting: 620 })
    for (const { root } of people)
      expect([await lookUp(root, board, 0), await lookUp(root, board, 1)].map((one) => one?.text)).toEqual([
        "a",
        "b",
      ])
  })

  test("[O5] replies make a board as large as they need, and what only says opened fills what they leave", async () => {
    const openeds = Array.from({ length: 500 }, async () => ({
      ...(await person([])).live,
      parts: [random(996)],
      endsWithOpened: true,
    }))
    const people = Array.from({ length: 500 }, async () => ({
      ...(await person([])).live,
      parts: [random(996)],
    }))
    const board = await makeBoard(
      [...(await Promise.all(openeds)), ...(await Promise.all(people))],
      1,
      random,
    )
    expect(board).toMatchObject({ log2Rows: 11, waiting: 200 })
  })

  test("[O4] placement finds a place whenever there is one, and says when there is none", () => {
    expect(
      place(
        [
          [1, 2],
          [1, 3],
          [1, 2],
        ],
        8,
      ),
    ).not.toBeNull()
    expect(
      place(
        [
          [1, 2],
          [1, 2],
          [1, 2],
        ],
        8,
      ),
    ).toBeNull()
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(31), fc.nat(31)), { maxLength: 24 }), (choices) => {
        const placed = place(choices, 32)
        if (placed) {
          expect(new Set(placed).size).toBe(choices.length)
          for (const [i, cell] of placed.entries()) expect(choices[i]).toContain(cell)
        } else expect(hasPlacement(choices)).toBe(false)
      }),
      { numRuns: runs(300) },
    )
  })
})

/** Hall's condition by augmenting paths, another way than the code's. */
function hasPlacement(choices: readonly (readonly [number, number])[]): boolean {
  const holder = new Map<number, number>()
  const tryPlace = (item: number, seen: Set<number>): boolean => {
    for (const cell of choices[item] ?? []) {
      if (seen.has(cell)) continue
      seen.add(cell)
      const other = holder.get(cell)
      if (other === undefined || tryPlace(other, seen)) {
        holder.set(cell, item)
        return true
      }
    }
    return false
  }
  return choices.every((_, item) => tryPlace(item, new Set()))
}

describe("rows", () => {
  const board = random(CELL_BYTES * 512)
  const { rows, root } = boardRows(board)
  const size = rowBytes(9)
  const row = (index: number): Uint8Array => rows.slice(index * size, (index + 1) * size)

  test("[O4] a row's path leads to the root from its own index alone", () => {
    expect(size).toBe(1_024 + 288)
    expect(merkleRoot(board)).toEqual(root)
    for (const index of [0, 1, 255, 511]) {
      expect(verifiedCell(row(index), index, 9, root)).toEqual(
        board.slice(index * CELL_BYTES, (index + 1) * CELL_BYTES),
      )
      expect(verifiedCell(row(index), index ^ 1, 9, root)).toBeNull()
      expect(verifiedCell(row(index), index ^ 256, 9, root)).toBeNull()
    }
  })

  test("[Z2] a relay that changes any byte of what it answers is noticed", () => {
    for (const at of [0, 500, 1_023, 1_024, 1_100, size - 1]) {
      expect(
        verifiedCell(
          row(7).map((byte, i) => (i === at ? byte ^ 0x40 : byte)),
          7,
          9,
          root,
        ),
      ).toBeNull()
    }
    expect(verifiedCell(row(7).slice(1), 7, 9, root)).toBeNull()
  })

  test("[Z2] of the two masks each alone is random: bits are set about half the time, the wanted one too", () => {
    const counts = { a: 0, b: 0, wanted: 0 }
    for (let i = 0; i < 400; i++) {
      const { a, b } = masksFor(77, 9, random)
      expect(a.reduce((sum, byte, k) => sum + (byte === b[k] ? 0 : 1), 0)).toBe(1)
      counts.wanted += ((a[9] as number) >> 2) & 1
    }
    expect(counts.wanted).toBeGreaterThan(140)
    expect(counts.wanted).toBeLessThan(260)
    const filler = fillerMasks(9, random)
    expect(filler.a).toHaveLength(64)
    expect(String(filler.a)).not.toBe(String(filler.b))
  })
})

import { randomBytes } from "node:crypto"
import { zstdCompressSync } from "node:zlib"
import fc from "fast-check"
import { expect, it } from "vitest"
import { unpackLz4, unpackSnappy } from "./lz.ts"
import { makeSearcher } from "./searcher.ts"

const WORD = "щапебуждкилмнопр"
const searcher = makeSearcher([{ field: "f", kind: "text", value: WORD, may: [] }])
/** Every two letters of the word stood before: what packs puts references in the word's place. */
const TEXT = Buffer.from(
  `${[...WORD].map((letter, i) => `${letter}${WORD[i + 1] ?? "я"}`).join(" ")} ${WORD}.`,
)

type Step = { readonly literals: Buffer } | { readonly offset: number; readonly count: number }

/** As greedy as the real ones: whatever of four bytes and more stood before is referred to. */
function stepsOf(text: Buffer): readonly Step[] {
  const steps: Step[] = []
  let from = 0
  for (let at = 0; at < text.length; ) {
    let [offset, count] = [0, 0]
    for (let before = 0; before < at; before += 1) {
      let same = 0
      while (at + same < text.length && same < 60 && text[before + same] === text[at + same]) same += 1
      if (same >= count) [offset, count] = [at - before, same]
    }
    if (count < 4 || at + count > text.length - 5) {
      at += 1
      continue
    }
    steps.push({ literals: text.subarray(from, at) }, { offset, count })
    at += count
    from = at
  }
  return [...steps, { literals: text.subarray(from) }]
}

function packLz4(text: Buffer): Buffer {
  const out: number[] = []
  const lengthened = (value: number): readonly number[] => {
    const bytes: number[] = []
    for (let left = value - 15; left >= 0; left -= 255) bytes.push(Math.min(255, left))
    return value >= 15 && (value - 15) % 255 === 0 && value > 15 ? [...bytes, 0] : bytes
  }
  const steps = stepsOf(text)
  for (let i = 0; i < steps.length; i += 2) {
    const literals = (steps[i] as { literals: Buffer }).literals
    const match = steps[i + 1] as { offset: number; count: number } | undefined
    const count = match ? match.count - 4 : 0
    out.push(
      (Math.min(15, literals.length) << 4) | Math.min(15, count),
      ...lengthened(literals.length),
      ...literals,
    )
    if (match) out.push(match.offset & 255, match.offset >> 8, ...lengthened(count))
  }
  return Buffer.from(out)
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))]
}

function packSnappy(text: Buffer): Buffer {
  const out: number[] = [...varint(text.length)]
  for (const step of stepsOf(text))
    if ("literals" in step)
      for (let at = 0; at < step.literals.length; at += 60) {
        const part = step.literals.subarray(at, at + 60)
        out.push((part.length - 1) << 2, ...part)
      }
    else out.push(((step.count - 1) << 2) | 2, step.offset & 255, step.offset >> 8)
  return Buffer.from(out)
}

/** A table of one packed block, as LevelDB writes one. */
function levelTable(text: Buffer): Buffer {
  const entry = (key: Buffer, value: Buffer): Buffer =>
    Buffer.concat([Buffer.from([0, ...varint(key.length), ...varint(value.length)]), key, value])
  const block = (content: Buffer): Buffer => Buffer.concat([content, Buffer.from([0, 0, 0, 0, 1, 0, 0, 0])])
  const data = packSnappy(block(entry(Buffer.from("draft"), text)))
  const stored = (bytes: Buffer, packed: number): Buffer =>
    Buffer.concat([bytes, Buffer.from([packed, 1, 2, 3, 4])])
  const index = block(entry(Buffer.from("e"), Buffer.from([0, ...varint(data.length)])))
  const footer = Buffer.alloc(48)
  footer.set([0, 0, ...varint(data.length + 5), ...varint(index.length)])
  footer.set(Buffer.from("57fb808b247547db", "hex"), 40)
  return Buffer.concat([stored(data, 1), stored(index, 0), footer])
}

const lz4File = (text: Buffer): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return Buffer.concat([Buffer.from("mozLz40\0", "latin1"), length, packLz4(text)])
}

it.each([
  ["a session of Firefox, jsonlz4", lz4File(TEXT), "jsonlz4"],
  ["a table of LevelDB, Snappy", levelTable(TEXT), "LevelDB"],
  ["zstd", zstdCompressSync(TEXT), "zstd"],
] as const)(
  "[DR1] what a browser packs is unpacked, wherever in a disk it lies: %s",
  (_, packed, container) => {
    const disk = randomBytes(1 << 17)
    disk.set(packed, 5 * 4_096)
    expect(searcher.bytes(disk, [], "not").hits, "torn apart").toEqual([])
    const found = searcher.bytes(disk, [], "marked").hits.map(({ form }) => form)
    expect(found).toContain(`UTF-8 in ${container}`)
  },
)

it("[DR1] what was packed is unpacked as it was, and bytes of any kind do no harm", () => {
  const texts = fc.array(fc.constantFrom("слово", "dom", "ааа", "42", "\0"), { minLength: 1, maxLength: 80 })
  fc.assert(
    fc.property(texts, (words) => {
      const text = Buffer.from(words.join(""))
      expect(Buffer.from(unpackLz4(packLz4(text), text.length) ?? [])).toEqual(text)
      expect(Buffer.from(unpackSnappy(packSnappy(text), true) ?? [])).toEqual(text)
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
      const disk = Buffer.concat([
        Buffer.from("mozLz40\0", "latin1"),
        noise,
        Buffer.from("57fb808b247547db", "hex"),
        noise,
      ])
      expect(searcher.bytes(disk, [], "marked").hits).toEqual([])
    }),
  )
})

import { expect, test } from "vitest"
import { reveal, Secret } from "../secret.ts"
import { makeOrganisation } from "../testing/organisation.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { dummyRoot, type ThreadId, threadIdOf, weekKeyOf } from "../thread/keys.ts"
import { instant, type Week } from "../time/instant.ts"
import { compartmentOf, decodeEntry, type Entry, encodeEntry } from "./entry.ts"
import { decodeNote, encodeNote, type Note, noteKeyOf, openNote, sealNote } from "./note.ts"

const random = seededRandom("notes")
const { chain, amina } = await makeOrganisation()
const root = dummyRoot(random)
const threadId: ThreadId = await threadIdOf(root)
const week = 2560 as Week
const notes: readonly Note[] = [
  {
    kind: "letters",
    letters: [
      {
        relay: "B",
        position: 70_001,
        letter: {
          edition: { term: 1, number: 9 },
          threadId,
          week,
          weekKeys: await Promise.all([0, 1, 2].map((i) => weekKeyOf(root, (week + i) as Week))),
          read: [16],
          message: { id: random(8), text: "Меня ищут" },
        },
      },
    ],
  },
  {
    kind: "reply",
    threadId,
    replyId: random(8),
    officer: amina.publicKey,
    written: instant(1547456400),
    expires: instant(1548000000),
    sequences: [16, 32],
    text: "Мы рядом 👨‍👩‍👧.\nОтветьте, когда сможете.",
  },
  {
    kind: "fact",
    threadId,
    officer: amina.publicKey,
    time: instant(1547456400),
    field: "urgency",
    value: Uint8Array.of(3),
  },
]

test("[L7] notes come back, whole, and a cut one is none", () => {
  for (const note of notes) {
    const bytes = encodeNote(note)
    expect(encodeNote(decodeNote(bytes) as Note)).toEqual(bytes)
    for (let cut = 0; cut < bytes.length; cut += 5) expect(decodeNote(bytes.slice(0, cut))).toBeNull()
  }
})

test("[L7] a note opens with its window's key alone: with the staff key and every later seed it stays shut", async () => {
  const [seed, later] = [new Secret(random(32)), new Secret(random(32))]
  const keyId = random(8)
  const bytes = encodeNote(notes[1] as Note)
  const sealed = await sealNote(bytes, await noteKeyOf(seed), keyId, chain.organisationId, random)
  expect(await openNote(sealed, await noteKeyOf(seed), chain.organisationId)).toEqual(bytes)
  expect(await openNote(sealed, await noteKeyOf(later), chain.organisationId)).toBeNull()
  expect(await openNote(sealed, seed, chain.organisationId)).toBeNull()
  expect(
    await openNote({ ...sealed, keyId: random(8) }, await noteKeyOf(seed), chain.organisationId),
  ).toBeNull()
})

test("[L5] refuses weeks and windows that nobody can reckon with: one entry must not stop every duty and desk", () => {
  const placing = { cell: new Secret(random(32)), placement: new Secret(random(32)) }
  const decodes = (entry: Entry): boolean => decodeEntry(encodeEntry(entry)) !== null
  const part = (at: number): Entry => ({
    kind: "part",
    part: {
      handle: random(16),
      week: at as Week,
      keys: [placing, placing, placing],
      sequence: 16,
      written: instant(5),
      expires: instant(6),
      part: random(996),
    },
  })
  const wraps = (window: number): Entry => ({
    kind: "intake-wraps",
    keyId: random(8),
    window: window as never,
    wraps: [],
  })
  expect([1, 2_560, 7_096, 0, 7_097, 2 ** 32 - 1].map((at) => decodes(part(at)))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
  expect([0, 71_641, 198_840, 198_841, 2 ** 32 - 1].map((at) => decodes(wraps(at)))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
})

test("[L4] what duty may read stands in the line's compartment, what people wrote in the staff's", async () => {
  const placing = { cell: new Secret(random(32)), placement: new Secret(random(32)) }
  const entries: readonly Entry[] = [
    { kind: "intake-key", bytes: random(1_354) },
    {
      kind: "part",
      part: {
        handle: random(16),
        week,
        keys: [placing, placing, placing],
        sequence: 16,
        written: instant(5),
        expires: instant(6),
        part: random(996),
      },
    },
    { kind: "parts-dropped", handle: random(16), sequences: [16, 32] },
    { kind: "receive-keys", bytes: random(200) },
    {
      kind: "intake-wraps",
      keyId: random(8),
      window: 71_641 as never,
      wraps: [{ officer: amina.publicKey, enc: random(1_120), ciphertext: random(48) }],
    },
    { kind: "sealed", note: { keyId: random(8), nonce: random(12), ciphertext: random(99) } },
  ]
  for (const entry of entries) {
    const bytes = encodeEntry(entry)
    expect(encodeEntry(decodeEntry(bytes) as Entry)).toEqual(bytes)
    if (entry.kind !== "intake-key" && entry.kind !== "receive-keys")
      expect(decodeEntry(bytes.slice(0, 20))).toBeNull()
  }
  expect(entries.map(({ kind }) => compartmentOf(kind))).toEqual([
    "line",
    "line",
    "line",
    "staff",
    "staff",
    "staff",
  ])
  const part = decodeEntry(encodeEntry(entries[1] as Entry))
  expect(part?.kind === "part" && part.part.keys[2] && reveal(part.part.keys[2].cell)).toEqual(
    reveal(placing.cell),
  )
})

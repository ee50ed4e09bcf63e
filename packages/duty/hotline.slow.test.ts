/** Duty and the hotline: it places what desks sealed, receives under officers' keys alone, and reads nothing. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { boardRows, rowBytes, verifiedCell } from "@kunak/core/board/merkle"
import { openPart, type Part, sealPart } from "@kunak/core/board/part"
import { candidates, unwrapCell } from "@kunak/core/board/placement"
import { decodeHeader } from "@kunak/core/edition/header"
import { decodePackage } from "@kunak/core/edition/package"
import { verifyHeader } from "@kunak/core/edition/verify"
import { signIntakeKey, windowOf } from "@kunak/core/intake/intake-key"
import type { Entry } from "@kunak/core/log/entry"
import { must } from "@kunak/core/result"
import { signBody } from "@kunak/core/signature/signed"
import { makeKemKey } from "@kunak/core/suite"
import { delegationAt, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { dummyRoot, placingKeysOf, replyKeyOf, threadIdOf, weekKeyOf } from "@kunak/core/thread/keys"
import { plusSeconds, type Week, weekOf } from "@kunak/core/time/instant"
import { expect, onTestFinished, test } from "vitest"
import { loadMemory, saveMemory } from "./memory-file.ts"
import { type TestLine, testLine } from "./testing/line.ts"

const random = seededRandom("duty and the hotline")
const week = weekOf(SAMPLE_NOW)
const root = dummyRoot(random)
const text = "Мы вас слышим."

async function partEntry(sequence: number, said = text): Promise<Entry> {
  const part: Part = {
    sequence,
    replyId: random(8),
    place: 0,
    parts: 1,
    written: SAMPLE_NOW,
    expires: plusSeconds(SAMPLE_NOW, 86_400),
    opened: [],
    openedAt: SAMPLE_NOW,
    text: said,
  }
  const weekKeys = await Promise.all([0, 1, 2].map((i) => weekKeyOf(root, (week + i) as Week)))
  const sealed = await sealPart(part, await threadIdOf(root), await replyKeyOf(weekKeys[0]!), random)
  return {
    kind: "part",
    part: {
      handle: HANDLE,
      week,
      keys: await Promise.all(weekKeys.map(placingKeysOf)),
      sequence,
      written: part.written,
      expires: part.expires,
      part: sealed,
    },
  }
}
const HANDLE = random(16)

const intakeKey = async (line: TestLine, publicKey: Uint8Array): Promise<Uint8Array> =>
  signIntakeKey(
    publicKey,
    windowOf(line.now()),
    line.organisation.amina,
    delegationAt(line.organisation, line.now()),
  )

test("[I2] duty puts the officers' intake key of this window into the header, and none when its window is over", async () => {
  const line = await testLine()
  const { duty } = line.duty(0)
  const { publicKey } = await makeKemKey(random)
  await line.say({ kind: "intake-key", bytes: await intakeKey(line, publicKey) })
  await duty.tick()
  const key = async () =>
    must(await verifyHeader((await line.a.get("/header")).body, line.organisation.chain)).intakeKey
  expect((await key())?.publicKey).toEqual(publicKey)
  line.forward(6 * 3600)
  await duty.tick()
  expect(await key()).toBeNull()
})

test("[L8] of two intake keys for one window the first in the log counts; one that no officer signed, never", async () => {
  const line = await testLine()
  const { duty } = line.duty(0)
  const [first, second, duties] = await Promise.all([0, 1, 2].map(() => makeKemKey(random)))
  const good = await intakeKey(line, first!.publicKey)
  const forged = await intakeKey(line, duties!.publicKey)
  const body = forged.slice(0, -64)
  const byDuty = Uint8Array.of(...body, ...(await signBody("intake key", body, line.organisation.duties[0])))
  await line.say(
    { kind: "intake-key", bytes: byDuty },
    { kind: "intake-key", bytes: good },
    { kind: "intake-key", bytes: await intakeKey(line, second!.publicKey) },
  )
  await duty.tick()
  const header = must(await verifyHeader((await line.b.get("/header")).body, line.organisation.chain))
  expect(header.intakeKey?.publicKey).toEqual(first!.publicKey)
})

test("[O4] a desk's part lies on the next board for its owner, and is gone once it is dropped", async () => {
  const line = await testLine()
  const { duty, saved } = line.duty(0)
  await line.say(await partEntry(16))
  await duty.tick()
  const bytes = saved.at(-1)?.line.waiting
  expect(bytes).toHaveLength(1)
  const read = async (): Promise<string | undefined> => {
    const { header } = decodeHeader((await line.a.get("/header")).body) ?? {}
    const board = await boardOf(line)
    if (!header || !board) throw new TypeError("no edition")
    const { rows, root: merkleRoot } = boardRows(board)
    expect(merkleRoot).toEqual(header.board.merkleRoot)
    const weekKey = await weekKeyOf(root, week)
    const keys = await placingKeysOf(weekKey)
    const size = rowBytes(header.board.log2Rows)
    for (const index of await candidates(keys.placement, header.board, 0)) {
      const row = rows.slice(index * size, (index + 1) * size)
      const cell = verifiedCell(row, index, header.board.log2Rows, header.board.merkleRoot)
      const part = cell && (await unwrapCell(cell, keys, header.board, 0))
      const opened = part && (await openPart(part, await threadIdOf(root), [await replyKeyOf(weekKey)]))
      if (opened) return opened.text
    }
    return undefined
  }
  expect(await read()).toBe(text)
  await line.say({ kind: "parts-dropped", handle: HANDLE, sequences: [16] })
  line.forward(300)
  await duty.tick()
  expect(await read()).toBeUndefined()
})

/** As duty uploaded it. */
async function boardOf(line: TestLine): Promise<Uint8Array | undefined> {
  const kept = line.uploads.at(-1)
  return kept && decodePackage(kept)?.files.find(({ name }) => name === "board")?.bytes
}

test("[O6] duty's memory on disk holds replies that wait and keys to place them, no word and no thread id", async () => {
  const line = await testLine()
  const { duty } = line.duty(0)
  await line.say(await partEntry(16, "Автобус в шесть утра"), await partEntry(0, ""))
  await duty.tick()
  const folder = mkdtempSync(join(tmpdir(), "duty-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, "memory.json")
  await saveMemory(path, duty.memory)
  const file = readFileSync(path)
  const threadId = await threadIdOf(root)
  for (const canary of [
    "Автобус",
    Buffer.from("Автобус").toString("base64").slice(0, 10),
    Buffer.from(threadId).toString("base64"),
  ])
    expect(file.includes(canary)).toBe(false)
  for (const encoding of ["hex", "base64", "latin1"] as const)
    expect(file.includes(Buffer.from(threadId).toString(encoding))).toBe(false)
  const again = must(await loadMemory(path, line.organisation.chain, line.organisation.delegations))
  expect(again.line.waiting.map(({ parts }) => parts.map(({ sequence }) => sequence))).toEqual([[16, 0]])
  expect(again.line.waiting[0]?.parts[0]?.part).toEqual(duty.memory.line.waiting[0]?.parts[0]?.part)
})

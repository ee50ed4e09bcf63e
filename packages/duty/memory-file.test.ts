import { mkdtemp, open, readdir, readFile, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { must } from "@kunak/core/result"
import { approvedWarning, freeWarning, sampleTexts } from "@kunak/core/testing/organisation"
import { expect, test } from "vitest"
import { loadMemory, saveMemory } from "./memory-file.ts"
import { testLine } from "./testing/line.ts"

const memoryPath = async (): Promise<string> =>
  join(await mkdtemp(join(tmpdir(), "kunak-duty-")), "memory.json")

test("[U10] memory comes back from disk as it was, and every object in it is verified again", async () => {
  const line = await testLine()
  const { duty } = line.duty(0)
  await line.say({ kind: "warning", warning: (await approvedWarning(line.organisation)).signed })
  await duty.tick()
  const path = await memoryPath()
  await saveMemory(path, duty.memory)
  const { chain, delegations } = line.organisation
  const loaded = must(await loadMemory(path, chain, delegations))
  expect(loaded.number).toBe(duty.memory.number)
  expect(loaded.place).toEqual(duty.memory.place)
  expect(loaded.line.warnings.map(({ hash }) => hash)).toEqual(
    duty.memory.line.warnings.map(({ hash }) => hash),
  )
  expect(loaded.line.lease).toEqual(duty.memory.line.lease)

  // Eve changes the disk: one warning's signature.
  const json = JSON.parse(await readFile(path, "utf8")) as { warnings: string[] }
  json.warnings = json.warnings.map((text) => text.replace(/.{12}$/, "AAAAAAAAAAA="))
  await writeFile(path, JSON.stringify(json))
  const touched = await loadMemory(path, chain, delegations)
  expect(touched.ok ? touched.value.line.warnings : []).toEqual([])
})

test("[U10] a damaged memory is said, never guessed; a file beside it from a crash does no harm", async () => {
  const line = await testLine()
  const { chain, delegations } = line.organisation
  const path = await memoryPath()
  await writeFile(path, "{")
  expect(await loadMemory(path, chain, delegations)).toEqual({
    ok: false,
    error: { kind: "malformed-memory" },
  })
  await writeFile(`${path}.new`, "half")
  await saveMemory(path, line.duty(0).duty.memory)
  expect(await readdir(join(path, ".."))).toEqual(["memory.json"])
  expect((await loadMemory(path, chain, delegations)).ok).toBe(true)
})

test("[O6] each time the former memory is overwritten once the new one stands in its place", async () => {
  const line = await testLine()
  const path = await memoryPath()
  const { duty } = line.duty(0)
  await saveMemory(path, duty.memory)
  const former = await open(path, "r")
  await line.say({ kind: "warning", warning: (await approvedWarning(line.organisation)).signed })
  await duty.tick()
  await saveMemory(path, duty.memory)
  const left = await former.readFile()
  await former.close()
  expect(left.length).toBeGreaterThan(1_000)
  expect(left.every((byte) => byte === 0)).toBe(true)
  const { chain, delegations } = line.organisation
  expect(must(await loadMemory(path, chain, delegations)).line.warnings).toHaveLength(1)
})

test("[O6] what a crash left beside the memory is overwritten before another is written there", async () => {
  const line = await testLine()
  const path = await memoryPath()
  await writeFile(`${path}.new`, "half of what it held, with keys".repeat(40))
  const left = await open(`${path}.new`, "r")
  await saveMemory(path, line.duty(0).duty.memory)
  const bytes = await left.readFile()
  await left.close()
  expect(bytes.length).toBe(1_240)
  expect(bytes.every((byte) => byte === 0)).toBe(true)
})

test("[U16] stopped between two cells of a warning, it publishes that warning when it is started again", async () => {
  const line = await testLine()
  const texts = sampleTexts.map((text) => ({ ...text, description: text.description.repeat(25) }))
  const warning = await freeWarning(line.organisation, texts)
  const first = line.duty(0)
  const writeTheRest = await line.begin({ kind: "warning", warning: warning.signed })
  await first.duty.tick()
  await writeTheRest()
  const path = await memoryPath()
  await saveMemory(path, first.duty.memory)
  const { chain, delegations } = line.organisation
  const again = line.duty(0, must(await loadMemory(path, chain, delegations)))
  line.forward(300)
  expect(await again.duty.tick()).toMatchObject({ kind: "published", id: { term: 1, number: 2 } })
  expect(again.duty.memory.line.warnings.map(({ hash }) => hash)).toEqual([warning.hash])
})

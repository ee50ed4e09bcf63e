/** Parts of a running organisation are killed, one after the other: readers go on reading, and it mends itself. */
import { spawn } from "node:child_process"
import { join } from "node:path"
import { decodeHeader, type EditionHeader } from "@kunak/core/edition/header"
import { afterAll, beforeAll, expect, test } from "vitest"
import { CLI, type Demonstration, kunak, runDemonstration, until } from "./demonstration/run.ts"

let demo: Demonstration
const started: number[] = []

beforeAll(async () => {
  demo = await runDemonstration()
})
afterAll(async () => {
  for (const pid of started) process.kill(pid, "SIGTERM")
  await demo?.stop()
})

async function headerAt(address: string): Promise<EditionHeader | undefined> {
  const bytes = new Uint8Array(await (await fetch(new URL("header", address))).arrayBuffer())
  return decodeHeader(bytes)?.header
}

const edition = (address: string, wanted: (header: EditionHeader) => boolean): Promise<EditionHeader> =>
  until(`an edition at ${address}`, async () => {
    const header = await headerAt(address)
    return header && wanted(header) && header
  })

const pid = (name: string): number => {
  const found = demo.processes[name]
  if (!found) throw new Error(`no process ${name}`)
  return found
}

test("[T7] relay B killed: the page goes on at A; started again, B has the newest edition", async () => {
  await edition(demo.mirror, () => true)
  process.kill(pid("relay B"), "SIGKILL")
  const { id } = await edition(demo.page, () => true)
  const later = await edition(demo.page, (header) => header.id.number >= id.number + 2)
  expect((await kunak(["verify", demo.page])).code).toBe(0)
  const again = spawn(
    process.execPath,
    [CLI, "relay", "--config", join(demo.folder, "relay-b", "relay.json")],
    { stdio: "ignore" },
  )
  if (again.pid) started.push(again.pid)
  const atB = await edition(demo.mirror, (header) => header.id.number > later.id.number)
  expect(atB.id.term).toBe(later.id.term)
})

test("[U3] a duty killed in the middle of its work: the other takes over with a higher term, and nothing rolls back", async () => {
  const before = await edition(demo.page, () => true)
  // On a busy machine the other may have taken over already.
  process.kill(pid(`duty ${before.duty + 1}`), "SIGKILL")
  const after = await edition(demo.page, (header) => header.id.term > before.id.term)
  expect(after.issued).toBeGreaterThan(before.issued)
  expect((await edition(demo.mirror, (header) => header.id.term > before.id.term)).duty).not.toBe(before.duty)
  expect((await kunak(["verify", demo.page])).code).toBe(0)
})

test("[U13] with no duty left, a desk keeps the line: it runs one beside itself, locked or not", async () => {
  const before = await edition(demo.page, () => true)
  process.kill(pid(`duty ${before.duty + 1}`), "SIGKILL")
  const dead = 1 - before.duty
  const args = [
    "desk",
    "--vault",
    join(demo.folder, "other.vault"),
    "--duty",
    join(demo.folder, `duty-${dead + 1}`),
    "--no-open",
  ]
  const desk = spawn(process.execPath, [CLI, ...args], { stdio: "ignore" })
  if (desk.pid) started.push(desk.pid)
  const after = await edition(demo.page, (header) => header.id.term > before.id.term)
  expect(after.duty).not.toBe(before.duty)
})

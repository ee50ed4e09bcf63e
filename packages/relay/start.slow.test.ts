/** What an operator meets: each mistake is one sentence that says what to do. */
import { chmodSync, rmSync, writeFileSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { refusedStart, startProcess, writeRelayFiles } from "./testing/relay-process.ts"
import { temporaryFolder } from "./testing/temporary-folder.ts"

test("[T17] a second relay on the same store is told the pid of the first", async () => {
  const config = await writeRelayFiles(temporaryFolder())
  const first = await startProcess(config)
  const { said, code } = await refusedStart(config)
  expect(code).toBe(3)
  expect(said.trim().split("\n")).toHaveLength(1)
  expect(said).toContain(`Another relay process (pid ${first.process.pid}) has `)
  await first.kill()
  await startProcess(config)
})

test("[T20] a port in use is named", async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const { said, code } = await refusedStart(await writeRelayFiles(temporaryFolder()), [
    "--listen",
    `127.0.0.1:${port}`,
  ])
  expect([code, said]).toEqual([
    3,
    `127.0.0.1:${port} is in use by another program: stop that one, or choose another with --listen.\n`,
  ])
})

test("[T20] a demonstration is served on this machine only", async () => {
  const { said, code } = await refusedStart(await writeRelayFiles(temporaryFolder()), [
    "--listen",
    "0.0.0.0:0",
  ])
  expect(code).toBe(2)
  expect(said).toMatch(/^This charter is a demonstration and is served on this machine only: 0\.0\.0\.0:0 /)
})

test("[T20] missing, altered and open files are named, each in one sentence", async () => {
  const folder = temporaryFolder()
  const config = await writeRelayFiles(folder)
  const sentence = async (): Promise<string> => {
    const { said, code } = await refusedStart(config)
    expect(code).toBe(2)
    expect(said.trim().split("\n")).toHaveLength(1)
    return said
  }
  chmodSync(join(folder, "term.key"), 0o644)
  expect(await sentence()).toContain("can be read by others on this machine")
  rmSync(join(folder, "term.key"))
  writeFileSync(join(folder, "term.key"), "ab".repeat(32), { mode: 0o600 })
  expect(await sentence()).toContain("is not the key that the charter names for relay A")
  writeFileSync(join(folder, "charter.bin"), "nonsense")
  expect(await sentence()).toContain("is no charter that holds (malformed-charter)")
  rmSync(join(folder, "charter.bin"))
  expect(await sentence()).toContain(`The charter can't be read at ${join(folder, "charter.bin")}`)
  writeFileSync(config, "{")
  expect(await sentence()).toBe("The configuration can't be used: It is not a JSON object.\n")
  rmSync(config)
  expect(await sentence()).toContain(`The configuration can't be read at ${config}`)
  const asJson = await refusedStart(config, ["--json"])
  expect(JSON.parse(asJson.said)).toMatchObject({ error: { kind: "file-missing" } })
})

test("[T17] a socket file that a killed relay left behind is taken over, a live one is not", async () => {
  const folder = temporaryFolder()
  const path = join(folder, "relay.sock")
  const config = await writeRelayFiles(folder, { listen: [`unix:${path}`] })
  const first = await startProcess(config)
  await first.kill()
  const second = await startProcess(config)
  expect((await second.ask({ socketPath: path, path: "/" })).status).toBe(503)
  const other = await writeRelayFiles(folder, {
    listen: [`unix:${path}`],
    store: { kind: "sqlite", path: "b.db" },
  })
  expect((await refusedStart(other)).said).toContain(`unix:${path} is in use by another program`)
})

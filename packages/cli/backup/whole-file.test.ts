import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, onTestFinished, test } from "vitest"

const MODULE = fileURLToPath(new URL("./whole-file.ts", import.meta.url))

/** A process that is half-way through a folder and its side files, and waits. */
async function halfWay(folder: string) {
  const source = `
    import { mkdir, writeFile } from "node:fs/promises"
    import { join } from "node:path"
    import { makeWhole } from ${JSON.stringify(MODULE)}
    await makeWhole(${JSON.stringify(join(folder, "relay"))}, async (part) => {
      await mkdir(part)
      await writeFile(join(part, "term.key"), "a key in the clear")
      await writeFile(part + ".new", "half a vault")
      console.log("half")
      await new Promise((resolve) => setTimeout(resolve, 60_000))
    }, [".new", "-wal"])`
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve))
  await new Promise((resolve) => child.stdout.once("data", resolve))
  return { child, ended }
}

test("[BU5] who interrupts a restoration finds nothing left of it, by any of three signals", async () => {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    const folder = mkdtempSync(join(tmpdir(), "kunak-whole-"))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const { child, ended } = await halfWay(folder)
    expect(existsSync(join(folder, "relay.unfinished", "term.key"))).toBe(true)
    child.kill(signal)
    expect([await ended, readdirSync(folder)]).toEqual([code, []])
  }
})

import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { must } from "@kunak/core/result"
import { afterEach, beforeEach, expect, it } from "vitest"
import { takeProcessLock } from "./process-lock.ts"

let folder: string
let vault: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"))
  vault = join(folder, "desk.vault")
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it("[V6] a second taker is refused and told which process holds the vault", () => {
  const lock = must(takeProcessLock(vault))
  const second = takeProcessLock(vault)
  expect(second).toMatchObject({ ok: false, error: { kind: "vault-in-use", holder: { pid: process.pid } } })
  lock.release()
  expect(readdirSync(folder)).toEqual([])
  must(takeProcessLock(vault)).release()
})

it("[V6] the lock of a process that is gone is taken over", async () => {
  const child = spawn(process.execPath, ["-e", ""])
  await new Promise((resolve) => child.on("exit", resolve))
  writeFileSync(`${vault}.lock`, JSON.stringify({ pid: child.pid, startedTicks: null }))
  must(takeProcessLock(vault)).release()
})

it("[V6] a pid that another program has meanwhile does not count", () => {
  writeFileSync(`${vault}.lock`, JSON.stringify({ pid: process.pid, startedTicks: "1" }))
  must(takeProcessLock(vault)).release()
})

it("[V6] a lock file of nonsense is taken over", () => {
  writeFileSync(`${vault}.lock`, "half a li")
  must(takeProcessLock(vault)).release()
  expect(existsSync(`${vault}.lock`)).toBe(false)
})

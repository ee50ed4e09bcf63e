/**
 * Loaded into a program of the drill beside the clock (`node --import`) where a leak is planted in it: the program then
 * does what a careless change would make it do. KUNAK_DRILL_FAULTS names a file with what; no product code reads it.
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs"
import { Server } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"

interface Faults {
  /** Every visitor's address to standard error. */
  readonly logAddresses?: boolean
  /** The hour of every request to standard error. */
  readonly logMoments?: boolean
  /** A count of visits beside the database. */
  readonly countIn?: string
  /** Written to the temporary folder, and removed. */
  readonly temporary?: string
  /** Written to a file outside the machine's folders, and kept open. */
  readonly elsewhere?: { readonly path: string; readonly text: string }
  /** Kept in memory. */
  readonly remembers?: string
  /** A crash may write its memory to the disk again. */
  readonly allowsCores?: boolean
  /** Said on standard error. */
  readonly says?: string
}

const faults = JSON.parse(readFileSync(process.env.KUNAK_DRILL_FAULTS ?? "", "utf8")) as Faults
const SOME_SECONDS = 8_000
const kept: unknown[] = []

if (faults.says) process.stderr.write(`${faults.says}\n`)
if (faults.remembers) kept.push(Buffer.from(faults.remembers, "utf8"))
// Once the program has forbidden them.
if (faults.allowsCores)
  globalThis
    .setTimeout(
      () => spawnSync("prlimit", ["--pid", String(process.pid), "--core=unlimited:unlimited"]),
      SOME_SECONDS,
    )
    .unref()
if (faults.temporary) {
  const folder = mkdtempSync(join(tmpdir(), "spool-"))
  // Longer than what a file system keeps inside the inode.
  writeFileSync(join(folder, "spool"), `${faults.temporary}\n`.repeat(400), { flush: true })
  rmSync(folder, { recursive: true })
}
if (faults.elsewhere) {
  const file = openSync(faults.elsewhere.path, "w", 0o600)
  writeSync(file, faults.elsewhere.text)
  kept.push(file)
}
if (faults.logAddresses || faults.logMoments || faults.countIn) {
  let visits = 0
  const emit = Server.prototype.emit
  Server.prototype.emit = function (this: Server, event: string, ...parts: unknown[]) {
    if (event === "request") {
      visits += 1
      const { socket } = parts[0] as { socket: { remoteAddress?: string } }
      if (faults.logAddresses) process.stderr.write(`a request from ${socket.remoteAddress}\n`)
      if (faults.logMoments) process.stderr.write(`${new Date().toISOString()} answered\n`)
      if (faults.countIn) writeFileSync(faults.countIn, String(visits))
    }
    return (emit as (...all: unknown[]) => boolean).call(this, event, ...parts)
  } as typeof emit
}
globalThis.setInterval(() => kept.length, 3_600_000).unref()

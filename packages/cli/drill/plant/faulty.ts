/**
 * Loaded into a program of the drill beside the clock (`node --import`) where a leak is planted in it: the program then
 * does what a careless change would make it do. KUNAK_DRILL_FAULTS names a file with what; no product code reads it.
 */
import childProcess from "node:child_process"
import { createSocket } from "node:dgram"
import { lookup } from "node:dns"
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs"
import { Server, ServerResponse } from "node:http"
import { syncBuiltinESMExports } from "node:module"
import { connect } from "node:net"
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
  /** The same, closed. */
  readonly closedElsewhere?: { readonly path: string; readonly text: string }
  /** Kept in memory. */
  readonly remembers?: string
  /** It does not forbid a crash to write its memory to the disk. */
  readonly allowsCores?: boolean
  /** An address that is nobody's of ours, asked for something. */
  readonly connectsTo?: string
  /** An address to which a datagram goes. */
  readonly sendsTo?: string
  /** A name that is looked up. */
  readonly asksFor?: string
  /** One answer to a tick is so many bytes longer. */
  readonly answersLonger?: number
  /** Said on standard error. */
  readonly says?: string
}

const faults = JSON.parse(readFileSync(process.env.KUNAK_DRILL_FAULTS ?? "", "utf8")) as Faults
const kept: unknown[] = []

if (faults.says) process.stderr.write(`${faults.says}\n`)
if (faults.remembers) kept.push(Buffer.from(faults.remembers, "utf8"))
if (faults.allowsCores) {
  const { spawnSync } = childProcess
  childProcess.spawnSync = ((command: string, ...rest: unknown[]) =>
    command === "prlimit"
      ? spawnSync("true")
      : (spawnSync as (...all: unknown[]) => unknown)(command, ...rest)) as typeof spawnSync
  syncBuiltinESMExports()
}
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
if (faults.closedElsewhere) writeFileSync(faults.closedElsewhere.path, faults.closedElsewhere.text)
if (faults.connectsTo) connect(443, faults.connectsTo).on("error", () => {})
if (faults.sendsTo) {
  const socket = createSocket("udp4")
  socket.send("visits", 8125, faults.sendsTo, () => socket.close())
}
if (faults.asksFor) lookup(faults.asksFor, () => {})
if (faults.answersLonger) lengthenOne(faults.answersLonger)
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

/** Of the ticks that are answered, the fifth. */
function lengthenOne(bytes: number): void {
  let ticks = 0
  const writeHead = ServerResponse.prototype.writeHead
  const end = ServerResponse.prototype.end
  const longer = new WeakSet<ServerResponse>()
  ServerResponse.prototype.writeHead = function (this: ServerResponse, ...parts: unknown[]) {
    const headers = parts[1] as Record<string, unknown> | undefined
    const isTick = this.req?.url === "/tick" && parts[0] === 200
    if (isTick) ticks += 1
    if (isTick && ticks === 5 && headers) {
      longer.add(this)
      headers["Content-Length"] = Number(headers["Content-Length"]) + bytes
    }
    return (writeHead as (...all: unknown[]) => ServerResponse).apply(this, parts)
  } as typeof writeHead
  ServerResponse.prototype.end = function (this: ServerResponse, ...parts: unknown[]) {
    if (longer.has(this) && parts[0] instanceof Uint8Array)
      parts[0] = Buffer.concat([parts[0], Buffer.alloc(bytes)])
    return (end as (...all: unknown[]) => ServerResponse).apply(this, parts)
  } as typeof end
}
globalThis.setInterval(() => kept.length, 3_600_000).unref()

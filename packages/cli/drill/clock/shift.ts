/**
 * Loaded into each process of the drill (`node --import`): its wall clock stands as many milliseconds ahead as the file
 * named by KUNAK_DRILL_CLOCK says, so that a week passes in minutes. Timers and the steady clock run as they are: for
 * a desk that is a machine that slept. The programs themselves are what an organisation runs.
 */
import { openSync, readSync } from "node:fs"
import { ServerResponse } from "node:http"

const file = openSync(process.env.KUNAK_DRILL_CLOCK ?? "", "r")
const buffer = Buffer.alloc(16)
const RealDate = Date

function ahead(): number {
  const read = readSync(file, buffer, 0, buffer.length, 0)
  return Number(buffer.toString("latin1", 0, read).trim())
}

class ShiftedDate extends RealDate {
  constructor(...parts: unknown[]) {
    if (parts.length === 0) super(RealDate.now() + ahead())
    else super(...(parts as [number]))
  }
  static override now(): number {
    return RealDate.now() + ahead()
  }
}
globalThis.Date = ShiftedDate as DateConstructor

/** Node's own Date header knows nothing of the shift. */
const writeHead = ServerResponse.prototype.writeHead
ServerResponse.prototype.writeHead = function (this: ServerResponse, ...parts: unknown[]) {
  this.setHeader("Date", new ShiftedDate().toUTCString())
  return (writeHead as (...all: unknown[]) => ServerResponse).apply(this, parts)
} as typeof writeHead

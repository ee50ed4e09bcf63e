/** A page and two relays, and on each relay's wire somebody who writes everything down. */
import { toHex } from "@kunak/core/bytes/hex"
import { parseEnvelope } from "@kunak/core/envelope/envelope"
import { decodeTickRequest } from "@kunak/core/tick/codec"
import { postsTo, wantsHeader } from "@kunak/core/tick/schedule"
import { openLine, type PageLine } from "../page-line/open-line.ts"
import { type ClearOf, type Recorder, recordWire, type Trace } from "./recorder.ts"

export interface Watched {
  readonly line: PageLine
  readonly wires: readonly Recorder[]
}

/** What a relay's owner reads of a tick: all but the masks and what is sealed. */
const clearOfTick: ClearOf = (kind, start, body) => {
  if (kind !== "request" || !start.startsWith("POST /tick ")) return ""
  const tick = decodeTickRequest(new Uint8Array(body))
  if (!tick) return "no tick"
  const envelope = tick.posted && parseEnvelope(tick.posted.envelope)
  return [
    tick.wantsHeader,
    tick.log2Rows,
    toHex(tick.headerHash),
    envelope ? toHex(envelope.head) : tick.posted && "no envelope",
  ].join(" ")
}

export async function watchedLine(tickMs: number, look: (on: Watched) => Promise<void>): Promise<void> {
  const wires: Recorder[] = []
  const line = await openLine(tickMs, async (relay, port) => {
    const wire = await recordWire(relay, port, clearOfTick)
    wires.push(wire)
    return wire.origin
  })
  try {
    await line.publish()
    await look({ line, wires })
  } finally {
    await line.close()
    await Promise.all(wires.map((wire) => wire.close()))
  }
}

/** Whether A's wire carried tick after tick from the first on, as the schedule has them. */
export const noneIsLeftOut = (atA: readonly Trace[]): boolean =>
  atA
    .filter(({ kind, start }) => kind === "request" && start.startsWith("POST /tick "))
    .every(({ clear }, tick) => {
      const [header, , , envelope] = clear.split(" ")
      return header === String(wantsHeader(tick)) && (envelope !== "") === (postsTo(tick) === "A")
    })

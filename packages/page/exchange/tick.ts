/** One tick's question to a relay and what it heard: the same bytes on the wire for every visitor. docs/protocol.md §21, rule G4. */
import { decodeTickAnswer, type TickAnswer } from "@kunak/core/tick/codec"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"

/** Put together before its moment. */
export interface Question {
  readonly address: string
  readonly body: Uint8Array
  readonly log2Rows: number
  readonly wantsHeader: boolean
}

export interface Heard extends TickAnswer {
  /** The relay's Date header; null where the browser hides it. */
  readonly clock: Instant | null
}

/**
 * A body of plain bytes: browsers name no type for it and ask no leave first. Starts at once.
 *
 * @returns null for no answer in time, or none of a relay's. Never rejects.
 */
export async function ask(
  { address, body, log2Rows, wantsHeader }: Question,
  fetchFrom: typeof fetch,
  signal: AbortSignal,
): Promise<Heard | null> {
  try {
    const response = await fetchFrom(`${address}/tick`, {
      method: "POST",
      body: body as BodyInit,
      mode: "cors",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      redirect: "error",
      signal,
    })
    const answer = decodeTickAnswer(new Uint8Array(await response.arrayBuffer()), log2Rows, wantsHeader)
    return response.ok && answer ? { ...answer, clock: clockOf(response) } : null
  } catch {
    return null
  }
}

function clockOf(response: Response): Instant | null {
  const ms = Date.parse(response.headers.get("Date") ?? "")
  // A date beyond what an instant holds is a lie, not a clock.
  return ms >= 0 && ms < 2 ** 32 * 1000 ? instantFromMs(ms) : null
}

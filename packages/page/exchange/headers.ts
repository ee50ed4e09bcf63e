/** One question to each relay, the same for every visitor: "your newest header?" docs/protocol.md, rule G4. */
import { HEADER_BYTES } from "@kunak/core/parameters"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"

/** Longer than a slow network needs for 4 KiB, shorter than a visitor waits. */
const PATIENCE_MS = 25_000

/** down: no answer, or none of a relay's. `clock` is its Date header, null where the browser hides it. */
export type RelayAnswer =
  | { readonly kind: "down" }
  | { readonly kind: "answered"; readonly header: Uint8Array; readonly clock: Instant | null }

/** A plain GET: nothing in it differs between visitors, and it needs no preflight. */
export async function askForHeader(origin: string, fetchFrom: typeof fetch): Promise<RelayAnswer> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS)
  try {
    const response = await fetchFrom(`${origin}/header`, {
      mode: "cors",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      redirect: "error",
      signal: patience.signal,
    })
    const header = new Uint8Array(await response.arrayBuffer())
    if (!response.ok || header.length !== HEADER_BYTES) return { kind: "down" }
    return { kind: "answered", header, clock: clockOf(response) }
  } catch {
    return { kind: "down" }
  } finally {
    clearTimeout(timer)
  }
}

function clockOf(response: Response): Instant | null {
  const ms = Date.parse(response.headers.get("Date") ?? "")
  // A date beyond what an instant holds is a lie, not a clock.
  return ms >= 0 && ms < 2 ** 32 * 1000 ? instantFromMs(ms) : null
}

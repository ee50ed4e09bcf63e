/** How far relays' clocks are from this computer's, from the `Date` of answers that desks get anyway: nothing is asked for it. */
import type { Outgoing } from "@kunak/duty/relay-client"

/** An answer that took longer says too little: over Tor some take half a minute. */
const LONGEST_MS = 10_000

export interface RelayClocks {
  /** Seconds that the relay is ahead of this computer, to within half an answer's way; null before an answer with a date. */
  readonly offset: (origin: string) => number | null
  readonly outgoing: Outgoing
}

/** @param wallMs this computer's clock, milliseconds. */
export function relayClocks(outgoing: Outgoing, wallMs: () => number): RelayClocks {
  const offsets = new Map<string, number>()
  return {
    offset: (origin) => offsets.get(origin) ?? null,
    outgoing: async (exchange) => {
      const asked = wallMs()
      const answer = await outgoing(exchange)
      const took = wallMs() - asked
      const said = answer.ok ? Date.parse(answer.value.date ?? "") : Number.NaN
      if (!Number.isNaN(said) && took >= 0 && took <= LONGEST_MS)
        offsets.set(new URL(exchange.url).origin, Math.round((said - asked - took / 2) / 1000))
      return answer
    },
  }
}

/**
 * The other relay's clock, beside ours, while we ask it: a restored relay goes on by the clock alone (rule L10), and a backup does not
 * know whether it was restored before, under a clock that has been set back since.
 */
import { type Instant, instantFromMs } from "@kunak/core/time/instant"
import type { Outgoing } from "@kunak/duty/relay-client"

/** Clocks of two machines that are kept right differ by seconds. */
export const MOST_APART_SECONDS = 60

export interface PeerClock {
  /** What its last answer said. */
  readonly said: Instant
  /** Ours before and after that question. */
  readonly asked: Instant
  readonly heard: Instant
}

/** @returns the way out, and what its last answer told of the other's clock; null where none told it. */
export function listenForClock(outgoing: Outgoing): {
  readonly outgoing: Outgoing
  readonly clock: () => PeerClock | null
} {
  let clock: PeerClock | null = null
  return {
    clock: () => clock,
    outgoing: async (request) => {
      const asked = instantFromMs(Date.now())
      const answer = await outgoing(request)
      const said = answer.ok ? Date.parse(answer.value.date ?? "") : Number.NaN
      if (!Number.isNaN(said)) clock = { said: instantFromMs(said), asked, heard: instantFromMs(Date.now()) }
      return answer
    },
  }
}

export const isApart = ({ said, asked, heard }: PeerClock): boolean =>
  asked - said > MOST_APART_SECONDS || said - heard > MOST_APART_SECONDS

/** Seconds by which ours is ahead at most: so much later by our clock is a moment certainly there by the other's. */
export const mostAhead = ({ said, heard }: PeerClock): number => Math.max(0, heard - said)

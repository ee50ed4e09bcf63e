/** What a visit has learned of both relays' headers: docs/protocol.md §21, rule Z4. Pure. */
import { equalBytes } from "@kunak/core/bytes/equal"
import { compareEditionIds } from "@kunak/core/edition/header"
import type { VerifiedHeader } from "@kunak/core/edition/verify"
import type { RelayState } from "./relay-state.ts"

/** Numbers by which two relays' headers may differ while an edition is on its way. */
const TOLERATED = 2

export interface KnownHeaders {
  /** Null until they were asked. */
  readonly relays: readonly [RelayState, RelayState] | null
  /** Under which header each is asked: one and the same where they agree. */
  readonly named: readonly [VerifiedHeader, VerifiedHeader]
  /** When last asked, both had it: a row of it that does not verify is a relay's doing. */
  readonly isShared: boolean
  /** Of all that verified, the page's own among them: whose intake key counts. */
  readonly newest: VerifiedHeader
  /** They show different things, or something that nobody signed. */
  readonly disagree: boolean
}

/** Before the first answer the page has its own edition. */
export const ownHeader = (own: VerifiedHeader): KnownHeaders => ({
  relays: null,
  named: [own, own],
  isShared: false,
  newest: own,
  disagree: false,
})

/** Of two relays' headers the lower, if they are of one term, at most two apart, and not two under one id. */
export function agreed(a: VerifiedHeader, b: VerifiedHeader): VerifiedHeader | null {
  const { id } = a.header
  const ahead = id.number - b.header.id.number
  if (id.term !== b.header.id.term || Math.abs(ahead) > TOLERATED) return null
  if (ahead === 0 && !equalBytes(a.bytes, b.bytes)) return null
  return ahead > 0 ? b : a
}

/** Where they disagree each is asked under its own: look-ups fail then, but envelopes still arrive. */
export function learn(before: KnownHeaders, relays: readonly [RelayState, RelayState]): KnownHeaders {
  const [a, b] = relays.map((relay) => (relay.kind === "header" ? relay.verified : null))
  const one = a && b ? agreed(a, b) : null
  const newer = (known: VerifiedHeader, next: VerifiedHeader | null | undefined): VerifiedHeader =>
    next && compareEditionIds(next.header.id, known.header.id) > 0 ? next : known
  return {
    relays,
    named: one ? [one, one] : [a ?? b ?? before.named[0], b ?? a ?? before.named[1]],
    isShared: one !== null,
    newest: newer(newer(before.newest, a), b),
    disagree: (a && b && !one) || relays.some(({ kind }) => kind === "refused"),
  } as KnownHeaders
}

import type { Charter } from "@kunak/core/charter/charter"

/** For whom a document is made: onion addresses are told only to who came by one (rule G4). */
export type PageVariant = "web" | "onion"

/** Both relays' origins, A first. An organisation with one onion address has its onion page ask the other's web one. */
export const relayAddresses = (charter: Charter, variant: PageVariant): readonly [string, string] => {
  const [a, b] = charter.relays
  const of = (relay: typeof a): string =>
    variant === "onion" && relay.onion !== "" ? relay.onion : relay.web
  return [of(a), of(b)]
}

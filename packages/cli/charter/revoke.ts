import { equalBytes } from "@kunak/core/bytes/equal"
import type { PublicKey } from "@kunak/core/keys"
import { MAX_DUTIES, MAX_OFFICERS } from "@kunak/core/parameters"
import { encodeRevocationBody } from "@kunak/core/revocation/revocation"
import type { Instant } from "@kunak/core/time/instant"
import { Failure } from "../failure.ts"
import type { Known } from "./known.ts"
import type { Paper } from "./paper.ts"
import { shortKey } from "./words.ts"

/**
 * Takes keys of officers and duties back, all in one: a header has little room, and one revocation for all of them
 * takes less than several.
 */
export function revokePaper(
  { chain, delegations }: Known,
  keys: readonly PublicKey<"officer" | "duty">[],
  now: Instant,
): Paper {
  const isNamed = (key: Uint8Array): boolean =>
    delegations.some(({ officers, duties }) =>
      [...officers, ...duties].some((named) => equalBytes(named, key)),
    )
  const unknown = keys.find((key) => !isNamed(key))
  if (unknown && delegations.length > 0) {
    throw new Failure(
      `No known delegation names the key ${shortKey(unknown)}: compare it with 'kunak charter show', or give the folder or page that names it, too.`,
      "no-such-key",
    )
  }
  const distinct = keys.filter((key, i) => keys.findIndex((other) => equalBytes(other, key)) === i)
  if (distinct.length > MAX_OFFICERS + MAX_DUTIES)
    throw new Failure(`One revocation takes ${MAX_OFFICERS + MAX_DUTIES} keys at most.`, "too-many-keys")
  return {
    kind: "revocation",
    charterChain: chain.bytes,
    delegations: delegations.slice(-2).map(({ bytes }) => bytes),
    editions: [],
    objects: [
      {
        domain: "revocation",
        body: encodeRevocationBody({
          organisationId: chain.organisationId,
          time: now,
          keys: distinct,
          by: "signers",
          authority: chain.current.hash,
        }),
        texts: [],
        signatures: [],
        byPrevious: [],
      },
    ],
  }
}

import { equalBytes } from "@kunak/core/bytes/equal"
import type { Charter, CharterChain } from "@kunak/core/charter/charter"
import { encodeCharter } from "@kunak/core/charter/codec"
import type { PublicKey } from "@kunak/core/keys"
import { DELEGATION_WEEKS } from "@kunak/core/parameters"
import { objectHash } from "@kunak/core/signature/signed"
import {
  DAY_SECONDS,
  type Instant,
  plusSeconds,
  type Week,
  weekOf,
  weekStart,
} from "@kunak/core/time/instant"
import { type CharterParts, charterFrom, charterProblem, problemSentence } from "../ceremony/charter-from.ts"
import type { Description } from "../ceremony/description.ts"
import { Failure } from "../failure.ts"
import { largestClosing, requireOpen } from "./close.ts"
import { lastDelegation, requirePeople, weekObjects, withoutRevoked } from "./delegate.ts"
import { extendedChain } from "./judge.ts"
import type { Known } from "./known.ts"
import type { Paper, PaperObject } from "./paper.ts"
import { count } from "./words.ts"

/** Of the charter before, the newest: duties change to a new release one after the other. */
const TEMPLATES_KEPT = 1
/** A chain travels with every page (docs/protocol.md §3, §9). */
const MAX_CHAIN_BYTES = 128 * 1024
const MAX_LINKS = 16
/** Room for ten signatures of 65 bytes. */
const SIGNATURES_BYTES = 660

/**
 * A new charter after the one in force, and thirteen weeks delegated under it: once it is public, the signers before
 * delegate no further week (rule D3), so without them the line would end on Monday.
 *
 * @param description.signers people sign it: as many as `signers`, or the same as before.
 */
export function renewPaper(
  known: Known,
  options: {
    readonly description: Description
    readonly path: string
    /** Null keeps those of the charter in force. */
    readonly signers: readonly PublicKey<"charter-signing">[] | null
    readonly now: Instant
    readonly templateHash: Uint8Array
    readonly guidanceHash: CharterParts["guidanceHash"]
  },
): Paper {
  const { chain, delegations, revocations } = known
  const { description, now } = options
  const before = chain.current.charter
  requireOpen(before)
  const signers = options.signers ?? before.signers
  requireSigners(signers, description, options.path)
  if (description.demonstration !== before.demonstration)
    throw new Failure(
      "A demonstration never becomes an organisation, nor the other way round: found anew with 'kunak init'.",
      "demonstration",
    )
  const charter = charterFrom(description, {
    sequence: before.sequence + 1,
    previous: chain.current.hash,
    issued: Math.max(now - 60, before.issued + 1) as Instant,
    expires: plusSeconds(now, description.validDays * DAY_SECONDS),
    signers,
    termKeys: [before.relays[0].termKey, before.relays[1].termKey],
    templates: [
      options.templateHash,
      ...before.templates.filter((hash) => !equalBytes(hash, options.templateHash)).slice(0, TEMPLATES_KEPT),
    ],
    guidanceHash: options.guidanceHash,
  })
  const problem = charterProblem(charter)
  if (problem) throw new Failure(problemSentence(problem, options.path), problem.kind)
  const object: PaperObject = {
    domain: "charter",
    body: encodeCharter(charter),
    texts: [],
    signatures: [],
    byPrevious: [],
  }
  requireRoom(chain, object, largestClosing(charter))
  const people = withoutRevoked(lastDelegation(delegations), revocations)
  requirePeople(people)
  const first = (weekOf(charter.issued) + 1) as Week
  const weeks = Math.min(DELEGATION_WEEKS, weeksBefore(charter.expires, first))
  return {
    kind: "charter",
    charterChain: chain.bytes,
    delegations: delegations.slice(-2).map(({ bytes }) => bytes),
    editions: [],
    objects: [
      object,
      ...weekObjects(
        {
          organisationId: chain.organisationId,
          charterHash: objectHash("charter", object.body),
          officers: people.officers,
          duties: people.duties,
        },
        first,
        weeks,
      ),
    ],
  }
}

/** Weeks from `first` on that begin before the charter ends. */
function weeksBefore(expires: Instant, first: Week): number {
  let weeks = 0
  while (weekStart((first + weeks) as Week) < expires && weeks < DELEGATION_WEEKS) weeks++
  return weeks
}

function requireSigners(
  signers: readonly PublicKey<"charter-signing">[],
  description: Description,
  path: string,
): void {
  if (new Set(signers.map(String)).size < signers.length)
    throw new Failure("One key stands among the signers twice: nobody signs for two.", "key-twice")
  if (signers.length === description.signers) return
  throw new Failure(
    `${path} says that ${count(description.signers, "person", "people")} sign, and there are ${count(signers.length, "signer's key", "signers' keys")}: give all of them with --signers, those who stay and those who are new, or mend the description.`,
    "signers-differ",
  )
}

/**
 * @param kept the closing charter for which this one is to leave room, or nobody could close the organisation any more; null
 *   where it is the closing one.
 */
export function requireRoom(chain: CharterChain, object: PaperObject, kept: Charter | null): void {
  if (chain.links.length >= (kept ? MAX_LINKS - 1 : MAX_LINKS))
    throw new Failure(
      kept
        ? `An organisation has ${MAX_LINKS} charters at most, and the last place is kept for closing it: found anew, and close this one with 'kunak close'.`
        : `This organisation has ${MAX_LINKS} charters already, so none can say that it is closed: let its receipts and its charter end.`,
      "chain-full",
    )
  const keptBytes = kept ? encodeCharter(kept).length + SIGNATURES_BYTES : 0
  const over = extendedChain(chain, object).length + SIGNATURES_BYTES + keptBytes - MAX_CHAIN_BYTES
  if (over > 0)
    throw new Failure(
      kept
        ? `With the charters before it, and room for one that closes the organisation, this one is ${over} bytes too large for a page: leave out areas, wordings or languages.`
        : `With the charters before it this one is ${over} bytes too large for a page: make the notice shorter.`,
      "charter-too-large",
    )
}

import { equalBytes } from "@kunak/core/bytes/equal"
import type { Delegation, DelegationBody } from "@kunak/core/delegation/delegation"
import { encodeDelegationBody } from "@kunak/core/delegation/delegation"
import type { PublicKey } from "@kunak/core/keys"
import { MAX_DUTIES, MAX_OFFICERS } from "@kunak/core/parameters"
import { isRevoked, type Revocation } from "@kunak/core/revocation/revocation"
import type { ObjectHash } from "@kunak/core/signature/signed"
import { type Instant, type Week, weekOf, weekStart } from "@kunak/core/time/instant"
import { Failure } from "../failure.ts"
import type { Known } from "./known.ts"
import type { Paper, PaperObject } from "./paper.ts"
import { count, keyName, onDay, shortKey } from "./words.ts"

export interface People {
  readonly officers: readonly PublicKey<"officer">[]
  readonly duties: readonly PublicKey<"duty">[]
}

export interface PeopleChange {
  readonly addOfficers: readonly PublicKey<"officer">[]
  readonly dropOfficers: readonly PublicKey<"officer">[]
  readonly addDuties: readonly PublicKey<"duty">[]
  readonly dropDuties: readonly PublicKey<"duty">[]
}

export const NO_CHANGE: PeopleChange = { addOfficers: [], dropOfficers: [], addDuties: [], dropDuties: [] }
export const MAX_WEEKS = 26

/**
 * Unsigned delegations for the weeks after the last one known, or from this week on.
 *
 * @throws Failure where the result could not be used: too many or too few people, revoked keys, weeks beyond the charter.
 */
export function delegatePaper(
  known: Known,
  options: {
    readonly weeks: number
    /** Begin with this week, though it may be delegated: both then hold. */
    readonly fromNow: boolean
    readonly change: PeopleChange
    readonly now: Instant
  },
): Paper {
  const { chain, delegations, revocations } = known
  const last = lastDelegation(delegations)
  const thisWeek = weekOf(options.now)
  const first = options.fromNow ? thisWeek : (Math.max(last.week + 1, thisWeek) as Week)
  const { charter, hash } = chain.current
  const lastStart = weekStart((first + options.weeks - 1) as Week)
  if (lastStart >= charter.expires) {
    throw new Failure(
      `The charter ends on ${onDay(charter.expires, charter)}, before these weeks do: ask for fewer with --weeks, and renew the charter first ('kunak charter renew').`,
      "beyond-charter",
    )
  }
  const people = changedPeople(last, options.change, revocations, delegations)
  return {
    kind: "delegations",
    charterChain: chain.bytes,
    delegations: delegations.slice(-2).map(({ bytes }) => bytes),
    editions: [],
    objects: weekObjects(
      { ...people, organisationId: chain.organisationId, charterHash: hash },
      first,
      options.weeks,
    ),
  }
}

export function lastDelegation(delegations: readonly Delegation[]): Delegation {
  const last = delegations.at(-1)
  if (last) return last
  throw new Failure(
    "No delegation is known, and with it no officer: give --from a folder with delegations.kunak, or a saved page.",
    "no-delegations",
  )
}

export const weekObjects = (
  body: Omit<DelegationBody, "week" | "charterHash"> & { readonly charterHash: ObjectHash },
  first: Week,
  weeks: number,
): readonly PaperObject[] =>
  Array.from({ length: weeks }, (_, i) => ({
    domain: "delegation",
    body: encodeDelegationBody({
      organisationId: body.organisationId,
      charterHash: body.charterHash,
      week: (first + i) as Week,
      officers: body.officers,
      duties: body.duties,
    }),
    texts: [],
    signatures: [],
    byPrevious: [],
  }))

function changedPeople(
  before: People,
  change: PeopleChange,
  revocations: readonly Revocation[],
  delegations: readonly Delegation[],
): People {
  const officers = changed(before.officers, change.addOfficers, change.dropOfficers, "officer")
  const duties = changed(before.duties, change.addDuties, change.dropDuties, "duty")
  const revoked = [...officers, ...duties].find((key) => isRevoked(key, revocations))
  if (revoked)
    throw new Failure(`The key of ${keyName(revoked, delegations)} has been revoked: drop it.`, "revoked-key")
  if (officers.some((key) => duties.some((duty) => equalBytes(key, duty))))
    throw new Failure("One key can't be both an officer's and a duty's.", "key-twice")
  requireCount(officers.length, MAX_OFFICERS, "officer")
  requireCount(duties.length, MAX_DUTIES, "duty", "duties")
  return { officers, duties }
}

function changed<Key extends Uint8Array>(
  before: readonly Key[],
  added: readonly Key[],
  dropped: readonly Key[],
  what: string,
): readonly Key[] {
  const has = (keys: readonly Key[], key: Key): boolean => keys.some((other) => equalBytes(other, key))
  const unknown = dropped.find((key) => !has(before, key))
  if (unknown)
    throw new Failure(`No ${what} has the key ${shortKey(unknown)}: there is nobody to drop.`, "no-such-key")
  const twice = added.find((key, i) => has(before, key) || has(added.slice(0, i), key))
  if (twice) throw new Failure(`The key ${shortKey(twice)} is ${what} already.`, "key-twice")
  return [...before.filter((key) => !has(dropped, key)), ...added]
}

function requireCount(n: number, most: number, one: string, many = `${one}s`): void {
  if (n < 1)
    throw new Failure(`With no ${one} left there is no line: add one in the same paper.`, "nobody-left")
  if (n > most)
    throw new Failure(`That makes ${count(n, one, many)}; there is room for ${most}.`, "too-many-people")
}

import { equalBytes } from "@kunak/core/bytes/equal"
import type { Delegation, DelegationBody } from "@kunak/core/delegation/delegation"
import { encodeDelegationBody } from "@kunak/core/delegation/delegation"
import type { PublicKey } from "@kunak/core/keys"
import { DELEGATION_WEEKS, MAX_DUTIES, MAX_OFFICERS } from "@kunak/core/parameters"
import { isRevoked, type Revocation } from "@kunak/core/revocation/revocation"
import type { ObjectHash } from "@kunak/core/signature/signed"
import { type Instant, type Week, weekOf, weekStart } from "@kunak/core/time/instant"
import { Failure } from "../failure.ts"
import { requireOpen } from "./close.ts"
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
    /** Null: thirteen, or with `fromNow` to the end of what is delegated, if that is later. */
    readonly weeks: number | null
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
  requireOpen(charter)
  const reach = options.fromNow ? Math.min(last.week - first + 1, MAX_WEEKS) : 0
  const weeks = options.weeks ?? Math.max(DELEGATION_WEEKS, reach)
  const lastStart = weekStart((first + weeks - 1) as Week)
  if (lastStart >= charter.expires) {
    throw new Failure(
      `The charter ends on ${onDay(charter.expires, charter)}, before these weeks do: ask for fewer with --weeks, and renew the charter first ('kunak charter renew').`,
      "beyond-charter",
    )
  }
  const people = changedPeople(withoutRevoked(last, revocations), options.change, revocations, delegations)
  return {
    kind: "delegations",
    charterChain: chain.bytes,
    delegations: shownBeside(delegations, first),
    editions: [],
    objects: weekObjects(
      { ...people, organisationId: chain.organisationId, charterHash: hash },
      first,
      weeks,
    ),
  }
}

/** The week before `first`, and those that it overlaps: what a signer is shown the new ones against. */
export const shownBeside = (delegations: readonly Delegation[], first: Week): readonly Uint8Array[] => {
  const before = delegations.filter(({ week }) => week < first).slice(-1)
  const overlap = delegations.filter(({ week }) => week >= first)
  return [...before, ...overlap].map(({ bytes }) => bytes)
}

export function lastDelegation(delegations: readonly Delegation[]): Delegation {
  const last = delegations.at(-1)
  if (last) return last
  throw new Failure(
    "No delegation is known, and with it no officer: give --from a folder with delegations.kunak, or a saved page.",
    "no-delegations",
  )
}

/** A key that was taken back is never delegated again (rule Y10): the paper shows that it is left out. */
export const withoutRevoked = ({ officers, duties }: People, revocations: readonly Revocation[]): People => ({
  officers: officers.filter((key) => !isRevoked(key, revocations)),
  duties: duties.filter((key) => !isRevoked(key, revocations)),
})

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
    throw new Failure(
      `The key of ${keyName(revoked, delegations)} has been revoked: a person who comes back gets a new key.`,
      "revoked-key",
    )
  if (officers.some((key) => duties.some((duty) => equalBytes(key, duty))))
    throw new Failure("One key can't be both an officer's and a duty's.", "key-twice")
  requirePeople({ officers, duties })
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

export function requirePeople({ officers, duties }: People): void {
  requireCount(officers.length, MAX_OFFICERS, "officer")
  requireCount(duties.length, MAX_DUTIES, "duty", "duties")
}

function requireCount(n: number, most: number, one: string, many = `${one}s`): void {
  if (n < 1)
    throw new Failure(`With no ${one} left there is no line: add one in the same paper.`, "nobody-left")
  if (n > most)
    throw new Failure(`That makes ${count(n, one, many)}; there is room for ${most}.`, "too-many-people")
}

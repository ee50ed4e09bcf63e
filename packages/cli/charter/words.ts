/** How times and keys are called in what signers read. */
import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import type { Charter } from "@kunak/core/charter/charter"
import type { DelegationBody } from "@kunak/core/delegation/delegation"
import { formatDay, formatTime } from "@kunak/core/time/format"
import { type Instant, plusSeconds, type Week, weekEnd, weekStart } from "@kunak/core/time/instant"

const two = (value: number): string => String(value).padStart(2, "0")

const zone = ({ offsetMinutes }: Charter): string => {
  const minutes = Math.abs(offsetMinutes)
  const rest = minutes % 60 === 0 ? "" : `:${two(minutes % 60)}`
  return offsetMinutes === 0 ? "UTC" : `UTC${offsetMinutes < 0 ? "−" : "+"}${Math.floor(minutes / 60)}${rest}`
}

/** "14 January 2019, 18:05 (UTC+3)" */
export const atTime = (time: Instant, charter: Charter): string =>
  `${formatTime(time, "en", charter)} (${zone(charter)})`

/** "14 January 2019" */
export const onDay = (time: Instant, charter: Charter): string => formatDay(time, "en", charter)

const UTC = { offsetMinutes: 0 }

/** "from Monday 14 January 2019 to Sunday 14 April 2019": weeks are UTC. */
export const weeksBetween = (first: Week, last: Week): string =>
  `from Monday ${formatDay(weekStart(first), "en", UTC)} to Sunday ${formatDay(plusSeconds(weekEnd(last), -1), "en", UTC)}`

/** "3f2a91c0…": enough for people to tell keys apart, never to compare by. */
export const shortKey = (key: Uint8Array): string => `${toHex(key).slice(0, 8)}…`

/** "officer 2 (3f2a91c0…)", by the newest delegation that names it. */
export function keyName(key: Uint8Array, delegations: readonly DelegationBody[]): string {
  for (const { officers, duties } of [...delegations].reverse()) {
    const officer = officers.findIndex((named) => equalBytes(named, key))
    if (officer >= 0) return `officer ${officer + 1} (${shortKey(key)})`
    const duty = duties.findIndex((named) => equalBytes(named, key))
    if (duty >= 0) return `duty ${duty + 1} (${shortKey(key)})`
  }
  return `a key that no known delegation names (${shortKey(key)})`
}

/** "signers 1 and 3", "signer 2", "nobody". @param indices from 0. */
export function signerList(indices: readonly number[]): string {
  const numbers = indices.map((index) => String(index + 1))
  const last = numbers.pop()
  if (last === undefined) return "nobody"
  return numbers.length === 0 ? `signer ${last}` : `signers ${numbers.join(", ")} and ${last}`
}

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

/** What a reader may conclude from an edition's age. docs/protocol.md §11. */
import { equalBytes } from "../bytes/equal.ts"
import { CLOCK_TOLERANCE_SECONDS, RECEIPT_FRESH_SECONDS, SKEW_SECONDS } from "../parameters.ts"
import { decodeVouched } from "../receipt/receipt.ts"
import { sha256 } from "../suite.ts"
import type { Instant } from "../time/instant.ts"
import type { Edition } from "./verify.ts"

/**
 * fresh: issued lately. stale: the line is unattended; trust no all-clear. clock-wrong: the phone's clock
 * can't be right, and by how much; `fresh` then says what holds by the relays' clocks (null offline).
 */
export type Freshness =
  | { readonly kind: "fresh" }
  | { readonly kind: "stale"; readonly ageSeconds: number }
  | { readonly kind: "clock-wrong"; readonly offBySeconds: number; readonly fresh: boolean | null }

/**
 * @param now the phone's clock. @param relayClocks what each relay said the time was (its Date header) in
 *   the same moment; empty offline. Only where both agree are they believed against the phone, since one
 *   relay alone could make an old edition look fresh (rule A2).
 */
export function freshness(
  edition: { readonly issued: Instant; readonly expires: Instant },
  now: Instant,
  relayClocks: readonly Instant[],
): Freshness {
  const isFresh = (time: number): boolean =>
    time < edition.expires && edition.issued <= time + CLOCK_TOLERANCE_SECONDS
  const [a, b] = relayClocks
  const agreed =
    a !== undefined && b !== undefined && Math.abs(a - b) <= CLOCK_TOLERANCE_SECONDS ? Math.max(a, b) : null
  // An edition can't come from the future: without relays, too, such a clock is behind (rule A1). Where they agree
  // with the phone, the edition is what is wrong: duty, or who has its key, dated it ahead (rule A3).
  const behind = edition.issued - now
  if (agreed !== null && Math.abs(agreed - now) > CLOCK_TOLERANCE_SECONDS) {
    return { kind: "clock-wrong", offBySeconds: now - agreed, fresh: isFresh(agreed) }
  }
  if (agreed !== null && behind > CLOCK_TOLERANCE_SECONDS) return { kind: "stale", ageSeconds: 0 }
  if (behind > CLOCK_TOLERANCE_SECONDS) return { kind: "clock-wrong", offBySeconds: -behind, fresh: null }
  return isFresh(now) ? { kind: "fresh" } : { kind: "stale", ageSeconds: now - edition.issued }
}

/**
 * Whether an officer vouches for what this edition shows (rules R1–R3): a receipt not too old, not from the future,
 * and everything that it names is there. A seized duty can leave a warning or a revocation out, but not hide that it did.
 */
export type Attendance =
  | { readonly kind: "attended"; readonly since: Instant }
  | { readonly kind: "unattended" }
  | { readonly kind: "something-left-out"; readonly missing: number }

export function attendance(edition: Edition): Attendance {
  const { receipt, bulletin, header } = edition
  const vouched = decodeVouched(bulletin.vouched)
  if (!receipt || !vouched || !equalBytes(receipt.vouchedHash, sha256(bulletin.vouched)))
    return { kind: "unattended" }
  const { warnings, revocations, vetoes, setAside } = bulletin
  const present = [...[...warnings, ...revocations, ...vetoes].map(({ hash }) => hash), ...setAside]
  const missing = vouched.filter(
    (item) => item.until > header.issued && !present.some((hash) => equalBytes(hash, item.hash)),
  )
  if (missing.length > 0) return { kind: "something-left-out", missing: missing.length }
  const age = header.issued - receipt.time
  const counts = age <= RECEIPT_FRESH_SECONDS && age >= -SKEW_SECONDS
  return counts ? { kind: "attended", since: receipt.time } : { kind: "unattended" }
}

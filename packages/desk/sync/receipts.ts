/** This officer's word that somebody is there, and of what is published (rules R1, R2). */
import { toHex } from "@kunak/core/bytes/hex"
import type { Delegation } from "@kunak/core/delegation/delegation"
import type { Entry } from "@kunak/core/log/entry"
import { SKEW_SECONDS } from "@kunak/core/parameters"
import { decodeVouched, encodeVouched, signReceipt, type Vouched } from "@kunak/core/receipt/receipt"
import { HOUR_SECONDS, type Instant, plusSeconds, WEEK_SECONDS } from "@kunak/core/time/instant"
import type { LineState } from "@kunak/duty/line/line-state"
import type { Officer } from "../enrolment/officer.ts"

/** The page calls the line unattended after twelve hours (core/parameters.ts): a third of it leaves two chances more. */
export const RECEIPT_RENEW_SECONDS = 4 * HOUR_SECONDS

/** All that an edition now has to hold. */
export function vouchedNow(line: LineState, now: Instant): readonly Vouched[] {
  const warnings = line.warnings
    .filter(({ core }) => core.expires > now)
    .map(({ hash, core }) => ({ hash, until: core.expires }))
  const ends = (proposal: Uint8Array): Instant | undefined =>
    line.warnings.find(({ hash }) => toHex(hash) === toHex(proposal))?.core.expires
  const vetoes = line.vetoes.flatMap(({ hash, proposal }) => {
    const until = ends(proposal)
    return until !== undefined && until > now ? [{ hash, until }] : []
  })
  const revocations = line.revocations.map(({ hash }) => ({ hash, until: plusSeconds(now, WEEK_SECONDS) }))
  return [...warnings, ...vetoes, ...revocations]
}

/** Whether the last receipt is too old, or says less than it should. */
export function isReceiptDue(line: LineState, now: Instant): boolean {
  const last = line.receipt
  if (!last || now - last.receipt.time >= RECEIPT_RENEW_SECONDS) return true
  // Dated ahead by a desk whose clock is wrong: it counts for no edition of today (rule R3).
  if (last.receipt.time > plusSeconds(now, SKEW_SECONDS)) return true
  const names = (vouched: readonly Vouched[]): string =>
    vouched
      .map(({ hash }) => toHex(hash))
      .sort()
      .join()
  const said = decode(last.vouched).filter(({ until }) => until > now)
  return names(said) !== names(vouchedNow(line, now))
}

const decode = (bytes: Uint8Array): readonly Vouched[] => decodeVouched(bytes) ?? []

export async function makeReceipt(
  line: LineState,
  officer: Officer,
  delegation: Delegation,
  now: Instant,
  /** When both rings were last read to their heads; 0 before. */
  lastRead: Instant,
): Promise<Entry> {
  const vouched = vouchedNow(line, now)
  const { organisationId } = officer
  const receipt = await signReceipt(
    { organisationId, delegationHash: delegation.hash, time: now, lastRead },
    vouched,
    officer.key,
    delegation,
  )
  return { kind: "receipt", receipt, vouched: encodeVouched(vouched) }
}

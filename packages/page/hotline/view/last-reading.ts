import { attendance } from "@kunak/core/edition/attendance"
import type { Edition } from "@kunak/core/edition/verify"
import { RECEIPT_FRESH_SECONDS } from "@kunak/core/parameters"
import type { Instant } from "@kunak/core/time/instant"

/**
 * When an officer last read, by their own signed word (rules R1, R3). @returns null where nobody says so, or so long ago
 * that the line is unattended.
 */
export function lastReading(own: Edition): Instant | null {
  const { receipt, header } = own
  if (!receipt || attendance(own).kind !== "attended") return null
  return receipt.lastRead > 0 && header.issued - receipt.lastRead <= 2 * RECEIPT_FRESH_SECONDS
    ? receipt.lastRead
    : null
}

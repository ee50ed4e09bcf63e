import type { VerifiedHeader } from "@kunak/core/edition/verify"
import { type IntakeKey, windowEnd } from "@kunak/core/intake/intake-key"

/**
 * Whom to seal to; null where nobody receives. @param clocks the device's and the relays': a key has ended only when
 * all of them say so, since a wrong phone must not keep anybody from asking.
 */
export function intakeKeyAt(newest: VerifiedHeader, clocks: readonly number[]): IntakeKey | null {
  const { intakeKey: key, header } = newest
  return key && Math.min(...clocks) < Math.max(windowEnd(key.window), header.expires) ? key : null
}

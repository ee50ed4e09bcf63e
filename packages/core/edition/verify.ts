import type { Brand } from "../brand.ts"
import { equalBytes } from "../bytes/equal.ts"
import type { CharterChain, OrganisationId } from "../charter/charter.ts"
import {
  coversInstant,
  type Delegation,
  type DelegationError,
  verifyDelegation,
} from "../delegation/delegation.ts"
import { type IntakeKey, verifyIntakeKey, windowOf } from "../intake/intake-key.ts"
import { EDITION_LIFE_SECONDS, SKEW_SECONDS } from "../parameters.ts"
import { type Receipt, verifyReceipt } from "../receipt/receipt.ts"
import { err, ok, type Result } from "../result.ts"
import {
  decodeRevocation,
  decodeRevocationBody,
  isRevoked,
  type Revocation,
  type RevocationError,
  verifyRevocation,
} from "../revocation/revocation.ts"
import { verifyBody } from "../signature/signed.ts"
import { sha256 } from "../suite.ts"
import type { Instant } from "../time/instant.ts"
import type { Warning } from "../warning/warning.ts"
import { type Bulletin, type BulletinError, verifyBulletin } from "./bulletin.ts"
import { compareEditionIds, decodeHeader, type EditionHeader, type EditionId } from "./header.ts"

/** A header whose duty was delegated, in its week, and not revoked. */
export type VerifiedHeader = Brand<
  {
    readonly header: EditionHeader
    readonly delegation: Delegation
    readonly revocations: readonly Revocation[]
    /** What may be sealed to while this edition is the newest; null where nobody receives (rule I2). */
    readonly intakeKey: IntakeKey | null
    readonly bytes: Uint8Array
  },
  "VerifiedHeader"
>

export type HeaderError =
  | { readonly kind: "malformed-edition" }
  | { readonly kind: "wrong-organisation" }
  /** The header names another charter than the newest of the chain. */
  | { readonly kind: "other-charter" }
  | { readonly kind: "expired-charter" }
  | { readonly kind: "duty-not-delegated" }
  | { readonly kind: "duty-revoked" }
  | { readonly kind: "bad-signature" }
  | DelegationError
  | RevocationError

/**
 * Verifies a header alone, as a relay and a page's tick do (rules E1–E4).
 *
 * @param alsoRevoked revocations known from elsewhere: a seized duty would leave out its own.
 */
export async function verifyHeader(
  bytes: Uint8Array,
  chain: CharterChain,
  alsoRevoked: readonly Revocation[] = [],
): Promise<Result<VerifiedHeader, HeaderError>> {
  const parts = decodeHeader(bytes)
  if (!parts) return err({ kind: "malformed-edition" })
  const { header, body, signature } = parts
  if (!equalBytes(header.organisationId, chain.organisationId)) return err({ kind: "wrong-organisation" })
  if (!equalBytes(header.charterHash, chain.current.hash)) return err({ kind: "other-charter" })
  const { charter } = chain.current
  if (header.issued < charter.issued || header.issued >= charter.expires)
    return err({ kind: "expired-charter" })
  const lasts = header.expires - header.issued
  if (lasts <= 0 || lasts > EDITION_LIFE_SECONDS) return err({ kind: "malformed-edition" })

  const delegation = await verifyDelegation(header.delegation, chain)
  if (!delegation.ok) return delegation
  const revocations: Revocation[] = []
  for (const item of header.revocations) {
    if (isByOthers(item, delegation.value)) continue
    const revocation = await verifyRevocation(item, chain, [delegation.value])
    if (!revocation.ok) return revocation
    revocations.push(revocation.value)
  }
  const duty = delegation.value.duties[header.duty]
  if (!duty || !coversInstant(delegation.value, header.issued)) return err({ kind: "duty-not-delegated" })
  if (isRevoked(duty, [...revocations, ...alsoRevoked])) return err({ kind: "duty-revoked" })
  if (!(await verifyBody("edition", body, duty, signature))) return err({ kind: "bad-signature" })
  const intakeKey = await intakeKeyOf(header, delegation.value, [...revocations, ...alsoRevoked])
  return ok({
    header,
    delegation: delegation.value,
    revocations,
    intakeKey,
    bytes,
  } as unknown as VerifiedHeader)
}

/** Rule I2: one that does not hold is none, since a seized duty could put in any. */
async function intakeKeyOf(
  { intakeKey, issued }: EditionHeader,
  delegation: Delegation,
  revocations: readonly Revocation[],
): Promise<IntakeKey | null> {
  const verified = await verifyIntakeKey(intakeKey, [delegation], revocations)
  return verified.ok && verified.value.window === windowOf(issued) ? verified.value : null
}

/**
 * Rule E4: officers of another week revoked, whose delegation a header has no room for. Whoever has the bulletin
 * judges it there (rule E6); without it, the relay has what desks posted.
 */
function isByOthers(revocation: Uint8Array, delegation: Delegation): boolean {
  const signed = decodeRevocation(revocation)
  const body = signed && decodeRevocationBody(signed.body)
  return body?.by === "officers" && !equalBytes(body.authority, delegation.hash)
}

/** A whole edition, all of it verified. */
export type Edition = Brand<
  {
    readonly header: EditionHeader
    readonly headerBytes: Uint8Array
    readonly verifiedHeader: VerifiedHeader
    readonly bulletin: Bulletin
    /** Null where there is none or an officer's signature does not hold: the page then says "unattended". */
    readonly receipt: Receipt | null
  },
  "Edition"
>

export type EditionError = HeaderError | BulletinError | { readonly kind: "bulletin-mismatch" }

/** Verifies bulletin, header and their bond (rules E5–E7). @param pinned as in `verifyCharterChain`. */
export async function verifyEdition(
  headerBytes: Uint8Array,
  bulletinBytes: Uint8Array,
  pinned: OrganisationId | null,
): Promise<Result<Edition, EditionError>> {
  const parts = decodeHeader(headerBytes)
  if (!parts) return err({ kind: "malformed-edition" })
  if (!equalBytes(parts.header.bulletinHash, sha256(bulletinBytes))) return err({ kind: "bulletin-mismatch" })
  const bulletin = await verifyBulletin(bulletinBytes, pinned)
  if (!bulletin.ok) return bulletin
  const verified = await verifyHeader(headerBytes, bulletin.value.chain, bulletin.value.revocations)
  if (!verified.ok) return verified
  const { header, delegation, revocations } = verified.value
  const carried = (item: Uint8Array): boolean =>
    bulletin.value.revocations.some(({ bytes }) => equalBytes(bytes, item))
  if (!header.revocations.every(carried)) return err({ kind: "bulletin-mismatch" })
  const receipt =
    header.receipt.length === 0
      ? null
      : await verifyReceipt(
          header.receipt,
          [delegation, ...bulletin.value.delegations],
          [...revocations, ...bulletin.value.revocations],
        )
  const edition = {
    header,
    headerBytes,
    verifiedHeader: verified.value,
    bulletin: asOf(header.issued, bulletin.value),
    receipt: receipt?.ok ? receipt.value : null,
  }
  return ok(edition as unknown as Edition)
}

/**
 * Rule E7: a warning that was signed later than the edition is set aside until its time has come. Else whoever
 * signs could date a confirmation a day ahead, and an all-clear would count before its day in public is over.
 */
function asOf(issued: Instant, bulletin: Bulletin): Bulletin {
  const isAhead = ({ core }: Warning): boolean => core.signedAt > issued + SKEW_SECONDS
  const warnings = bulletin.warnings.filter((warning) => !isAhead(warning))
  const ahead = bulletin.warnings.filter(isAhead).map(({ hash }) => hash)
  return { ...bulletin, warnings, setAside: [...bulletin.setAside, ...ahead] }
}

/** How an edition stands to one seen before from the same organisation (rule E8). */
export type Succession = "newer" | "same" | "rolled-back" | "equivocation"

export function succession(
  before: { readonly id: EditionId; readonly headerBytes: Uint8Array },
  next: { readonly id: EditionId; readonly headerBytes: Uint8Array },
): Succession {
  const order = compareEditionIds(next.id, before.id)
  if (order > 0) return "newer"
  if (order < 0) return "rolled-back"
  return equalBytes(before.headerBytes, next.headerBytes) ? "same" : "equivocation"
}

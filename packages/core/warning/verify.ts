import { equalBytes } from "../bytes/equal.ts"
import { type Charter, type CharterChain, charterByHash, languageIndex } from "../charter/charter.ts"
import { coversInstant, type Delegation, delegationByHash } from "../delegation/delegation.ts"
import type { PublicKey } from "../keys.ts"
import { MAX_WARNING_SECONDS } from "../parameters.ts"
import { err, ok, type Result } from "../result.ts"
import { isRevoked, type Revocation } from "../revocation/revocation.ts"
import { type ObjectHash, objectHash, verifiedSigners } from "../signature/signed.ts"
import { HOUR_SECONDS } from "../time/instant.ts"
import { decodeWarningCore, textHash } from "./codec.ts"
import {
  isSignedByCharter,
  type SignedWarning,
  type Warning,
  type WarningCore,
  type WarningText,
} from "./warning.ts"
import { fillWording, wordingById } from "./wording.ts"

export type WarningError =
  | { readonly kind: "malformed-warning" }
  | { readonly kind: "unknown-organisation" }
  /** Its charter or its delegation is not among those given, or does not cover the time at which it was signed. */
  | { readonly kind: "unknown-authority" }
  /** A signature that does not hold: forged, or altered after signing. */
  | { readonly kind: "bad-signature" }
  | { readonly kind: "too-few-signatures"; readonly signatures: number; readonly needed: number }
  /** Enough had signed, but keys have been taken back since: void until others sign it again (rules V3, W11). */
  | { readonly kind: "revoked"; readonly signatures: number; readonly needed: number }
  /** A text that is not the one that was signed. */
  | { readonly kind: "altered-text" }
  /** Breaks a rule of its kind: the number is that of docs/protocol.md. */
  | { readonly kind: "against-rule"; readonly rule: "W5" | "W6" | "W7" }

/** What a warning is judged by, all of it verified. */
export interface Authority {
  readonly chain: CharterChain
  readonly delegations: readonly Delegation[]
  readonly revocations: readonly Revocation[]
}

/**
 * The only source of a `Warning`. Judged at its signed time (docs/protocol.md §6): whether it is in force now
 * is `phaseAt`, whether another has replaced it is `resolveWarnings`.
 */
export async function verifyWarning(
  candidate: SignedWarning,
  authority: Authority,
): Promise<Result<Warning, WarningError>> {
  const core = decodeWarningCore(candidate.body)
  if (!core) return err({ kind: "malformed-warning" })
  if (!equalBytes(core.organisationId, authority.chain.organisationId))
    return err({ kind: "unknown-organisation" })
  const charter = charterByHash(authority.chain, core.charterHash)?.charter
  const keys = charter && signingKeys(core, charter, authority)
  if (!charter || !keys || core.signedAt < charter.issued || core.signedAt >= charter.expires) {
    return err({ kind: "unknown-authority" })
  }
  const signers = await verifiedSigners("warning", candidate.body, keys, candidate.signatures)
  if (!signers) return err({ kind: "bad-signature" })
  const needed = signaturesNeeded(core, charter)
  if (signers.length < needed) return err({ kind: "too-few-signatures", signatures: signers.length, needed })
  const counted = signers.filter((key) => stillCounts(key, core, authority)).length
  if (counted < needed) return err({ kind: "revoked", signatures: counted, needed })
  const broken = brokenRule(core, charter)
  if (broken) return err({ kind: "against-rule", rule: broken })
  const texts = verifiedTexts(core, candidate.texts, charter)
  if (!texts) return err({ kind: "altered-text" })
  const warning = {
    hash: objectHash("warning", candidate.body),
    core,
    texts,
    signed: candidate,
    signatures: counted,
  }
  return ok(warning as Warning)
}

function signingKeys(
  core: WarningCore,
  charter: Charter,
  { chain, delegations }: Authority,
): readonly PublicKey<"charter-signing" | "officer">[] | undefined {
  if (isSignedByCharter(core.content.kind)) return charter.signers
  const delegation = delegationByHash(delegations, core.delegationHash)
  return delegation &&
    coversInstant(delegation, core.signedAt) &&
    !isOlder(core.charterHash, delegation.charterHash, chain)
    ? delegation.officers
    : undefined
}

/** Rule W4: officers of a charter can't use the wordings of one before it, which may have been taken out of use. */
const isOlder = (hash: ObjectHash, than: ObjectHash, { links }: CharterChain): boolean =>
  links.findIndex((link) => equalBytes(link.hash, hash)) <
  links.findIndex((link) => equalBytes(link.hash, than))

/**
 * Officers' keys end by revocation (rule V3), those of charter signers by the next charter (rule W11): who was left
 * out of it, perhaps because seized, clears no more. Officers can't take a signer's key back (rule V3).
 */
const stillCounts = (
  key: PublicKey<"charter-signing" | "officer">,
  { content }: WarningCore,
  { chain, revocations }: Authority,
): boolean =>
  isSignedByCharter(content.kind)
    ? chain.current.charter.signers.some((signer) => equalBytes(signer, key))
    : !isRevoked(key, revocations)

/** Rules W3 and W4: how many must sign. */
export function signaturesNeeded(core: WarningCore, charter: Charter): number {
  if (isSignedByCharter(core.content.kind)) return charter.threshold
  return core.content.kind === "approved" ? 1 : 2
}

/** The first rule that a core breaks, or null. Desks ask before they sign, verifiers after. */
export function brokenRule(core: WarningCore, charter: Charter): "W5" | "W6" | "W7" | null {
  const { signedAt, effective, expires, content } = core
  const isDanger = content.kind === "approved" || content.kind === "free"
  const timesHold = signedAt <= effective && effective < expires && expires - signedAt <= MAX_WARNING_SECONDS
  // Only a danger may begin later: else a warning would have ended and nothing yet stand in its place.
  if (!timesHold || (!isDanger && effective !== signedAt)) return "W5"
  if (!core.areas.every((id) => charter.areas.some((area) => area.id === id))) return "W6"
  if ("texts" in content && !content.texts.every(({ language }) => languageIndex(charter, language) >= 0))
    return "W6"
  if (content.kind === "approved") {
    const wording = wordingById(charter, content.wording)
    const asApproved =
      wording !== undefined &&
      core.areas.length > 0 &&
      core.severity === wording.severity &&
      core.urgency === wording.urgency &&
      core.certainty === wording.certainty &&
      core.responses.join() === wording.responses.join() &&
      expires - effective <= wording.maxHours * HOUR_SECONDS &&
      content.since <= effective
    if (!asApproved) return "W6"
  }
  const replaces = core.supersedes.some((byte) => byte !== 0)
  const startsAt = core.sequence === 0
  // Rule W7: the first version replaces nothing, every later one names the version it replaces; only a
  // danger can be the first.
  if (replaces === startsAt) return "W7"
  if (startsAt && !isDanger) return "W7"
  const namesDelegation = core.delegationHash.some((byte) => byte !== 0)
  if (namesDelegation === isSignedByCharter(content.kind)) return "W7"
  const saysAllClear = core.responses.includes("AllClear")
  return saysAllClear === isSignedByCharter(content.kind) ? null : "W7"
}

/** Rule W2: an approved wording is filled from the charter; a free text must have the hash that was signed. */
function verifiedTexts(
  core: WarningCore,
  given: readonly WarningText[],
  charter: Charter,
): readonly WarningText[] | null {
  const { content } = core
  if (content.kind === "approved") {
    const wording = wordingById(charter, content.wording)
    return wording && given.length === 0
      ? fillWording(charter, wording, { areas: core.areas, since: content.since })
      : null
  }
  if (content.kind === "withdrawal") return given.length === 0 ? [] : null
  const genuine = given.every((text) => {
    const signed = content.texts.find(({ language }) => language === text.language)
    return signed !== undefined && equalBytes(signed.hash, textHash(text).hash)
  })
  return genuine && given.length > 0 ? given : null
}

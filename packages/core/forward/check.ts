/** "Is this warning genuine?", without a network. docs/protocol.md §14. */
import { type Charter, type CharterChain, charterByHash } from "../charter/charter.ts"
import { type Delegation, verifyDelegation } from "../delegation/delegation.ts"
import { SKEW_SECONDS } from "../parameters.ts"
import type { Revocation } from "../revocation/revocation.ts"
import type { Instant } from "../time/instant.ts"
import { confirms, phaseAt, resolveWarnings } from "../warning/resolve.ts"
import { verifyWarning, type WarningError } from "../warning/verify.ts"
import type { Veto } from "../warning/veto.ts"
import {
  isDanger,
  isSignedByCharter,
  type Warning,
  type WarningCore,
  type WarningText,
} from "../warning/warning.ts"
import { areaClosure } from "../warning/wording.ts"
import { type ForwardPayload, findCode } from "./payload.ts"
import { blockText, readableText } from "./text-block.ts"

/** What the checker trusts: a page's, a saved copy's or `kunak verify`'s own charter and newest bulletin. */
export interface CheckerKnowledge {
  readonly chain: CharterChain
  readonly delegations: readonly Delegation[]
  readonly revocations: readonly Revocation[]
  readonly warnings: readonly Warning[]
  readonly vetoes: readonly Veto[]
}

/** What was said, word for word, to be shown beside every verdict that has it. */
export interface GenuineText {
  readonly warning: Warning
  readonly text: WarningText
  readonly charter: Charter
  /** The readable part as the organisation signed it. */
  readonly readable: string
}

export type CheckOutcome =
  /** `compared`: the words were compared too; false for a code alone, where people must compare. */
  | {
      readonly kind: "genuine"
      readonly genuine: GenuineText
      readonly compared: boolean
      readonly scheduled: boolean
    }
  /** Genuine, but past its time. */
  | { readonly kind: "expired"; readonly genuine: GenuineText; readonly compared: boolean }
  /** Genuine once; this checker knows that it has been replaced, withdrawn or cleared. */
  | {
      readonly kind: "replaced"
      readonly state: "superseded" | "withdrawn" | "cleared"
      readonly genuine: GenuineText
    }
  /** Words, code or signature altered. The genuine words are given where the code still holds. */
  | {
      readonly kind: "changed"
      readonly how: "words" | "added" | "code"
      readonly genuine: GenuineText | null
    }
  | {
      readonly kind: "unknown"
      readonly why: "no-code" | "other-organisation" | "newer-or-forged" | "key-revoked"
    }

/** Checks pasted text, or the text of a scanned code, at the checker's own time. */
export async function checkForward(
  pasted: string,
  known: CheckerKnowledge,
  now: Instant,
): Promise<CheckOutcome> {
  const code = findCode(pasted)
  if (!code) return { kind: "unknown", why: "no-code" }
  if (!code.payload) return { kind: "changed", how: "code", genuine: null }
  const verified = await verifyPayload(code.payload, known)
  if ("kind" in verified) return verified
  const { genuine } = verified
  const words = compareWords(code.before + code.after, genuine, known.chain)
  if (words === "differ") return { kind: "changed", how: "words", genuine }
  if (words === "added") return { kind: "changed", how: "added", genuine }
  const compared = words === "same"
  const { core } = genuine.warning
  if (phaseAt(core, now) === "expired") return { kind: "expired", genuine, compared }
  const replaced = isDanger(core) ? knownEnd(genuine.warning, known) : overtaken(genuine, known, now)
  if (replaced) return { kind: "replaced", state: replaced, genuine }
  // An all-clear of tomorrow: its day in public is not over (rule W9).
  if (!isDanger(core) && core.signedAt > now + SKEW_SECONDS)
    return { kind: "unknown", why: "newer-or-forged" }
  return { kind: "genuine", genuine, compared, scheduled: phaseAt(core, now) === "scheduled" }
}

async function verifyPayload(
  payload: ForwardPayload,
  known: CheckerKnowledge,
): Promise<{ readonly genuine: GenuineText } | CheckOutcome> {
  const { chain, revocations } = known
  const travelling = payload.delegation && (await verifyDelegation(payload.delegation, chain))
  const delegations = travelling?.ok ? [travelling.value, ...known.delegations] : known.delegations
  const authority = { chain, delegations, revocations }
  const warning = await verifyWarning(payload.warning, authority)
  if (!warning.ok) return refusal(warning.error)
  const { content, charterHash } = warning.value.core
  // A proposal is public for its day, but nobody may forward it as an all-clear (rule W9).
  const proposal = payload.proposal && (await verifyWarning(payload.proposal, authority))
  const unconfirmed =
    isSignedByCharter(content.kind) &&
    !(proposal?.ok && confirms(warning.value, proposal.value, known.vetoes))
  if (unconfirmed || content.kind === "withdrawal") return { kind: "unknown", why: "newer-or-forged" }
  const text = warning.value.texts.find(({ language }) => language === payload.language)
  const charter = charterByHash(chain, charterHash)?.charter
  if (!text || !charter) return { kind: "changed", how: "code", genuine: null }
  return {
    genuine: {
      warning: warning.value,
      text,
      charter,
      readable: readableText(warning.value.core, text, charter),
    },
  }
}

function refusal(error: WarningError): CheckOutcome {
  switch (error.kind) {
    case "unknown-organisation":
      return { kind: "unknown", why: "other-organisation" }
    case "unknown-authority":
    case "against-rule":
    case "too-few-signatures":
      return { kind: "unknown", why: "newer-or-forged" }
    case "revoked":
      return { kind: "unknown", why: "key-revoked" }
    default:
      return { kind: "changed", how: "code", genuine: null }
  }
}

/** Spaces, line ends and the messengers' own marks of quotation do not count; every other letter does. */
const normalise = (text: string): string =>
  text
    .normalize("NFC")
    .replace(/^[\s>]+/gm, " ")
    .replace(/\s+/g, " ")
    .trim()

function compareWords(
  pasted: string,
  genuine: GenuineText,
  chain: CharterChain,
): "none" | "same" | "added" | "differ" {
  const found = normalise(pasted)
  if (found === "") return "none"
  const { warning, text, charter, readable } = genuine
  const addresses = chain.links.flatMap((link) => link.charter.relays[0].web)
  const whole = addresses.map((address) => normalise(blockText(warning.core, text, charter, address)))
  if (found === normalise(readable) || whole.includes(found)) return "same"
  return found.includes(normalise(readable)) ? "added" : "differ"
}

function knownEnd(warning: Warning, known: CheckerKnowledge): "superseded" | "withdrawn" | "cleared" | null {
  const [resolved] = resolveWarnings([warning, ...known.warnings], known.vetoes, known.chain)
  return !resolved || resolved.state === "stands" ? null : resolved.state
}

/** Rule F7: an all-clear says nothing where a danger stands that was signed after it, for any of its area. */
function overtaken(
  { warning: { core }, charter }: GenuineText,
  known: CheckerKnowledge,
  now: Instant,
): "superseded" | null {
  const cleared = areaClosure(charter, core.areas)
  const concerns = (danger: WarningCore): boolean =>
    danger.areas.length === 0 ||
    core.areas.length === 0 ||
    [...areaClosure(charter, danger.areas)].some((area) => cleared.has(area))
  const isOvertaken = resolveWarnings(known.warnings, known.vetoes, known.chain).some(
    ({ warning: danger, state }) =>
      state === "stands" &&
      danger.core.signedAt > core.signedAt &&
      phaseAt(danger.core, now) === "live" &&
      concerns(danger.core),
  )
  return isOvertaken ? "superseded" : null
}

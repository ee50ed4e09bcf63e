/** Which of many verified warnings stand: replaced, withdrawn, cleared. docs/protocol.md §7. */
import { equalBytes } from "../bytes/equal.ts"
import { type Charter, type CharterChain, charterByHash } from "../charter/charter.ts"
import { ALL_CLEAR_SECONDS } from "../parameters.ts"
import type { Instant } from "../time/instant.ts"
import { CERTAINTIES, SEVERITIES, URGENCIES } from "./scale.ts"
import type { Veto } from "./veto.ts"
import { isDanger, type Warning, type WarningCore } from "./warning.ts"
import { areaClosure } from "./wording.ts"

export type Phase = "scheduled" | "live" | "expired"

export function phaseAt(core: WarningCore, now: Instant): Phase {
  if (now >= core.expires) return "expired"
  return now < core.effective ? "scheduled" : "live"
}

/**
 * Whether putting `next` in the place of `current` would tell people that they are safer: lower on any of
 * CAP's scales, a smaller area, or an earlier end (rule W8). Only k charter signers may do that.
 */
export function relaxes(current: WarningCore, next: WarningCore, charter: Charter): boolean {
  const lower = <T>(scale: readonly T[], before: T, after: T): boolean =>
    scale.indexOf(after) > scale.indexOf(before)
  const covered = areaClosure(charter, next.areas)
  return (
    lower(SEVERITIES, current.severity, next.severity) ||
    lower(URGENCIES, current.urgency, next.urgency) ||
    lower(CERTAINTIES, current.certainty, next.certainty) ||
    next.expires < current.expires ||
    // Until it begins, nothing would stand.
    next.effective > Math.max(current.effective, next.signedAt) ||
    current.areas.some((id) => !covered.has(id))
  )
}

export interface ResolvedWarning {
  readonly warning: Warning
  /** In force as itself, or ended by `by`. */
  readonly state: "stands" | "superseded" | "withdrawn" | "cleared"
  readonly by: Warning | null
}

/**
 * Every danger with what became of it, and nothing else: proposals never show, an all-clear only where it is
 * confirmed (rule W9) and no signer has vetoed its proposal. A replacement that relaxes, or that too few signed,
 * replaces nothing: both stand (rule W8).
 */
export function resolveWarnings(
  warnings: readonly Warning[],
  vetoes: readonly Veto[],
  chain: CharterChain,
): readonly ResolvedWarning[] {
  return warnings
    .filter(({ core }) => isDanger(core))
    .map((warning) => endedBy(warning, warnings, vetoes, chain) ?? { warning, state: "stands", by: null })
}

/**
 * In order of caution, whatever the order of the list: where officers have published a successor, an all-clear
 * of the version before says nothing (rule W8); a withdrawal is no all-clear.
 */
function endedBy(
  warning: Warning,
  all: readonly Warning[],
  vetoes: readonly Veto[],
  chain: CharterChain,
): ResolvedWarning | undefined {
  const charter = charterByHash(chain, warning.core.charterHash)?.charter ?? chain.current.charter
  const next = all.filter((candidate) => replaces(candidate, warning))
  const successor = next.find((by) => isDanger(by.core) && isReplacement(warning.core, by, charter))
  if (successor) return { warning, state: "superseded", by: successor }
  const withdrawal = next.find(
    (by) => by.core.content.kind === "withdrawal" && outlasts(by.core, warning.core),
  )
  if (withdrawal) return { warning, state: "withdrawn", by: withdrawal }
  const proposals = next.filter(({ core }) => core.content.kind === "all-clear-proposal")
  const allClear = all.find(
    (by) =>
      outlasts(by.core, warning.core) &&
      sameAreas(by.core, warning.core) &&
      proposals.some((proposal) => confirms(by, proposal, vetoes)),
  )
  return allClear && { warning, state: "cleared", by: allClear }
}

/** Rule W10: what ends a warning lasts as long as it, or the warning would come back when only its end has expired. */
const outlasts = (end: WarningCore, warning: WarningCore): boolean => end.expires >= warning.expires

/** Nothing outside its area is cleared in silence, nothing beside it in words. */
const sameAreas = (a: WarningCore, b: WarningCore): boolean => a.areas.join() === b.areas.join()

/**
 * How many officers it takes to put `next` in the place of `current` (rule W8): one for the same approved wording
 * (a larger area, a later end), two for anything else. Else one officer could replace two officers' "don't go to
 * that address" by any approved wording, and it would be gone.
 */
export const signaturesToReplace = (current: WarningCore, next: WarningCore): 1 | 2 =>
  current.content.kind === "approved" &&
  next.content.kind === "approved" &&
  current.content.wording === next.content.wording
    ? 1
    : 2

const isReplacement = (current: WarningCore, next: Warning, charter: Charter): boolean =>
  next.signatures >= signaturesToReplace(current, next.core) && !relaxes(current, next.core, charter)

const replaces = (next: Warning, before: Warning): boolean =>
  equalBytes(next.core.supersedes, before.hash) &&
  equalBytes(next.core.id, before.core.id) &&
  next.core.sequence === before.core.sequence + 1 &&
  next.core.signedAt >= before.core.signedAt

/** Rule W9: a confirmation names its living proposal, repeats its texts and areas, and was signed at least a day later. */
export function confirms(confirmation: Warning, proposal: Warning, vetoes: readonly Veto[]): boolean {
  const [after, before] = [confirmation.core.content, proposal.core.content]
  if (after.kind !== "all-clear" || before.kind !== "all-clear-proposal") return false
  return (
    replaces(confirmation, proposal) &&
    confirmation.core.signedAt >= proposal.core.signedAt + ALL_CLEAR_SECONDS &&
    confirmation.core.signedAt < proposal.core.expires &&
    sameAreas(confirmation.core, proposal.core) &&
    after.texts.length === before.texts.length &&
    after.texts.every((text, i) => equalBytes(text.hash, before.texts[i]?.hash ?? new Uint8Array())) &&
    !vetoes.some((veto) => equalBytes(veto.proposal, proposal.hash))
  )
}

/** What a reader is shown at `now`: newest first, nothing expired. */
export function shownWarnings(
  resolved: readonly ResolvedWarning[],
  now: Instant,
): readonly ResolvedWarning[] {
  return resolved
    .filter(({ warning, state, by }) => {
      if (state === "superseded") return false
      const shown = state === "cleared" && by ? by : warning
      return phaseAt(shown.core, now) === "live"
    })
    .sort((a, b) => (b.by ?? b.warning).core.signedAt - (a.by ?? a.warning).core.signedAt)
}

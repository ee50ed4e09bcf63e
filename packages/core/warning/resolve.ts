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
 * confirmed (rule W9) and no signer has vetoed its proposal. A replacement that relaxes replaces nothing: both stand.
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

function endedBy(
  warning: Warning,
  all: readonly Warning[],
  vetoes: readonly Veto[],
  chain: CharterChain,
): ResolvedWarning | undefined {
  const charter = charterByHash(chain, warning.core.charterHash)?.charter ?? chain.current.charter
  for (const by of all.filter((next) => replaces(next, warning))) {
    const { kind } = by.core.content
    if (kind === "withdrawal") return { warning, state: "withdrawn", by }
    if (kind === "all-clear-proposal") {
      const confirmed = all.find(
        (next) => next.core.content.kind === "all-clear" && confirms(next, by, vetoes),
      )
      if (confirmed) return { warning, state: "cleared", by: confirmed }
    } else if (kind !== "all-clear" && !relaxes(warning.core, by.core, charter)) {
      return { warning, state: "superseded", by }
    }
  }
  return undefined
}

const replaces = (next: Warning, before: Warning): boolean =>
  equalBytes(next.core.supersedes, before.hash) &&
  equalBytes(next.core.id, before.core.id) &&
  next.core.sequence === before.core.sequence + 1 &&
  next.core.signedAt >= before.core.signedAt

/** Rule W9: a confirmation names its proposal, repeats its texts, and was signed at least a day later. */
export function confirms(confirmation: Warning, proposal: Warning, vetoes: readonly Veto[]): boolean {
  const [after, before] = [confirmation.core.content, proposal.core.content]
  if (after.kind !== "all-clear" || before.kind !== "all-clear-proposal") return false
  return (
    replaces(confirmation, proposal) &&
    confirmation.core.signedAt >= proposal.core.signedAt + ALL_CLEAR_SECONDS &&
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

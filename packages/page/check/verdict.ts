/** What a person is told about a pasted or scanned warning: docs/protocol.md §14, rule G14. */
import type { CheckOutcome, GenuineText } from "@kunak/core/forward/check"
import type { LiveKey } from "../view/live-speech.ts"

export interface Verdict {
  readonly outcome: CheckOutcome["kind"]
  readonly name: LiveKey
  readonly sentences: readonly LiveKey[]
  /** The words as they were signed. What was pasted is never shown again. */
  readonly genuine: GenuineText | null
}

/** @param isFresh whether the page that judges is up to date. */
export function verdictOn(outcome: CheckOutcome, isFresh: boolean): Verdict {
  const verdict = bareVerdict(outcome)
  const isDemonstration = verdict.genuine?.charter.demonstration ?? false
  return {
    ...verdict,
    sentences: [
      ...verdict.sentences,
      ...(outcome.kind === "genuine" && !isFresh ? (["live.genuineOldPage"] as const) : []),
      ...(isDemonstration ? (["live.demonstrationVerdict"] as const) : []),
    ],
  }
}

function bareVerdict(outcome: CheckOutcome): Verdict {
  const told = (name: LiveKey, ...sentences: readonly LiveKey[]): Verdict => ({
    outcome: outcome.kind,
    name,
    sentences,
    genuine: "genuine" in outcome ? outcome.genuine : null,
  })
  switch (outcome.kind) {
    case "genuine":
      if (outcome.scheduled) return told("live.genuine", "live.genuineScheduled", ...uncompared(outcome))
      return told("live.genuine", outcome.compared ? "live.genuineText" : "live.genuineCode")
    case "expired":
      return told("live.expiredVerdict", "live.expiredText", ...uncompared(outcome))
    case "replaced":
      switch (outcome.state) {
        case "superseded":
          return told("live.superseded", "live.supersededText")
        case "withdrawn":
          return told("live.withdrawn", "live.withdrawnText")
        case "cleared":
          return told("live.cleared", "live.clearedText")
      }
      break
    case "changed":
      switch (outcome.how) {
        case "words":
          return told("live.changed", "live.changedWords")
        case "added":
          return told("live.changed", "live.changedAdded")
        case "code":
          return told("live.changed", "live.changedCode")
      }
      break
    case "unknown":
      switch (outcome.why) {
        case "no-code":
          return told("live.unknown", "live.unknownNoCode")
        case "other-organisation":
          return told("live.unknown", "live.unknownOther")
        case "newer-or-forged":
          return told("live.unknown", "live.unknownNewer")
        case "key-revoked":
          return told("live.unknown", "live.unknownRevoked")
      }
  }
}

const uncompared = (outcome: { readonly compared: boolean }): readonly LiveKey[] =>
  outcome.compared ? [] : ["live.compare"]

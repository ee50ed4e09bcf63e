/** What a person is told about a pasted or scanned warning: docs/protocol.md §14, rule G14. */
import type { CheckOutcome, GenuineText } from "@kunak/core/forward/check"
import type { LaterKey } from "../view/live-speech.ts"

export interface Verdict {
  readonly outcome: CheckOutcome["kind"]
  readonly name: LaterKey
  readonly sentences: readonly LaterKey[]
  /** Said after the genuine words: what else bears on the answer. */
  readonly notes: readonly LaterKey[]
  /** The words as they were signed. What was pasted is never shown again. */
  readonly genuine: GenuineText | null
}

/** @param isFresh whether the page that judges is up to date. */
export function verdictOn(outcome: CheckOutcome, isFresh: boolean): Verdict {
  const verdict = bareVerdict(outcome)
  const isDemonstration = verdict.genuine?.charter.demonstration ?? false
  return {
    ...verdict,
    notes: [
      ...(outcome.kind === "genuine" && !isFresh ? (["later.genuineOldPage"] as const) : []),
      ...(isDemonstration ? (["later.demonstrationVerdict"] as const) : []),
    ],
  }
}

function bareVerdict(outcome: CheckOutcome): Verdict {
  const told = (name: LaterKey, ...sentences: readonly LaterKey[]): Verdict => ({
    outcome: outcome.kind,
    name,
    sentences,
    notes: [],
    genuine: "genuine" in outcome ? outcome.genuine : null,
  })
  switch (outcome.kind) {
    case "genuine":
      if (outcome.scheduled) return told("later.genuine", "later.genuineScheduled", ...uncompared(outcome))
      return told("later.genuine", outcome.compared ? "later.genuineText" : "later.genuineCode")
    case "expired":
      return told("later.expiredVerdict", "later.expiredText", ...uncompared(outcome))
    case "replaced":
      switch (outcome.state) {
        case "superseded":
          return told("later.superseded", "later.supersededText")
        case "withdrawn":
          return told("later.withdrawn", "later.withdrawnText")
        case "cleared":
          return told("later.cleared", "later.clearedText")
      }
      break
    case "changed":
      switch (outcome.how) {
        case "words":
          return told("later.changed", "later.changedWords")
        case "added":
          return told("later.changed", "later.changedAdded")
        case "code":
          return told("later.changed", "later.changedCode")
      }
      break
    case "unknown":
      switch (outcome.why) {
        case "no-code":
          return told("later.unknown", "later.unknownNoCode")
        case "other-organisation":
          return told("later.unknown", "later.unknownOther")
        case "newer-or-forged":
          return told("later.unknown", "later.unknownNewer")
        case "key-revoked":
          return told("later.unknown", "later.unknownRevoked")
      }
  }
}

const uncompared = (outcome: { readonly compared: boolean }): readonly LaterKey[] =>
  outcome.compared ? [] : ["later.compare"]

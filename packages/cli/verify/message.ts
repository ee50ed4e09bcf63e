import { fingerprint } from "@kunak/core/charter/fingerprint"
import { type CheckOutcome, checkForward } from "@kunak/core/forward/check"
import { formatTime } from "@kunak/core/time/format"
import { instantFromMs } from "@kunak/core/time/instant"
import type { Knowledge } from "./knowledge.ts"
import type { VerifyReport } from "./report.ts"

/** The verdict on a forwarded message or a scanned code, without a network. */
export async function verifyMessage(
  text: string,
  { checker, pinned }: Knowledge,
  nowMs: number,
): Promise<VerifyReport> {
  const outcome = await checkForward(text, checker, instantFromMs(nowMs))
  const organisation = fingerprint(checker.chain.organisationId)
  const words = "genuine" in outcome && outcome.genuine ? outcome.genuine.readable : null
  const origin = pinned
    ? `The charter has the fingerprint that you gave.`
    : `Judged by a charter with the fingerprint ${organisation}: compare it with the printed one.`
  return {
    genuine: outcome.kind === "genuine",
    text: [
      sentence(outcome),
      ...(words ? ["", "What was signed, word for word:", "", indent(words)] : []),
      "",
      origin,
    ].join("\n"),
    json: { verdict: outcome.kind, ...details(outcome), organisation, pinned, text: words },
  }
}

const indent = (text: string): string => text.replace(/^/gm, "    ")

function details(outcome: CheckOutcome): Readonly<Record<string, unknown>> {
  switch (outcome.kind) {
    case "genuine":
      return { compared: outcome.compared, scheduled: outcome.scheduled }
    case "expired":
      return { compared: outcome.compared }
    case "replaced":
      return { state: outcome.state }
    case "changed":
      return { how: outcome.how }
    case "unknown":
      return { why: outcome.why }
  }
}

function sentence(outcome: CheckOutcome): string {
  switch (outcome.kind) {
    case "genuine":
      return [
        outcome.scheduled ? "GENUINE, but not yet in force." : "GENUINE.",
        outcome.compared ? "" : "Only the code was given: compare the words that you have with these.",
      ]
        .join(" ")
        .trim()
    case "expired": {
      const { warning, charter, text } = outcome.genuine
      return `EXPIRED. It was genuine, and held until ${formatTime(warning.core.expires, text.language, charter)}.`
    }
    case "replaced":
      return {
        superseded: "REPLACED. It was genuine; a newer version stands on the page.",
        withdrawn: "WITHDRAWN. It was genuine; the organisation has taken it back. That is not an all-clear.",
        cleared: "CLEARED. It was genuine; an all-clear has been given since.",
      }[outcome.state]
    case "changed":
      return {
        words: "CHANGED. The words are not those that were signed.",
        added: "CHANGED. Words were added that nobody signed.",
        code: "CHANGED. The code at the end is damaged or was altered: ask for the message again.",
      }[outcome.how]
    case "unknown":
      return {
        "no-code": "UNKNOWN. There is no code in it: anybody could have written this.",
        "other-organisation": "UNKNOWN. It comes from another organisation than the charter's.",
        "newer-or-forged":
          "UNKNOWN. It is forged, or newer than this charter: get a newer page or charter and try again.",
        "key-revoked": "UNKNOWN. The key that signed it has been revoked: do not rely on it.",
      }[outcome.why]
  }
}

/** CAP 1.2 (OASIS, 2010): one alert for each shown warning, one info for each language. */
import { type CharterChain, languageIndex } from "@kunak/core/charter/charter"
import { fingerprint } from "@kunak/core/charter/fingerprint"
import type { Delegation } from "@kunak/core/delegation/delegation"
import { makePayload, toQrText } from "@kunak/core/forward/payload"
import { frameWords } from "@kunak/core/forward/words"
import { formatIso } from "@kunak/core/time/format"
import type { ResolvedWarning } from "@kunak/core/warning/resolve"
import type { Warning, WarningText } from "@kunak/core/warning/warning"
import { areasOf } from "@kunak/core/warning/wording"
import { alertName, charterOf, speaking } from "./alert.ts"
import { xml } from "./xml.ts"

export interface FeedContext {
  readonly chain: CharterChain
  readonly delegations: readonly Delegation[]
  readonly warnings: readonly Warning[]
}

/** CAP's sender: no spaces, commas, "<" or "&" (CAP 1.2 §3.2.1). */
export const capSender = (chain: CharterChain): string =>
  `kunak:${fingerprint(chain.organisationId).replaceAll(" ", "")}`

/** The alert as XML. A withdrawal cancels; an all-clear updates with the response AllClear. */
export function capAlert(resolved: ResolvedWarning, context: FeedContext): string {
  const warning = speaking(resolved)
  const { chain } = context
  const charter = charterOf(chain, warning)
  const { core } = warning
  const replaced = resolved.by ? resolved.warning : predecessor(warning, context.warnings)
  const sender = capSender(chain)
  const texts = warning.texts.length > 0 ? warning.texts : withdrawalTexts(resolved)
  return xml({
    alert: {
      "@xmlns": "urn:oasis:names:tc:emergency:cap:1.2",
      identifier: alertName(warning),
      sender,
      sent: formatIso(core.signedAt, charter),
      status: charter.demonstration ? "Exercise" : "Actual",
      msgType: resolved.state === "withdrawn" ? "Cancel" : replaced ? "Update" : "Alert",
      scope: "Public",
      ...(replaced
        ? { references: `${sender},${alertName(replaced)},${formatIso(replaced.core.signedAt, charter)}` }
        : {}),
      info: texts.map((text) => info(text, warning, context)),
    },
  })
}

function info(text: WarningText, warning: Warning, { chain, delegations }: FeedContext) {
  const { core } = warning
  const charter = charterOf(chain, warning)
  const language = charter.languages[Math.max(0, languageIndex(charter, text.language))]
  const area = areasOf(core, charter, text.language)
  const isForwardable = core.content.kind === "approved" || core.content.kind === "free"
  return {
    language: text.language,
    category: "Security",
    event: text.headline,
    responseType: core.responses,
    urgency: core.urgency,
    severity: core.severity,
    certainty: core.certainty,
    effective: formatIso(core.effective, charter),
    expires: formatIso(core.expires, charter),
    senderName: language?.organisation ?? "",
    headline: text.headline,
    description: text.description,
    ...(text.instruction === "" ? {} : { instruction: text.instruction }),
    web: chain.current.charter.relays[0].web,
    ...(language?.contact ? { contact: language.contact } : {}),
    // Whoever gets the alert from somewhere else can check it as a forward (docs/protocol.md §14).
    ...(isForwardable
      ? {
          parameter: {
            valueName: "kunak",
            value: toQrText(makePayload(warning, text.language, delegations)),
          },
        }
      : {}),
    ...(area === "" ? {} : { area: { areaDesc: area } }),
  }
}

/** A withdrawal has no text of its own: the frame's words, under the headline of what it withdraws. */
const withdrawalTexts = ({ warning }: ResolvedWarning): readonly WarningText[] =>
  warning.texts.map(({ language, headline }) => ({
    language,
    headline,
    description: frameWords(language, "withdrawn"),
    instruction: "",
  }))

const predecessor = (warning: Warning, all: readonly Warning[]): Warning | undefined =>
  all.find(({ hash }) => String(hash) === String(warning.core.supersedes))

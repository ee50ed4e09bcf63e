/** A signed warning in the forms in which people carry it: message and poster. */

import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import type { CharterChain } from "@kunak/core/charter/charter"
import { charterByHash, languageIndex } from "@kunak/core/charter/charter"
import { encodePayload, makePayload, toQrText } from "@kunak/core/forward/payload"
import { checkAddress, textBlock } from "@kunak/core/forward/text-block"
import { frameWords } from "@kunak/core/forward/words"
import { MAX_QR_BYTES } from "@kunak/core/parameters"
import { err, ok, type Result } from "@kunak/core/result"
import { formatTime } from "@kunak/core/time/format"
import type { Warning } from "@kunak/core/warning/warning"
import { areasOf } from "@kunak/core/warning/wording"
import type { OpenDesk } from "../open-desk.ts"
import type { PosterContent } from "./poster.ts"
import { resolvedWarnings } from "./queries.ts"

export type ForwardError =
  | { readonly kind: "not-found" }
  | { readonly kind: "language-missing" }
  | { readonly kind: "ended" }
  | { readonly kind: "block-too-long"; readonly count: number }
  | { readonly kind: "poster-too-long"; readonly count: number }

/** Only what stands and has not ended is forwarded: an all-clear through its confirmation, nothing withdrawn. */
async function forwardable(desk: OpenDesk, hash: string): Promise<Result<Forwardable, ForwardError>> {
  const found = (await resolvedWarnings(desk)).find(({ warning }) => toHex(warning.hash) === hash)
  if (!found) return err({ kind: "not-found" })
  const { warning, state, by } = found
  if (state === "superseded" || state === "withdrawn") return err({ kind: "ended" })
  const spoken = state === "cleared" && by ? by : warning
  if (spoken.core.expires <= desk.now()) return err({ kind: "ended" })
  const { warnings } = desk.sync.line()
  const proposal =
    spoken === warning
      ? null
      : (warnings.find(({ hash: one }) => equalBytes(one, spoken.core.supersedes)) ?? null)
  return ok({ warning: spoken, proposal })
}

interface Forwardable {
  readonly warning: Warning
  readonly proposal: Warning | null
}

export async function messageOf(
  desk: OpenDesk,
  hash: string,
  language: string,
): Promise<Result<string, ForwardError>> {
  const found = await forwardable(desk, hash)
  if (!found.ok) return found
  const { warning, proposal } = found.value
  if (!warning.texts.some((text) => text.language === language)) return err({ kind: "language-missing" })
  const block = textBlock(warning, language, desk.chain(), desk.sync.line().delegations, proposal)
  if (block.ok) return block
  return err({ kind: "block-too-long", count: block.error.letters - block.error.limit })
}

export async function posterOf(
  desk: OpenDesk,
  hash: string,
  language: string,
): Promise<Result<PosterContent, ForwardError>> {
  const found = await forwardable(desk, hash)
  if (!found.ok) return found
  const { warning, proposal } = found.value
  const text = warning.texts.find((one) => one.language === language)
  if (!text) return err({ kind: "language-missing" })
  const payload = makePayload(warning, language, desk.sync.line().delegations, proposal)
  const over = encodePayload(payload).length - MAX_QR_BYTES
  if (over > 0) return err({ kind: "poster-too-long", count: over })
  return ok(content(warning, text, toQrText(payload), desk.chain()))
}

function content(
  { core }: Warning,
  text: Warning["texts"][number],
  code: string,
  chain: CharterChain,
): PosterContent {
  const charter = charterByHash(chain, core.charterHash)?.charter ?? chain.current.charter
  const { language } = text
  const place = charter.languages[Math.max(0, languageIndex(charter, language))]
  const zone = place?.zoneName ?? ""
  const time = (at: typeof core.expires): string => formatTime(at, language, charter)
  const area = areasOf(core, charter, language)
  return {
    language,
    notice: charter.demonstration ? frameWords(language, "demonstration") : "",
    headline: text.headline,
    area: area === "" ? "" : frameWords(language, "area", { area }),
    description: text.description,
    instruction: text.instruction,
    validity:
      core.effective > core.signedAt
        ? frameWords(language, "validFrom", { from: time(core.effective), until: time(core.expires), zone })
        : frameWords(language, "validUntil", { time: time(core.expires), zone }),
    organisation: place?.organisation ?? "",
    hint: frameWords(language, "checkHint", { address: checkAddress(chain) }),
    code,
  }
}

/** A warning as a message for any messenger: readable by people, checkable by the page. docs/protocol.md §14. */
import {
  type Charter,
  type CharterChain,
  charterByHash,
  type Language,
  languageIndex,
} from "../charter/charter.ts"
import type { Delegation } from "../delegation/delegation.ts"
import { MAX_TEXT_BLOCK } from "../parameters.ts"
import { err, ok, type Result } from "../result.ts"
import { formatTime } from "../time/format.ts"
import type { Warning, WarningCore, WarningText } from "../warning/warning.ts"
import { areasOf } from "../warning/wording.ts"
import { makePayload, toCodeLines } from "./payload.ts"
import { frameWords } from "./words.ts"

/** The readable part: a function of what is signed, so that a checker can make it again and compare (rule F1). */
export function readableText(core: WarningCore, text: WarningText, charter: Charter): string {
  const { language } = text
  const place = charter.languages[Math.max(0, languageIndex(charter, language))]
  const zone = place?.zoneName ?? ""
  const time = (at: WarningCore["expires"]): string => formatTime(at, language, charter)
  const area = areasOf(core, charter, language)
  return [
    charter.demonstration ? frameWords(language, "demonstration") : "",
    text.headline,
    area === "" ? "" : frameWords(language, "area", { area }),
    text.description,
    text.instruction,
    core.effective > core.signedAt
      ? frameWords(language, "validFrom", { from: time(core.effective), until: time(core.expires), zone })
      : frameWords(language, "validUntil", { time: time(core.expires), zone }),
    `— ${place?.organisation ?? ""}`,
  ]
    .filter((line) => line !== "")
    .join("\n")
}

/** What is before the code: readable text and where to check it. */
export function blockText(core: WarningCore, text: WarningText, charter: Charter, address: string): string {
  const hint = frameWords(text.language, "checkHint", { address })
  return `${readableText(core, text, charter)}\n\n${hint}\n${frameWords(text.language, "codeBegins")}`
}

export interface BlockTooLong {
  readonly kind: "block-too-long"
  readonly letters: number
  readonly limit: number
}

/**
 * The message to forward, in one language.
 *
 * @returns at most 4,096 UTF-16 units, or by how much it is over (rule F8).
 * @throws RangeError when the warning has no text in that language.
 */
export function textBlock(
  warning: Warning,
  language: Language,
  chain: CharterChain,
  delegations: readonly Delegation[],
  proposal: Warning | null = null,
): Result<string, BlockTooLong> {
  const text = warning.texts.find((candidate) => candidate.language === language)
  const charter = charterByHash(chain, warning.core.charterHash)?.charter ?? chain.current.charter
  if (!text) throw new RangeError(`no text in ${language}`)
  const code = toCodeLines(makePayload(warning, language, delegations, proposal))
  const block = `${blockText(warning.core, text, charter, checkAddress(chain))}\n\n${code}`
  return block.length > MAX_TEXT_BLOCK
    ? err({ kind: "block-too-long", letters: block.length, limit: MAX_TEXT_BLOCK })
    : ok(block)
}

/** Where a reader checks: relay A's address in the newest charter. */
export const checkAddress = (chain: CharterChain): string => chain.current.charter.relays[0].web

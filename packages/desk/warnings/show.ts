/** From signed things to what the window shows. */
import { toHex } from "@kunak/core/bytes/hex"
import { type CharterChain, charterByHash } from "@kunak/core/charter/charter"
import { sha256 } from "@kunak/core/suite"
import { decodeWarningCore } from "@kunak/core/warning/codec"
import { signaturesNeeded } from "@kunak/core/warning/verify"
import type { SignedWarning, WarningCore, WarningText } from "@kunak/core/warning/warning"
import { areasOf, fillWording, wordingById } from "@kunak/core/warning/wording"
import type { ShownWarning } from "./model.ts"

/** Texts as readers get them: an approved wording is filled from the charter that the core names. */
export function textsOf(
  signed: SignedWarning,
  core: WarningCore,
  chain: CharterChain,
): readonly WarningText[] {
  const { content, areas } = core
  const charter = charterByHash(chain, core.charterHash)?.charter
  const wording = content.kind === "approved" && charter && wordingById(charter, content.wording)
  return wording && content.kind === "approved"
    ? fillWording(charter, wording, { areas, since: content.since })
    : signed.texts
}

/** @param language of the window: in it areas are named and texts come first. */
export function show(signed: SignedWarning, chain: CharterChain, language: string): ShownWarning | null {
  const core = decodeWarningCore(signed.body)
  const charter = core && (charterByHash(chain, core.charterHash)?.charter ?? chain.current.charter)
  if (!core || !charter) return null
  return {
    warningKind: core.content.kind,
    texts: ownLanguageFirst(textsOf(signed, core, chain), language),
    areas: areasOf(core, charter, language),
    severity: core.severity,
    urgency: core.urgency,
    certainty: core.certainty,
    responses: core.responses,
    signedAt: core.signedAt,
    effective: core.effective,
    expires: core.expires,
    signatures: signed.signatures.length,
    signaturesNeeded: signaturesNeeded(core, charter),
    digest: digestOf(signed),
  }
}

/** What a signature on a screen is bound to: the very bytes. */
export const digestOf = (signed: SignedWarning): string => toHex(sha256(signed.body))

const ownLanguageFirst = (texts: readonly WarningText[], language: string): readonly WarningText[] => [
  ...texts.filter((text) => text.language === language),
  ...texts.filter((text) => text.language !== language),
]

/** The headline in the window's language, else in any. */
export const headlineOf = (shown: ShownWarning | null): string =>
  shown?.texts.find(({ headline }) => headline !== "")?.headline ?? ""

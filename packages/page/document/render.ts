/** page = render(template, edition): every byte a function of the arguments (rule G1). */
import type { Bulletin } from "@kunak/core/edition/bulletin"
import { decodeHeader } from "@kunak/core/edition/header"
import type { Instant } from "@kunak/core/time/instant"
import { resolveWarnings } from "@kunak/core/warning/resolve"
import { contentView } from "./content.ts"
import { dataBlocks } from "./extract.ts"
import { escapeText, type Html, html } from "./html.ts"
import { laterWordsBlock, liveWordsBlock, soonWordsBlock } from "./live-words.ts"
import { type PageVariant, relayAddresses } from "./relay-addresses.ts"
import type { PageTemplate } from "./template.ts"
import { speechIn } from "./words.ts"

export type { PageVariant } from "./relay-addresses.ts"

export interface RenderedEdition {
  /** 4,096 bytes as duty signed them. */
  readonly header: Uint8Array
  readonly bulletin: Bulletin
  /** The header's issue time: what is shown is what stands then. */
  readonly issued: Instant
}

/**
 * The complete document, UTF-8. Duty serves it, `kunak verify` makes it again and compares.
 *
 * @throws RangeError when the header is none: duty has just made it, verifiers have verified it before.
 */
export function renderPage(
  template: PageTemplate,
  edition: RenderedEdition,
  variant: PageVariant,
): Uint8Array {
  const { chain, warnings, vetoes, bytes } = edition.bulletin
  const id = decodeHeader(edition.header)?.header.id
  if (!id) throw new RangeError("not a header")
  const { charter } = chain.current
  const speech = speechIn(template.words, charter.languages[0]?.tag ?? "en")
  const content = contentView(template.words, {
    chain,
    resolved: resolveWarnings(warnings, vetoes, chain),
    issued: edition.issued,
    id,
  })
  const data = html`${liveWordsBlock(template.words, charter, variant)}
${dataBlocks({ header: edition.header, bulletin: bytes })}`
  const slots: readonly Html[] = [
    escapeText(speech.language),
    escapeText(relayAddresses(charter, variant).join(" ")),
    escapeText(speech.say("title")),
    content,
    data,
    soonWordsBlock(template.words, charter),
    laterWordsBlock(template.words, charter),
  ]
  const document = template.parts.map((part, i) => part + (slots[i] ?? "")).join("")
  return new TextEncoder().encode(document)
}

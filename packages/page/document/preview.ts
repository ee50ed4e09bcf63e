/** A page that nobody has published: what a phone will show, for the desk's sandboxed frame. */
import { toBase64 } from "@kunak/core/bytes/base64"
import type { CharterChain } from "@kunak/core/charter/charter"
import { sha256 } from "@kunak/core/suite"
import type { Instant } from "@kunak/core/time/instant"
import type { ResolvedWarning } from "@kunak/core/warning/resolve"
import { contentView } from "./content.ts"
import { escapeText, type Html, html } from "./html.ts"
import type { PageTemplate } from "./template.ts"
import { speechIn } from "./words.ts"

export interface PreviewOf {
  readonly chain: CharterChain
  readonly resolved: readonly ResolvedWarning[]
  readonly issued: Instant
}

/** Of the one style in it: what a policy lets in by its hash. */
export const previewStyle = (template: PageTemplate): string =>
  `sha256-${toBase64(sha256(new TextEncoder().encode(template.style)))}`

/** The same content and style, marked as a preview; no script, no data blocks, and a policy that lets none in. */
export function previewPage(template: PageTemplate, { chain, resolved, issued }: PreviewOf): string {
  const speech = speechIn(template.words, chain.current.charter.languages[0]?.tag ?? "en")
  const content = contentView(template.words, { chain, resolved, issued, id: null })
  return html`<!doctype html>
<html lang="${escapeText(speech.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${escapeText(previewStyle(template))}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(speech.say("title"))}</title>
<style>${template.style as Html}</style>
</head>
<body>
${content}
</body>
</html>
`
}

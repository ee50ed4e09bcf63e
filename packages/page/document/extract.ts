/** The two data blocks of a page: what `kunak verify` and the page's own script read from it. */
import { fromBase64, toBase64 } from "@kunak/core/bytes/base64"
import { type Html, html, text } from "./html.ts"

export interface EmbeddedEdition {
  readonly header: Uint8Array
  readonly bulletin: Uint8Array
}

export const BLOCK_IDS = { bulletin: "edition-bulletin", header: "edition-header" } as const

/** No browser runs a script element of this type: it is text that no policy needs to allow. */
const BLOCK_TYPE = "application/octet-stream"

const open = (id: string): string => `<script type="${BLOCK_TYPE}" id="${id}">`

/** The bulletin, then the header that hashes it. */
export const dataBlocks = ({ header, bulletin }: EmbeddedEdition): Html =>
  html`${open(BLOCK_IDS.bulletin) as Html}${text(toBase64(bulletin))}</script>
${open(BLOCK_IDS.header) as Html}${text(toBase64(header))}</script>`

/**
 * @param page a page as it was served or saved, any content.
 * @returns null unless both blocks are there once and hold base64 (rule G2). Nothing is verified.
 */
export function extractEdition(page: string): EmbeddedEdition | null {
  const bulletin = block(page, BLOCK_IDS.bulletin)
  const header = block(page, BLOCK_IDS.header)
  return bulletin && header ? { header, bulletin } : null
}

function block(page: string, id: string): Uint8Array | null {
  const [, after, ...more] = page.split(open(id))
  if (after === undefined || more.length > 0) return null
  return fromBase64(after.slice(0, after.indexOf("</script>")))
}

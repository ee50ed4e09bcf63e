/** The two data blocks of a page: what `kunak verify` and the page's own script read from it. */
import { fromDataText, toDataText } from "./data-text.ts"
import { type Html, html } from "./html.ts"

export interface EmbeddedEdition {
  readonly header: Uint8Array
  readonly bulletin: Uint8Array
}

export const BLOCK_IDS = { bulletin: "edition-bulletin", header: "edition-header" } as const

/** No browser runs a script element of this type: it is text that no policy needs to allow. */
const BLOCK_TYPE = "application/octet-stream"

const open = (id: string): string => `<script type="${BLOCK_TYPE}" id="${id}">`

/** Data text holds no "<", and inside a script element nothing is escaped. */
const asItStands = (bytes: Uint8Array): Html => toDataText(bytes) as Html

/** The bulletin, then the header that hashes it. */
export const dataBlocks = ({ header, bulletin }: EmbeddedEdition): Html =>
  html`${open(BLOCK_IDS.bulletin) as Html}${asItStands(bulletin)}</script>
${open(BLOCK_IDS.header) as Html}${asItStands(header)}</script>`

/**
 * @param page a page as it was served or saved, any content.
 * @returns null unless both blocks are there once and hold data text (rule G2). Nothing is verified.
 */
export function extractEdition(page: string): EmbeddedEdition | null {
  const bulletin = block(page, BLOCK_IDS.bulletin)
  const header = block(page, BLOCK_IDS.header)
  return bulletin && header ? { header, bulletin } : null
}

function block(page: string, id: string): Uint8Array | null {
  const [, after, ...more] = page.split(open(id))
  if (after === undefined || more.length > 0) return null
  return fromDataText(after.slice(0, after.indexOf("</script>")))
}

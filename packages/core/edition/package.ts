/** What duty uploads: header and the files that a relay serves. docs/protocol.md §13. */
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { HEADER_BYTES, MAX_PACKAGE_BYTES } from "../parameters.ts"

export interface EditionFile {
  readonly name: string
  readonly bytes: Uint8Array
}

export interface EditionPackage {
  readonly header: Uint8Array
  readonly files: readonly EditionFile[]
}

/** "page.web.html" and "page.onion.html" are one page for two origins; relays serve no other names (rule P1). */
export const FILE_NAME =
  /^(page\.(web|onion)\.html|feed\.atom|board|bulletin|cap\/[0-9a-f]{32}-\d{1,5}\.xml)$/

export function encodePackage({ header, files }: EditionPackage): Uint8Array {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1))
  return new ByteWriter()
    .fixed(header, HEADER_BYTES)
    .list(sorted, (out, file) => out.text(file.name).long(file.bytes))
    .bytes()
}

/** @returns null unless names are allowed, sorted and distinct, and both pages, feed, board and bulletin are there. */
export function decodePackage(bytes: Uint8Array): EditionPackage | null {
  if (bytes.length > MAX_PACKAGE_BYTES) return null
  const from = new ByteReader(bytes)
  const header = from.take(HEADER_BYTES)
  const files = from.list(120, (r) => ({ name: r.text(60), bytes: r.long(MAX_PACKAGE_BYTES) }))
  const names = files.map(({ name }) => name)
  const sound =
    names.every((name, i) => FILE_NAME.test(name) && (i === 0 || (names[i - 1] ?? "") < name)) &&
    ["page.web.html", "page.onion.html", "feed.atom", "board", "bulletin"].every((name) =>
      names.includes(name),
    )
  return from.end() && sound ? { header, files } : null
}

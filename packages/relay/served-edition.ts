/** An edition as it is served: every file in every coding, made once. */
import { promisify } from "node:util"
import { brotliCompress, gzip, constants as zlib } from "node:zlib"
import { decodeHeader, type EditionId } from "@kunak/core/edition/header"
import { decodePackage } from "@kunak/core/edition/package"
import type { Coding } from "./accept-encoding.ts"

export interface ServedFile {
  readonly type: string
  readonly codings: ReadonlyMap<Coding, Uint8Array>
}

export interface ServedEdition {
  readonly id: EditionId
  readonly header: Uint8Array
  /** By its name in the package. */
  readonly files: ReadonlyMap<string, ServedFile>
}

/** Best: an edition is compressed once and served for minutes. Quick: where nobody waits for what it saves (tests). */
export type Effort = "best" | "quick"

/** Brotli's best is worth its time for what fits into a page, not for megabytes. */
const BEST_BYTES = 512 * 1024

const brotli = promisify(brotliCompress)
const gunzippable = promisify(gzip)

/** @param stored an edition package. @returns null when it is none. */
export async function serveEdition(
  stored: Uint8Array,
  effort: Effort = "best",
): Promise<ServedEdition | null> {
  const decoded = decodePackage(stored)
  const parts = decoded && decodeHeader(decoded.header)
  if (!decoded || !parts) return null
  const files = new Map<string, ServedFile>()
  for (const { name, bytes } of decoded.files) {
    // Looked up in, never fetched: lookup/kept-edition.ts.
    if (name === "board") continue
    files.set(name, { type: mediaType(name), codings: await inEveryCoding(bytes, effort) })
  }
  return { id: parts.header.id, header: decoded.header, files }
}

/** Identity always; the others where they are smaller. */
async function inEveryCoding(bytes: Uint8Array, effort: Effort): Promise<ReadonlyMap<Coding, Uint8Array>> {
  const quality = effort === "quick" ? 1 : bytes.length <= BEST_BYTES ? zlib.BROTLI_MAX_QUALITY : 5
  const params = { [zlib.BROTLI_PARAM_QUALITY]: quality, [zlib.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  const smaller: [Coding, Uint8Array][] = [
    ["br", await brotli(bytes, { params })],
    ["gzip", await gunzippable(bytes, { level: effort === "quick" ? 1 : 9 })],
  ]
  return new Map<Coding, Uint8Array>([
    ["identity", bytes],
    ...smaller.filter(([, coded]) => coded.length < bytes.length),
  ])
}

/** `text/xml` for CAP and Atom would have browsers guess; these are their registered types. */
function mediaType(name: string): string {
  if (name.endsWith(".html")) return "text/html; charset=utf-8"
  if (name.endsWith(".atom")) return "application/atom+xml; charset=utf-8"
  if (name.startsWith("cap/")) return "application/cap+xml; charset=utf-8"
  return "application/octet-stream"
}

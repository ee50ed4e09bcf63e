/** How much of a compressed answer a browser needs before it can show something. */
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from "node:zlib"

export type Coding = "br" | "gzip"

/** As the relay compresses, once for each edition. */
export const compress = (page: Uint8Array, coding: Coding): Uint8Array =>
  coding === "br"
    ? brotliCompressSync(page, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
    : gzipSync(page, { level: 9 })

/** What a browser has decoded once `bytes` of the answer are there. */
const decodedPrefix = (compressed: Uint8Array, bytes: number, coding: Coding): string => {
  const part = compressed.subarray(0, bytes)
  const decoded =
    coding === "br"
      ? brotliDecompressSync(part, { finishFlush: constants.BROTLI_OPERATION_FLUSH })
      : gunzipSync(part, { finishFlush: constants.Z_SYNC_FLUSH })
  return decoded.toString("utf8")
}

/** Fewest bytes of the compressed answer after which `isThere` holds of the decoded text. */
export function bytesUntil(page: Uint8Array, coding: Coding, isThere: (text: string) => boolean): number {
  const compressed = compress(page, coding)
  let [low, high] = [1, compressed.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isThere(decodedPrefix(compressed, middle, coding))) high = middle
    else low = middle + 1
  }
  return low
}

/** The end of the nth language's first warning: everything of it, times included. */
export const hasFirstWarning = (text: string, language: number): boolean => {
  const place = text.split('<div class="place')[language + 1] ?? ""
  return place.includes("</article>")
}

/** How many of the page's scripts, in their order, have come whole. */
const scriptsIn = (text: string): number =>
  text
    .split("<script>")
    .slice(1)
    .filter((script) => script.includes("</script>")).length

/** Whoever asks can learn ten words, practise them, type a message and have it queued. */
export const hasHotline = (text: string): boolean => scriptsIn(text) >= 1

/** The exchange with both relays begins. */
export const hasExchange = (text: string): boolean => scriptsIn(text) >= 2

/** Envelopes can be sealed, whatever the platform lacks; the page says what the relays' answers mean. */
export const hasSealing = (text: string): boolean => scriptsIn(text) >= 3

/** A pasted warning can be checked; the reader of square codes comes after. */
export const hasChecking = (text: string): boolean => scriptsIn(text) >= 4

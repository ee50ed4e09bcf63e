/**
 * Which encoding a text file is in. Spreadsheets save windows-1251 and UTF-16 without saying so; a wrong
 * guess turns every name into rubbish that still compares equal, so the guess is printed in every report.
 */

export interface DecodedText {
  readonly text: string
  /** WHATWG label, such as `utf-8`, `utf-16le`, `windows-1251`. */
  readonly encoding: string
}

/** Reads bytes as text: a byte order mark decides, then UTF-8 if it is valid, then the likeliest old code page. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = guessEncoding(bytes)
  // TextDecoder drops the byte order mark.
  return { text: new TextDecoder(encoding).decode(bytes), encoding }
}

/** A file that is not a text at all: zero bytes where UTF-16 cannot explain them. */
export function looksBinary(bytes: Uint8Array): boolean {
  const encoding = guessEncoding(bytes)
  if (encoding.startsWith("utf-16")) return false
  const sample = bytes.subarray(0, 65_536)
  return sample.includes(0)
}

const SAMPLE_BYTES = 1 << 20

function guessEncoding(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8"
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le"
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be"
  const wide = utf16WithoutMark(bytes)
  if (wide !== undefined) return wide
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes)
    return "utf-8"
  } catch {
    return likeliestCodePage(bytes.subarray(0, SAMPLE_BYTES))
  }
}

/** Separators and digits are ASCII even in a Cyrillic table: in UTF-16 they leave zeros on one side only. */
function utf16WithoutMark(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 4096)
  if (sample.length < 4 || bytes.length % 2 !== 0) return undefined
  const zeros = [0, 0]
  for (let at = 0; at < sample.length; at++) if (sample[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  const enough = sample.length / 2 / 20
  if (odd > enough && even === 0) return "utf-16le"
  if (even > enough && odd === 0) return "utf-16be"
  return undefined
}

/**
 * Cyrillic code pages write whole words with high bytes; western ones a single letter among ASCII letters.
 * Among the Cyrillic pages the one wins in which the text has the letters that Russian has, mostly lower
 * case within words.
 */
function likeliestCodePage(bytes: Uint8Array): string {
  let high = 0
  let nextToHigh = 0
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] ?? 0) < 0x80) continue
    high++
    if ((bytes[at - 1] ?? 0) >= 0x80 || (bytes[at + 1] ?? 0) >= 0x80) nextToHigh++
  }
  if (nextToHigh / high < 0.5) return "windows-1252"
  const candidates = ["windows-1251", "koi8-r", "ibm866"].map((encoding) => ({
    encoding,
    score: russianScore(new TextDecoder(encoding).decode(bytes)),
  }))
  candidates.sort((a, b) => b.score - a.score)
  return candidates[0]?.encoding ?? "windows-1251"
}

/** Letters from the most to the least frequent in Russian (National Corpus of the Russian Language). */
const RUSSIAN_BY_FREQUENCY = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"

function russianScore(text: string): number {
  let score = 0
  let previousIsLower = false
  for (const letter of text) {
    if (letter.charCodeAt(0) < 0x80) {
      previousIsLower = false
      continue
    }
    const lower = letter.toLowerCase()
    const rank = RUSSIAN_BY_FREQUENCY.indexOf(lower)
    if (rank < 0) score -= 2
    else score += 1 - rank / RUSSIAN_BY_FREQUENCY.length
    // "иВАН" is what a wrong page makes of "Иван".
    if (rank >= 0 && letter !== lower && previousIsLower) score -= 2
    previousIsLower = rank >= 0 && letter === lower
  }
  return score
}

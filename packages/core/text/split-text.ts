/** Long replies cut into parts. Only desks cut: browsers of phones need not know what a character is. */
import { encodeScsu } from "./scsu.ts"

/** Characters as readers see them: an emoji with its joiners, skin and flag, a letter with its marks. */
const CHARACTERS = new Intl.Segmenter("und")

/**
 * A text cut so that each piece's SCSU fits into `maxBytes`, at a paragraph, else a sentence, else a space, else between
 * two characters as readers see them. Nothing is lost: the pieces joined are the text.
 */
export function splitText(text: string, maxBytes: number): readonly string[] {
  const pieces: string[] = []
  let rest = text
  while ((encodeScsu(rest)?.length ?? 0) > maxBytes) {
    const longest = longestFitting(rest, maxBytes)
    const at = lastBreak(longest)
    pieces.push(rest.slice(0, at))
    rest = rest.slice(at)
  }
  return [...pieces, rest]
}

function longestFitting(text: string, maxBytes: number): string {
  let [low, high] = [1, text.length]
  const fits = (length: number): boolean => (encodeScsu(whole(text, length))?.length ?? 0) <= maxBytes
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return whole(text, low)
}

/** No more than so long, and no character parted. */
function whole(text: string, length: number): string {
  if (length >= text.length) return text
  const start = CHARACTERS.segment(text).containing(length)?.index ?? length
  if (start > 0) return text.slice(0, start)
  // One character longer than the piece (a mark on a mark on a mark): part it, between code points, rather than go on for ever.
  const isInPair = /^[\udc00-\udfff]/.test(text.slice(length, length + 1))
  return text.slice(0, isInPair ? Math.max(2, length - 1) : length)
}

const BREAKS = [/\n\n(?!.*\n\n)/s, /[.!?…]\s(?!.*[.!?…]\s)/s, /\s(?!.*\s)/s]

/** The last good place in the piece's second half, or its end. */
function lastBreak(piece: string): number {
  for (const pattern of BREAKS) {
    const found = pattern.exec(piece)
    if (found && found.index > piece.length / 2) return found.index + found[0].length
  }
  return piece.length
}

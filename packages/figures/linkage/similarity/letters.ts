/** Which letters and digits a word has, as bits: an exact and cheap reason why two words cannot be alike. */

/** One bit per ASCII letter, digits and everything else share the rest. */
export function letterMask(word: string): number {
  let mask = 0
  for (let at = 0; at < word.length; at++) mask |= 1 << (word.charCodeAt(at) & 31)
  return mask
}

/** Number of bits set. Source: Warren, Hacker's Delight (2012), ch. 5. */
export function bitCount(mask: number): number {
  let bits = mask - ((mask >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

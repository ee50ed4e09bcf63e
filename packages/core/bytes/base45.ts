/** RFC 9285: bytes for a QR code's alphanumeric mode, at 3 % over its binary mode, readable by any scanner. */
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

export function toBase45(bytes: Uint8Array): string {
  let text = ""
  for (let i = 0; i < bytes.length; i += 2) {
    const high = bytes[i] as number
    const low = bytes[i + 1]
    let value = low === undefined ? high : high * 256 + low
    for (let digit = low === undefined ? 2 : 3; digit > 0; digit--) {
      text += ALPHABET[value % 45]
      value = Math.floor(value / 45)
    }
  }
  return text
}

/** Null for a letter outside the alphabet, a dangling letter, or a group beyond its range. */
export function fromBase45(text: string): Uint8Array | null {
  if (text.length % 3 === 1) return null
  const bytes: number[] = []
  for (let i = 0; i < text.length; i += 3) {
    const group = text.slice(i, i + 3)
    const digits = Array.from(group, (letter) => ALPHABET.indexOf(letter))
    if (digits.includes(-1)) return null
    const value = digits.reduceRight((sum, digit) => sum * 45 + digit, 0)
    if (group.length === 3) {
      if (value > 0xffff) return null
      bytes.push(value >> 8, value & 255)
    } else {
      if (value > 0xff) return null
      bytes.push(value)
    }
  }
  return Uint8Array.from(bytes)
}

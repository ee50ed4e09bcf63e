/**
 * Signed bytes as text: hexadecimal, with the runs that are words left as words between quotation marks. The same words stand
 * in the page already, and a key that occurs twice is the same digits twice: so compression finds both.
 */
import { fromHex, toHex } from "@kunak/core/bytes/hex"

/**
 * At least eight letters of UTF-8, each byte as one character: ASCII without controls, quotation mark and "<", Latin, Greek,
 * Cyrillic and other two-byte letters, Georgian and its neighbours, punctuation. All else stays digits.
 */
const WORDS = /(?:[\n !#-;=-~]|\xc2[\xa0-\xbf]|[\xc3-\xdf][\x80-\xbf]|[\xe1\xe2][\x80-\xbf]{2}){8,}/g

const lettersOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")
const bytesOf = (letters: string): Uint8Array => Uint8Array.from(letters, (letter) => letter.charCodeAt(0))

/** One text for the same bytes everywhere. It holds no "<", no carriage return and no zero: an HTML script element keeps it as it is. */
export function toDataText(bytes: Uint8Array): string {
  const letters = lettersOf(bytes)
  const parts: string[] = []
  let at = 0
  for (const { 0: run, index } of letters.matchAll(WORDS)) {
    parts.push(toHex(bytes.subarray(at, index)), new TextDecoder().decode(bytesOf(run)))
    at = index + run.length
  }
  return [...parts, toHex(bytes.subarray(at))].join('"')
}

/** @param text any. @returns null unless it is digits and words in turn. */
export function fromDataText(text: string): Uint8Array | null {
  const parts = text
    .split('"')
    .map((part, i) => (i % 2 === 0 ? fromHex(part) : new TextEncoder().encode(part)))
  if (parts.length % 2 === 0 || !parts.every((part) => part !== null)) return null
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

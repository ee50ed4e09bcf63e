/**
 * SCSU, the Standard Compression Scheme for Unicode (Unicode Technical Standard 6): a Cyrillic letter is one byte
 * on every platform, so a letter's limit is the same everywhere. One text has one form: docs/protocol.md §19.
 */

import { equalBytes } from "../bytes/equal.ts"

/** Tags of the single-byte mode, UTS 6 §5. */
const SQU = 0x0e
const SC0 = 0x10
/** Where the eight windows begin at first, UTS 6 table 5: Latin-1, Latin and IPA, Cyrillic, Arabic, Devanagari, kana, full width. */
const WINDOWS = [0x80, 0xc0, 0x400, 0x600, 0x900, 0x3040, 0x30a0, 0xff00] as const
const WINDOW_SIZE = 0x80

const isPassedThrough = (unit: number): boolean =>
  unit === 0x09 || unit === 0x0a || (unit >= 0x20 && unit < 0x7f)

/** The locked one if it holds the unit. @returns -1 when none does. */
function windowOf(unit: number, locked: number): number {
  for (let i = -1; i < WINDOWS.length; i++) {
    const window = i < 0 ? locked : i
    const offset = unit - (WINDOWS[window] as number)
    if (offset >= 0 && offset < WINDOW_SIZE) return window
  }
  return -1
}

/** @returns null for a text with unpaired surrogates or control letters other than line feed and tab. */
export function encodeScsu(text: string): Uint8Array | null {
  if (!text.isWellFormed()) return null
  const out: number[] = []
  let locked = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (isPassedThrough(unit)) {
      out.push(unit)
      continue
    }
    if (unit < 0xa0) return null
    const window = windowOf(unit, locked)
    if (window < 0) {
      out.push(SQU, unit >> 8, unit & 0xff)
      continue
    }
    if (window !== locked) out.push(SC0 + window)
    locked = window
    out.push(unit - (WINDOWS[window] as number) + WINDOW_SIZE)
  }
  return new Uint8Array(out)
}

/** @returns null for every form that `encodeScsu` does not write. */
export function decodeScsu(bytes: Uint8Array): string | null {
  const units: number[] = []
  let locked = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number
    if (byte >= WINDOW_SIZE) units.push((WINDOWS[locked] as number) + byte - WINDOW_SIZE)
    else if (byte >= SC0 && byte < SC0 + WINDOWS.length) locked = byte - SC0
    else if (byte === SQU) {
      units.push(((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0))
      i += 2
    } else if (isPassedThrough(byte)) units.push(byte)
    else return null
  }
  // At most 65,535: a length of two bytes stands before each.
  const text = String.fromCharCode(...units)
  const again = encodeScsu(text)
  return again && equalBytes(again, bytes) ? text : null
}

/** As typed or pasted: line ends to LF, control letters dropped; emoji keep their joiners. */
export const toLetterText = (typed: string): string =>
  typed
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029/g, "\n")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is dropped
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")
    .normalize("NFC")
    .trim()

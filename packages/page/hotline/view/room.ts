/** Room in a letter. docs/protocol.md §19: a Cyrillic or Latin letter takes one byte, emoji more. */
import { MAX_LETTER_TEXT_BYTES } from "@kunak/core/parameters"
import { encodeScsu, toLetterText } from "@kunak/core/text/scsu"

/** Letters that still fit; below zero, by how many it is too long. */
export const roomLeft = (typed: string): number =>
  MAX_LETTER_TEXT_BYTES - (encodeScsu(toLetterText(typed))?.length ?? 0)

/** The phrase that a help-seeker keeps in the head: docs/phrase.md and docs/protocol.md. */
import { ByteWriter } from "../bytes/writer.ts"
import type { Random } from "../keys.ts"
import { PBKDF2_ROUNDS } from "../parameters.ts"
import type { Secret } from "../secret.ts"
import { pbkdf2 } from "../suite.ts"
import type { PhraseLanguage } from "./language.ts"
import { wordLists } from "./lists.ts"

export const WORDS = 10
export const ROOT_BYTES = 32
const LIST_BITS = 11

/** Ten places in a list, 0 to 2047 each: 110 bits. As secret as what it opens. */
export interface Phrase {
  readonly language: PhraseLanguage
  readonly indices: readonly number[]
}

/** Eleven bits of two random bytes for each word: a power of two, so no word is likelier than another. */
export function makePhrase(language: PhraseLanguage, random: Random): Phrase {
  const bytes = random(2 * WORDS)
  const indices = Array.from({ length: WORDS }, (_, i) => {
    const pair = ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number)
    return pair & ((1 << LIST_BITS) - 1)
  })
  bytes.fill(0)
  return { language, indices }
}

/** @throws RangeError for an index outside the list. */
export function phraseWords({ language, indices }: Phrase): readonly string[] {
  return indices.map((index) => {
    const word = wordLists[language].words[index]
    if (word === undefined) throw new RangeError("no such word")
    return word
  })
}

/**
 * The root of a thread, 32 bytes: PBKDF2 of the ten indices (u16 each) under
 * "kunak/1 phrase" ‖ 0x00 ‖ organisation id ‖ list id.
 *
 * @param organisationId hash of the first charter, 32 bytes, so that phrases outlive charters.
 * @throws RangeError unless there are ten indices and 32 bytes.
 */
export async function rootFromPhrase(
  phrase: Phrase,
  organisationId: Uint8Array,
): Promise<Secret<Uint8Array>> {
  if (phrase.indices.length !== WORDS) throw new RangeError(`a phrase has ${WORDS} words`)
  const ascii = new TextEncoder()
  const password = new ByteWriter()
  for (const index of phrase.indices) password.u16(index)
  const salt = new ByteWriter()
    .raw(ascii.encode("kunak/1 phrase\0"))
    .fixed(organisationId, 32)
    .raw(ascii.encode(wordLists[phrase.language].id))
  const secret = password.bytes()
  try {
    return await pbkdf2(secret, salt.bytes(), PBKDF2_ROUNDS, ROOT_BYTES)
  } finally {
    secret.fill(0)
  }
}

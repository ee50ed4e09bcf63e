/** A list of words from its packed form: a range coder's bytes (Martin 1979) in Base64, in a model that learns as it reads. */
import { modelledWords } from "./word-model.ts"

/** Word by word: a list takes an old phone a second. @param packed by `testing/pack.ts`. @param letters of the language, in order. */
export function* unpack(packed: string, letters: string): Generator<string, never> {
  const bytes = atob(packed)
  let at = 0
  let range = 1
  let value = 0
  const words = modelledWords((chance) => {
    while (range < 2 ** 24) {
      range *= 256
      value = value * 256 + (bytes.charCodeAt(at++) || 0)
    }
    const ones = Math.floor(range * chance)
    const bit = value < ones ? 1 : 0
    value -= bit ? 0 : ones
    range = bit ? ones : range - ones
    return bit
  })
  for (;;)
    yield words
      .next()
      .value.map((letter) => letters[letter - 1])
      .join("")
}

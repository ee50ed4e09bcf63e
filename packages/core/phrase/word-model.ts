/**
 * Guesses a sorted list of words bit by bit, and learns from each: what `unpack.ts` reads a list with, and who makes one writes it with. A list costs a
 * fifth less of every visit so than as text that the connection compresses.
 *
 * Nothing here but sums, products, quotients and square tables of them: the same on every machine to the last bit. `Math.log` is not.
 */

/** Letters are numbers from 1, and 0 ends a word: below 64, six bits, the highest first. */
const LETTER_BITS = 6
/** In which a bit is guessed: the one to three letters before it, the word before this one, and the place in the word. */
const CONTEXTS = 5

/** Found by trying: shorter lists than with any near them. */
const FIRST_WEIGHT = 0.245
const WEIGHT_STEP = 0.0068
const FIRST_COUNT = 1.27
const LEAST_CHANCE = 0.0025

/** Slots of a context's bit, by a hash of both (Knuth 1998, §6.4: multiplication by the golden ratio). */
const SLOT_BITS = 18
const slotOf = (key: number): number => Math.imul(key, 0x9e3779b1) >>> (32 - SLOT_BITS)

/** ln(p / (1 − p)) for p in steps of 1/4096: the sum of its slope, p = 1/2 in the middle. */
function stretchTable(): Float64Array {
  const table = new Float64Array(4096)
  for (let i = 2048; i < 4095; i++) {
    table[i + 1] = (table[i] as number) + 4096 / ((i + 0.5) * (4095.5 - i))
    table[4095 - i] = -(table[i + 1] as number)
  }
  return table
}

/** 1 / (1 + e^−x), with (1 − x/1024)^1024 for the power. */
function squash(x: number): number {
  let power = 1 - x / 1024
  for (let i = 0; i < 10; i++) power *= power
  return 1 / (1 + power)
}

/** Word by word, without end. @param bitAt is told how likely a one is, and for the nth bit of the list decides which it is. */
export function* modelledWords(
  bitAt: (chance: number, n: number) => number,
): Generator<readonly number[], never> {
  const stretch = stretchTable()
  const chances = new Float64Array(2 ** SLOT_BITS).fill(0.5)
  const counts = new Float64Array(2 ** SLOT_BITS).fill(FIRST_COUNT)
  const weights = new Float64Array(2 ** 11).fill(FIRST_WEIGHT)
  let before: readonly number[] = []
  let n = 0

  const slots = new Int32Array(CONTEXTS)
  const views = new Float64Array(CONTEXTS)

  /** @param contexts of a letter. @param mix in which set of weights they are mixed. Plain loops: a cheap phone goes through them for a whole list. */
  function letter(contexts: readonly number[], mix: number): number {
    let read = 1
    while (read < 2 ** LETTER_BITS) {
      let sum = 0
      for (let i = 0; i < CONTEXTS; i++) {
        const slot = slotOf(((contexts[i] as number) * 8 + i) * 64 + read)
        const view = stretch[((chances[slot] as number) * 4094 + 1) | 0] as number
        slots[i] = slot
        views[i] = view
        sum += view * (weights[mix + i] as number)
      }
      const chance = Math.max(LEAST_CHANCE, Math.min(1 - LEAST_CHANCE, squash(sum)))
      const bit = bitAt(chance, n++)
      const step = WEIGHT_STEP * (bit - chance)
      for (let i = 0; i < CONTEXTS; i++) {
        const slot = slots[i] as number
        const old = chances[slot] as number
        weights[mix + i] = (weights[mix + i] as number) + step * (views[i] as number)
        chances[slot] = old + (bit - old) / (counts[slot] as number)
        counts[slot] = (counts[slot] as number) + 1
      }
      read = 2 * read + bit
    }
    return read - 2 ** LETTER_BITS
  }

  for (;;) {
    const word: number[] = []
    /** So far as the word before: then the next letter is its next one, or a later one. */
    let isSame = true
    for (;;) {
      const at = word.length
      const [a = 0, b = 0, c = 0] = [word[at - 1], word[at - 2], word[at - 3]]
      const next = isSame ? (before[at] ?? 0) : 63
      const contexts = [a, a + 64 * b, a + 64 * b + 4096 * c, next + 64 * at, a + 64 * at]
      const read = letter(contexts, 8 * (at + (isSame ? 0 : 32)))
      if (read !== next) isSame = false
      if (read === 0) break
      word.push(read)
    }
    yield word
    before = word
  }
}

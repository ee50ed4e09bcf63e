/**
 * Seeded randomness: the same seed gives the same figure to the digit, on every machine.
 *
 * Every consumer takes its own stream by name, so that a draw added in one place moves no number in
 * another: `seededRandom(seed, "bootstrap")`, `seededRandom(seed, "chain 3")`.
 */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64"
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus"

export interface Random {
  /** Uniform in [0, 1), with 53 random bits. */
  float(): number
  /** Uniform whole number in [0, below). `below` from 1 to 2^32; throws RangeError otherwise. */
  below(limit: number): number
  /** 32 random bits as a signed integer: the cheapest draw. */
  bits(): number
  /** An independent generator, named; the same name gives the same generator. Draws nothing from this one. */
  stream(name: string): Random
}

/**
 * @param seed any finite number; whole ones are usual.
 * @param stream what it is used for: two names give unrelated sequences.
 * @throws RangeError when the seed is not finite.
 * Source: Blackman & Vigna (2018), xoroshiro128+, by pure-rand.
 */
export function seededRandom(seed: number, stream = ""): Random {
  if (!Number.isFinite(seed)) throw new RangeError(`a seed must be a finite number, not ${seed}`)
  const path = `${seed}\u0000${stream}`
  const generator = xoroshiro128plusFromState(stateFrom(path))
  return {
    float: () => uniformFloat64(generator),
    bits: () => generator.next(),
    below: (limit) => {
      if (!(Number.isInteger(limit) && limit >= 1 && limit <= 2 ** 32)) {
        throw new RangeError(`below(${limit}): expected a whole number from 1 to 2^32`)
      }
      // Rejection keeps every value equally likely.
      const fair = 2 ** 32 - (2 ** 32 % limit)
      let draw = generator.next() >>> 0
      while (draw >= fair) draw = generator.next() >>> 0
      return draw % limit
    },
    stream: (name) => seededRandom(seed, `${stream}/${name}`),
  }
}

/** Puts `items` in random order, in place (Fisher and Yates), and returns them. */
export function shuffle<T extends { length: number; [index: number]: number } | unknown[]>(
  items: T,
  random: Random,
): T {
  const list = items as unknown as { length: number; [index: number]: unknown }
  for (let last = list.length - 1; last > 0; last--) {
    const other = random.below(last + 1)
    const kept = list[last]
    list[last] = list[other]
    list[other] = kept
  }
  return items
}

/** 128 bits of state from a text: four MurmurHash3-style lanes, each with its own odd constant. */
function stateFrom(text: string): [number, number, number, number] {
  const lanes: [number, number, number, number] = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344]
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    lanes[0] = Math.imul(lanes[0] ^ unit, 0x9e3779b1) ^ (lanes[1] >>> 15)
    lanes[1] = Math.imul(lanes[1] ^ unit, 0x85ebca77) ^ (lanes[2] >>> 15)
    lanes[2] = Math.imul(lanes[2] ^ unit, 0xc2b2ae3d) ^ (lanes[3] >>> 15)
    lanes[3] = Math.imul(lanes[3] ^ unit, 0x27d4eb2f) ^ (lanes[0] >>> 15)
  }
  for (let lane = 0; lane < 4; lane++) {
    let bits = (lanes[lane] ?? 0) + (lanes[(lane + 1) % 4] ?? 0)
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
    lanes[lane] = (bits ^ (bits >>> 16)) | 0
  }
  // The generator stands still on a state of zeros only.
  if (lanes.every((lane) => lane === 0)) lanes[0] = 1
  return lanes
}

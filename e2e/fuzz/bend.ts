/** Bends sound inputs into unsound ones: what parsers trip over, again and again. */
import type { Chance } from "../loss/chance.ts"
import type { Target } from "./target.ts"

const MOST_BYTES = 300_000
const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x1_0000, 0x7fff_ffff, 0xffff_ffff]
const LETTERS = [
  "\0",
  "\ud800",
  "\udc00",
  "\ufeff",
  "\u202e",
  "\u200b",
  "\u00ad",
  "e\u0301",
  "\u{1f468}\u200d\u{1f469}",
  "\r",
  "\n",
  "\t",
  '"',
  "'",
  "<",
  "&",
  "\\",
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  ";",
  "=",
  "%00",
  "../",
  "__proto__",
  "constructor",
  "toString",
  "NaN",
  "-0",
  "1e999",
  "sep=",
  "а",
  "ё",
  "İ",
  "ß",
]
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 53),
  1e308,
  -0,
  "",
  "\0",
  "\ud800",
  "a".repeat(3_000),
  "__proto__",
  "00".repeat(32),
  "AAAA",
  [],
  {},
  [[[[[[]]]]]],
  { __proto__: null, toString: 1 },
  { length: 2 ** 32 },
  Array.from({ length: 300 }, (_, i) => i),
]

export function bend(target: Target, corpus: readonly Uint8Array[], chance: Chance): Uint8Array {
  const from = chance.pick(corpus)
  if (target.form === "json" && chance.below(8) > 0) {
    const bent = bentJson(from, chance)
    if (bent) return bent
  }
  if (target.form !== "bytes" && chance.below(3) > 0) return bentText(from, chance)
  return bentBytes(from, corpus, chance)
}

function bentBytes(from: Uint8Array, corpus: readonly Uint8Array[], chance: Chance): Uint8Array {
  if (chance.below(50) === 0) return Uint8Array.from({ length: chance.below(600) }, () => chance.below(256))
  let bytes: Uint8Array = from.slice()
  for (let left = 1 + chance.below(4); left > 0; left -= 1) {
    // Heads decide: half of all changes are made there.
    const at =
      chance.below(2) === 0 ? chance.below(Math.min(bytes.length, 128) + 1) : chance.below(bytes.length + 1)
    const length = 1 + chance.below(chance.below(4) === 0 ? 200 : 8)
    switch (chance.below(9)) {
      case 0:
        bytes.set([chance.below(256)].slice(0, bytes.length - at), at)
        break
      case 1:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8))
        break
      case 2:
        bytes = joined(bytes.subarray(0, at), bytes.subarray(at + length))
        break
      case 3:
        bytes = joined(
          bytes.subarray(0, at),
          new Uint8Array(length).fill(chance.below(256)),
          bytes.subarray(at),
        )
        break
      case 4: {
        const wide = new Uint8Array(4)
        new DataView(wide.buffer).setUint32(0, chance.pick(NUMBERS))
        const size = chance.pick([1, 2, 4])
        bytes = joined(bytes.subarray(0, at), wide.subarray(4 - size), bytes.subarray(at + size))
        break
      }
      case 5:
        bytes = bytes.subarray(0, at)
        break
      case 6:
        bytes = joined(bytes, bytes.subarray(at, at + length))
        break
      case 7: {
        const other = chance.pick(corpus)
        const there = chance.below(other.length + 1)
        bytes = joined(
          bytes.subarray(0, at),
          other.subarray(there, there + length),
          bytes.subarray(at + length),
        )
        break
      }
      case 8:
        bytes = joined(bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at))
        break
    }
  }
  return bytes.subarray(0, MOST_BYTES).slice()
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function bentText(from: Uint8Array, chance: Chance): Uint8Array {
  let text = new TextDecoder().decode(from)
  for (let left = 1 + chance.below(4); left > 0; left -= 1) {
    const at = chance.below(text.length + 1)
    const length = chance.below(chance.below(4) === 0 ? 100 : 6)
    const [before, after] = [text.slice(0, at), text.slice(at + length)]
    const between = chance.pick([
      () => chance.pick(LETTERS),
      () => chance.pick(LETTERS).repeat(1 + chance.below(50)),
      () => text.slice(at, at + length).repeat(2),
      () => String.fromCodePoint(chance.below(0x11_0000)),
      () => String(chance.pick(NUMBERS)),
      () => "",
    ])()
    text = before + between + after
  }
  return new TextEncoder().encode(text.slice(0, MOST_BYTES))
}

/** Null where it is no JSON any more. */
function bentJson(from: Uint8Array, chance: Chance): Uint8Array | null {
  let tree: unknown
  try {
    tree = JSON.parse(new TextDecoder().decode(from))
  } catch {
    return null
  }
  for (let left = 1 + chance.below(3); left > 0; left -= 1) tree = bentTree(tree, chance, 0)
  const text = JSON.stringify(tree)
  return text === undefined ? null : new TextEncoder().encode(text.slice(0, MOST_BYTES))
}

function bentTree(tree: unknown, chance: Chance, depth: number): unknown {
  const isNode = typeof tree === "object" && tree !== null
  const keys = isNode ? Object.keys(tree) : []
  if (!isNode || keys.length === 0 || (depth > 0 && chance.below(6) === 0)) {
    if (typeof tree === "string" && chance.below(2) === 0)
      return new TextDecoder().decode(bentText(new TextEncoder().encode(tree), chance))
    return chance.pick(VALUES)
  }
  const key = chance.pick(keys)
  const copy: Record<string, unknown> = { ...(tree as Record<string, unknown>) }
  switch (chance.below(6)) {
    case 0:
      delete copy[key]
      break
    case 1:
      copy[chance.pick(["more", "__proto__", "", "kunak", key.toUpperCase()])] = chance.pick(VALUES)
      break
    case 2:
      copy[key] = copy[chance.pick(keys)]
      break
    default:
      copy[key] = bentTree(copy[key], chance, depth + 1)
  }
  return Array.isArray(tree) ? Object.values(copy) : copy
}

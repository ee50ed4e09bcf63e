/** The form of a test vector: vectors/README.md. */

export interface Vector {
  readonly rule: string
  readonly origin: "ours"
  readonly what: string
  readonly input: Readonly<Record<string, unknown>>
  readonly expect: Readonly<Record<string, unknown>>
}

/** One file: what all its vectors share, then the vectors. Bytes are hexadecimal. */
export interface VectorFile {
  readonly what: string
  readonly shared: Readonly<Record<string, unknown>>
  readonly vectors: readonly Vector[]
}

export const vector = (
  rule: string,
  what: string,
  input: Vector["input"],
  expect: Vector["expect"] | string,
): Vector => ({
  rule,
  origin: "ours",
  what,
  input,
  expect: typeof expect === "string" ? { error: expect } : expect,
})

/** Turns one bit of the byte at `at`; from the end where negative. */
export function turned(bytes: Uint8Array, at: number, bits = 1): Uint8Array {
  const copy = bytes.slice()
  const i = at < 0 ? copy.length + at : at
  copy[i] = (copy[i] as number) ^ bits
  return copy
}

/** How a file is written: what is compared when it is made again. */
export const vectorText = (file: VectorFile): string => `${JSON.stringify(file, null, 1)}\n`

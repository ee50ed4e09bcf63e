/** Parsers of what a browser sends: nothing of it is trusted. A parser answers the value, or `REFUSED`. */

export const REFUSED: unique symbol = Symbol("refused")
export type Parser<T> = (value: unknown) => T | typeof REFUSED

/** What a parser's value is. */
export type Parsed<P> = P extends Parser<infer T> ? T : never

/** Text of at most `longest` UTF-16 units, well-formed (no lone surrogates), without NUL. */
export const text =
  (longest: number): Parser<string> =>
  (value) =>
    typeof value === "string" && value.length <= longest && value.isWellFormed() && !value.includes("\0")
      ? value
      : REFUSED

export const integer =
  (least: number, most: number): Parser<number> =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? (value as number)
      : REFUSED

export const flag: Parser<boolean> = (value) => (typeof value === "boolean" ? value : REFUSED)

export const oneOf =
  <const T extends string>(choices: readonly T[]): Parser<T> =>
  (value) =>
    choices.find((choice) => choice === value) ?? REFUSED

export const nullable =
  <T>(parser: Parser<T>): Parser<T | null> =>
  (value) =>
    value === null ? null : parser(value)

export const list =
  <T>(parser: Parser<T>, most: number): Parser<readonly T[]> =>
  (value) => {
    if (!Array.isArray(value) || value.length > most) return REFUSED
    const parsed: T[] = []
    for (const item of value) {
      const one = parser(item)
      if (one === REFUSED) return REFUSED
      parsed.push(one)
    }
    return parsed
  }

/** An object with exactly these fields: a field too many is refused like one too few. */
export const object =
  <Shape extends Readonly<Record<string, Parser<unknown>>>>(
    shape: Shape,
  ): Parser<{ readonly [Key in keyof Shape]: Parsed<Shape[Key]> }> =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return REFUSED
    if (Object.keys(value).length !== Object.keys(shape).length) return REFUSED
    const parsed: Record<string, unknown> = {}
    for (const [name, parser] of Object.entries(shape)) {
      if (!Object.hasOwn(value, name)) return REFUSED
      const field = parser((value as Record<string, unknown>)[name])
      if (field === REFUSED) return REFUSED
      parsed[name] = field
    }
    return parsed as { readonly [Key in keyof Shape]: Parsed<Shape[Key]> }
  }

/** A map from short names to values. */
export const record =
  <T>(parser: Parser<T>, most: number): Parser<Readonly<Record<string, T>>> =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return REFUSED
    const entries = Object.entries(value)
    if (entries.length > most) return REFUSED
    const parsed: [string, T][] = []
    for (const [name, item] of entries) {
      const one = parser(item)
      if (one === REFUSED || name.length > 64 || name === "__proto__") return REFUSED
      parsed.push([name, one])
    }
    return Object.fromEntries(parsed)
  }

export const nothing = object({})

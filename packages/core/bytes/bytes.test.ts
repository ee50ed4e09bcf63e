import { readFileSync } from "node:fs"
import fc from "fast-check"
import { expect, test } from "vitest"
import { fromBase32, toBase32 } from "./base32.ts"
import { fromBase45, toBase45 } from "./base45.ts"
import { fromBase64, toBase64 } from "./base64.ts"
import { compareBytes, concatBytes, equalBytes } from "./equal.ts"
import { fromHex, toHex } from "./hex.ts"
import { ByteReader } from "./reader.ts"
import { ByteWriter } from "./writer.ts"

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

const published = (name: string): readonly { readonly input: string; readonly expect: string }[] =>
  JSON.parse(readFileSync(new URL(`../../../vectors/standards/${name}`, import.meta.url), "utf8")).vectors

test("[B1] base32 of RFC 4648 §10, lower case and without padding", () => {
  for (const { input, expect: coded } of published("base32.json")) {
    expect(toBase32(ascii(input))).toBe(coded)
    expect(fromBase32(coded.toUpperCase())).toEqual(ascii(input))
  }
})

test("[B1] base45 of RFC 9285 §4.3 and §4.4", () => {
  for (const { input, expect: coded } of published("base45.json")) {
    expect(toBase45(ascii(input))).toBe(coded)
    expect(fromBase45(coded)).toEqual(ascii(input))
  }
})

test("[B1] what no encoder makes is refused: letters outside, bits left over, groups out of range", () => {
  for (const text of ["m", "mz1", "mzxw6y", "my======", "mz", "a b"])
    expect(fromBase32(text), text).toBeNull()
  for (const text of ["A", "GGW", ":::", "ZZ", "aB8", "BB8B", "äBB"])
    expect(fromBase45(text), text).toBeNull()
  for (const text of ["A", "AA", "AB==", "AA=A", "A A=", "AA==AA==", "_-=="])
    expect(fromBase64(text), text).toBeNull()
  for (const text of ["0", "0g", "0x", " 00"]) expect(fromHex(text), text).toBeNull()
})

test("[B1] every encoding gives back its bytes, and what decodes was written by the encoder", () => {
  const codecs = { toBase32, toBase45, toBase64, toHex }
  const decoders = { toBase32: fromBase32, toBase45: fromBase45, toBase64: fromBase64, toHex: fromHex }
  for (const name of Object.keys(codecs) as (keyof typeof codecs)[]) {
    const [encode, decode] = [codecs[name], decoders[name]]
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decode(encode(bytes))).toEqual(bytes)
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii", maxLength: 12 }), (text) => {
        const bytes = decode(text)
        if (!bytes) return
        const again = encode(bytes)
        expect(name === "toBase32" || name === "toHex" ? again.toLowerCase() : again).toBe(
          name === "toBase32" || name === "toHex" ? text.toLowerCase() : text,
        )
      }),
    )
  }
})

test("[B1] numbers are big-endian, and refused outside their width", () => {
  const bytes = new ByteWriter()
    .u8(1)
    .u16(2)
    .u32(3)
    .u64(2 ** 53 - 1)
    .short(ascii("x"))
    .long(ascii("yz"))
    .bytes()
  expect(toHex(bytes)).toBe("01000200000003001fffffffffffff00017800000002797a")
  const from = new ByteReader(bytes)
  expect([from.u8(), from.u16(), from.u32(), from.u64()]).toEqual([1, 2, 3, 2 ** 53 - 1])
  expect([from.short(), from.long(2)]).toEqual([ascii("x"), ascii("yz")])
  expect(from.end()).toBe(true)
  for (const write of [
    (w: ByteWriter) => w.u8(256),
    (w: ByteWriter) => w.u8(-1),
    (w: ByteWriter) => w.u16(65_536),
    (w: ByteWriter) => w.u32(2 ** 32),
    (w: ByteWriter) => w.u32(1.5),
    (w: ByteWriter) => w.u8(Number.NaN),
    (w: ByteWriter) => w.u64(2 ** 53),
    (w: ByteWriter) => w.short(new Uint8Array(65_536)),
    (w: ByteWriter) => w.list(new Array(256).fill(0), (out) => out.u8(0)),
    (w: ByteWriter) => w.fixed(new Uint8Array(31), 32),
  ]) {
    expect(() => write(new ByteWriter())).toThrow(RangeError)
  }
})

test("[B1] the reader never passes the end, and says so once asked", () => {
  const short = new ByteReader(new Uint8Array(3))
  expect([short.u32(), short.text(9), short.end()]).toEqual([0, "", false])
  const left = new ByteReader(new Uint8Array(2))
  left.u8()
  expect(left.end()).toBe(false)
  const huge = new ByteReader(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1))
  expect(huge.long(2 ** 32).length).toBeLessThanOrEqual(65_536)
  expect(huge.end()).toBe(false)
  const beyond = new ByteReader(
    new ByteWriter()
      .u32(2 ** 21)
      .u32(1)
      .bytes(),
  )
  expect([beyond.u64(), beyond.end()]).toEqual([0, false])
  const list = new ByteReader(Uint8Array.of(3, 1, 2, 3))
  expect([list.list(2, (r) => r.u8()), list.end()]).toEqual([[], false])
})

test("[B2] a text that is not UTF-8, or longer than its field, fails the whole", () => {
  for (const bytes of [
    [0xc0, 0x80],
    [0xff],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xef, 0xbb, 0xbf],
  ]) {
    const from = new ByteReader(new ByteWriter().short(Uint8Array.from(bytes)).bytes())
    expect([from.text(100), from.end()], String(bytes)).toEqual(["", false])
  }
  const long = new ByteReader(new ByteWriter().text("ёё").bytes())
  expect([long.text(3), long.end()]).toEqual(["", false])
})

test("[B1] byte strings compare as memcmp does", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 6 }), fc.uint8Array({ maxLength: 6 }), (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(Buffer.compare(a, b)))
      expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0)
      expect(concatBytes(a, b)).toEqual(Uint8Array.from([...a, ...b]))
    }),
  )
})

test("[B1] what is taken is a copy, also from a Buffer, whose slices are views", () => {
  const given = Buffer.from([1, 2, 3, 4])
  const taken = new ByteReader(given).take(2)
  taken[0] = 9
  expect(given[0]).toBe(1)
})

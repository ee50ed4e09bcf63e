import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { parseCsv } from "./csv.ts"
import { tableErrorText } from "./table.ts"

const utf8 = (text: string) => new TextEncoder().encode(text)
const table = (bytes: Uint8Array) => {
  const result = parseCsv(bytes, "list.csv")
  if (!result.ok) throw new Error(tableErrorText(result.error))
  return result.value
}
const rowsOf = (bytes: Uint8Array) => {
  const { cells, rows } = table(bytes)
  return Array.from({ length: rows }, (_, row) => cells.map((column) => column[row]))
}

/** windows-1251 by hand: Node decodes it but does not encode it. */
function windows1251(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => {
    const code = letter.charCodeAt(0)
    if (code < 0x80) return code
    if (letter === "ё") return 0xb8
    if (letter === "Ё") return 0xa8
    return code - 0x410 + 0xc0
  })
}

function utf16(text: string, little: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), little)
  return bytes
}

const RUSSIAN = "имя;фамилия;город\r\nБорис;Ёлкин;Грозный\r\nАмина;Щукина;Аргун\r\n"
const RUSSIAN_ROWS = [
  ["Борис", "Ёлкин", "Грозный"],
  ["Амина", "Щукина", "Аргун"],
]

describe("reading CSV", () => {
  test("[csv] quotes, doubled quotes, line breaks and separators within values", () => {
    expect(rowsOf(utf8('a,b\n"x, y","say ""no"""\n"two\nlines",\n'))).toEqual([
      ["x, y", 'say "no"'],
      ["two\nlines", ""],
    ])
  })

  test("[csv] removes the spaces that some programs put after every comma", () => {
    expect(table(utf8("rec_id, given_name\nrec-1, mitchell\n")).columns).toEqual(["rec_id", "given_name"])
    expect(rowsOf(utf8('rec_id, given_name\nrec-1, "mitchell"\n'))).toEqual([["rec-1", "mitchell"]])
  })

  test("[encoding] windows-1251 with semicolons, as a spreadsheet in Russian saves it", () => {
    const read = table(windows1251(RUSSIAN))
    expect(read.format).toEqual({ kind: "csv", encoding: "windows-1251", separator: ";" })
    expect(rowsOf(windows1251(RUSSIAN))).toEqual(RUSSIAN_ROWS)
  })

  test("[encoding] UTF-8 with and without byte order mark, UTF-16 in both orders with and without", () => {
    for (const bytes of [
      utf8(RUSSIAN),
      utf8(`\ufeff${RUSSIAN}`),
      utf16(RUSSIAN, true),
      utf16(`\ufeff${RUSSIAN}`, true),
      utf16(RUSSIAN, false),
      utf16(`\ufeff${RUSSIAN}`, false),
    ]) {
      expect(rowsOf(bytes)).toEqual(RUSSIAN_ROWS)
      expect(table(bytes).columns[0]).toBe("имя")
    }
  })

  test("[encoding] a western code page is not taken for Cyrillic", () => {
    const western = Uint8Array.from("navn,by\nJørgen,Århus\nMüller,København\n", (letter) =>
      letter.charCodeAt(0),
    )
    expect(table(western).format).toMatchObject({ encoding: "windows-1252" })
    expect(rowsOf(western)[0]).toEqual(["Jørgen", "Århus"])
  })

  test("[encoding] KOI8-R and the DOS page are told from windows-1251", () => {
    const dos = Uint8Array.from("имя;город\nБорис;Грозный\nАмина;Аргун\n", (letter) => {
      const code = letter.charCodeAt(0)
      if (code < 0x80) return code
      return code < 0x440 ? code - 0x410 + 0x80 : code - 0x440 + 0xe0
    })
    expect(table(dos).format).toMatchObject({ encoding: "ibm866" })
  })

  test("[separator] comma, semicolon, tab and bar", () => {
    for (const separator of [",", ";", "\t", "|"]) {
      expect(
        rowsOf(
          utf8(`a${separator}b\n1,5${separator}x\n`.replaceAll("1,5", separator === "," ? "15" : "1,5")),
        ),
      ).toEqual([[separator === "," ? "15" : "1,5", "x"]])
    }
  })

  test("[refusal] an uneven row, an open quote, twins among columns, an empty and a binary file, each with its line", () => {
    const kind = (bytes: Uint8Array) => {
      const result = parseCsv(bytes, "list.csv")
      return result.ok ? "ok" : result.error
    }
    expect(kind(utf8("a,b\n1,2\n1,2,3\n"))).toMatchObject({ kind: "uneven-row", line: 3, found: 3 })
    expect(kind(utf8("a,b\n1\n"))).toMatchObject({ kind: "uneven-row", line: 2 })
    expect(kind(utf8('a,b\n1,"2\n'))).toMatchObject({ kind: "open-quote", line: 2 })
    expect(kind(utf8("a,a\n1,2\n"))).toMatchObject({ kind: "duplicate-column", column: "a" })
    expect(kind(utf8(""))).toMatchObject({ kind: "empty" })
    expect(kind(utf8("a,b\n"))).toMatchObject({ kind: "empty" })
    expect(kind(Uint8Array.of(1, 0, 0, 2, 0, 0, 7, 7, 7))).toMatchObject({ kind: "not-text" })
  })

  test("[csv] whatever is written with quotes is read back", () => {
    const value = fc
      .string({ unit: "grapheme" })
      .map((text) => text.replaceAll("\u0000", "").replaceAll("\r", "").trim())
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 20 }), (rows) => {
        const filled = rows.filter((row) => row.some((text) => text !== ""))
        fc.pre(filled.length > 0)
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
        const text = `one,two\n${rows.map((row) => row.map(quoted).join(",")).join("\n")}\n`
        // A row with nothing in it is nobody.
        expect(rowsOf(utf8(text))).toEqual(filled)
      }),
    )
  })

  test("[csv] random bytes never throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        parseCsv(bytes, "noise")
      }),
    )
  })
})

import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseCsv, readSources } from "./sources.ts"

describe("public sources", () => {
  it("[K22] reads quoted cells with commas, quotes and line feeds", () => {
    expect(parseCsv('id,claim\r\n1,"a, ""b""\nc"\r\n2,\n')).toEqual([
      { id: "1", claim: 'a, "b"\nc' },
      { id: "2", claim: "" },
    ])
  })

  it("[K22] refuses rows of another length and an open quotation", () => {
    expect(parseCsv("a,b\n1\n")).toBeNull()
    expect(parseCsv('a,b\n"1,2\n')).toBeNull()
    expect(readSources("a,b\n1,2\n")).toBeNull()
  })

  it("[K22] gives back whatever was written as CSV", () => {
    const cell = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\r", ""))
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const file = `x,y\n${rows.map((row) => row.map(quote).join(",")).join("\n")}\n`
        expect(parseCsv(file)).toEqual(rows.map(([x, y]) => ({ x, y })))
      }),
    )
  })

  it("[K22] never throws, whatever the file", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (file) => void readSources(file)))
  })
})

/** What linking warned of, on its way through a file and whatever was done to it. */
import { describe, expect, test } from "vitest"
import { parseCsv } from "../../tabular/csv.ts"
import { EFFECTS, NOTE_CODES, note, warning } from "../notes.ts"
import { isClusterColumn } from "./files.ts"
import { readVerdict, verdictOf } from "./verdict.ts"

function read(text: string) {
  const table = parseCsv(new TextEncoder().encode(text), "clusters.csv")
  if (!table.ok) throw new Error(table.error.kind)
  return readVerdict(table.value)
}
const column = (...cells: readonly string[]) =>
  read(["record_id,linkage_warnings", ...cells.map((cell, at) => `${at},${cell}`)].join("\n"))

describe("what linking warned of", () => {
  test("[verdict] warnings are written by their codes, each once, in one order; notes are not", () => {
    const notes = [
      warning("large-group", ""),
      note("read-as", ""),
      warning("few-columns", ""),
      warning("nothing-learnt", ""),
      warning("few-columns", ""),
    ]
    expect(verdictOf(notes)).toBe("nothing-learnt few-columns large-group")
    expect(verdictOf(notes.toReversed())).toBe(verdictOf(notes))
    // An empty cell is what a join leaves: that nothing was warned of is said.
    expect(verdictOf([note("read-as", "")])).toBe("no-warning")
  })

  test("[verdict] every code is read as it was written", () => {
    for (const code of NOTE_CODES)
      expect(column(verdictOf([warning(code, "")]))).toEqual({ codes: [code], unknown: [], unsaid: 0 })
    expect(column("no-warning", "no-warning")).toEqual({ codes: [], unknown: [], unsaid: 0 })
  })

  test("[verdict] one row that warns warns of all", () => {
    expect(column("no-warning", "few-columns nothing-learnt", "no-warning")).toEqual({
      codes: ["nothing-learnt", "few-columns"],
      unknown: [],
      unsaid: 0,
    })
  })

  test.each(["", "NA", "NaN", "null", "None"])(
    "[verdict] a cell that a join left as %j is no word that nothing was warned of",
    (cell) => {
      expect(column("no-warning", cell, cell)).toEqual({ codes: [], unknown: [], unsaid: 2 })
    },
  )

  test("[verdict] a word that is no warning of this version is kept for whoever must judge it", () => {
    expect(column("few-columns of-a-later-version")).toEqual({
      codes: ["few-columns"],
      unknown: ["of-a-later-version"],
      unsaid: 0,
    })
  })

  test.each(["linkage_warnings", "linkage.warnings", "Linkage-Warnings", "linkage warnings"])(
    "[verdict] the column is found as %s; no other is taken for it",
    (name) => {
      expect(read(`id,${name}\n1,nothing-learnt\n`)?.codes).toEqual(["nothing-learnt"])
      expect(isClusterColumn(name)).toBe(true)
      expect(read("id,warnings,linkage\n1,nothing-learnt,1\n")).toBeNull()
    },
  )

  test("[verdict] what is tenable and what is not is decided of every code", () => {
    expect(NOTE_CODES.filter((code) => EFFECTS[code] === "untenable")).toEqual([
      "nothing-learnt",
      "too-many-matches",
      "large-group",
    ])
  })
})

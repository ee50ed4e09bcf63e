/** What becomes of a table before anything is compared. */
import { describe, expect, test } from "vitest"
import { recordsOf, tableOf } from "../testing/records-of.ts"

/** The codes of a column: equal numbers are compared as equal. */
function codesOf(label: string, ...texts: readonly string[]): readonly number[] {
  const { records } = recordsOf(texts.map((text, at) => tableOf(`${at}.csv`, text)))
  const field = records.fields.find((one) => one.label === label)
  if (field === undefined) throw new Error(`no column ${label}`)
  return [...field.codes]
}

describe("records from tables", () => {
  test("[numbers] as data frames write them, with .0, are the numbers that other lists have", () => {
    const codes = codesOf(
      "postcode",
      "given_name,surname,postcode\nAmina,Boriseva,24937\nBoris,Orlov,24941\nVera,Orlova,",
      "given_name,surname,postcode\nAmina,Boriseva,24937.0\nBoris,Orlov,24941.0\nVera,Orlova,24937.5",
    )
    expect(codes[0]).toBe(codes[3])
    expect(codes[1]).toBe(codes[4])
    expect(codes[2]).toBe(-1)
    expect(codes[5]).not.toBe(codes[0])
  })

  test("[columns] that lists name differently are one, where each list has one of the role", () => {
    const codes = codesOf(
      "surname / Nachname",
      "given_name,surname\nAmina,Boriseva\nBoris,Orlov",
      "given_name,Nachname\nVera,Orlov\nAmina,Isaeva",
    )
    expect(codes[1]).toBe(codes[2])
    expect(new Set(codes).size).toBe(3)
  })

  test("[names] a whole name fills in what is missing, and is not counted beside what is there", () => {
    const { records, notes } = recordsOf([
      tableOf(
        "list.csv",
        "full_name,given_name,surname,dob\nAmina Boriseva,Amina,Boriseva,1990-01-02\nAmina Isaeva,,Isaeva,1990-01-02\nVera Orlova,Vera,,1980-03-04",
      ),
    ])
    expect(records.fields.map(({ label }) => label)).toEqual(["given_name", "surname", "dob"])
    const [given, family] = records.fields
    expect(given?.codes[0]).toBe(given?.codes[1])
    expect(family?.codes[2]).toBeGreaterThanOrEqual(0)
    expect(notes.map(({ code }) => code)).toContain("whole-name-completes")
  })

  test("[one value] a column that says the same of everybody is not compared", () => {
    const { records } = recordsOf([
      tableOf(
        "list.csv",
        "given_name,surname,city\nAmina,Boriseva,Argun\nBoris,Orlov,Argun\nVera,Orlova,Argun",
      ),
    ])
    expect(records.fields.map(({ label }) => label)).not.toContain("city")
  })
})

import { describe, expect, test } from "vitest"
import { guessMapping } from "./guess-mapping.ts"
import { parseMapping } from "./parse-mapping.ts"

const numbers = Array.from({ length: 60 }, (_, at) => String(at + 1))
const words = ["Amina", "Boris", "Eve"]
const repeated = numbers.map((_, at) => words[at % 3] as string)
const roleOf = (name: string, ...lists: readonly (readonly string[])[]) =>
  guessMapping([{ name, lists }])[0]?.role

describe("guessing what a column holds", () => {
  test("[names] of columns in several languages", () => {
    for (const [name, role] of [
      ["surname", "family"],
      ["Фамилия", "family"],
      ["Имя", "given"],
      ["Отчество", "patronymic"],
      ["Nachname", "family"],
      ["fornavn", "given"],
      ["fname_c1", "given"],
      ["lname_c1", "family"],
      ["full_name", "name"],
      ["first_and_surname", "name"],
      ["ФИО", "name"],
      ["birth_place", "place"],
      ["soc_sec_id", "identifier"],
      ["occupation", "category"],
      ["cluster", "ignore"],
    ] as const) {
      expect(roleOf(name, repeated), name).toBe(role)
    }
  })

  const days = numbers.map((_, at) => `${String((at % 28) + 1).padStart(2, "0")}.05.19${10 + at}`)
  const codes = numbers.map((number) => String(24_000 + Number(number)))
  const values: Readonly<Record<string, readonly string[]>> = {
    day: days,
    code: codes,
    word: repeated,
    number: numbers,
  }

  /** `column:kind` → the role of each, guessed together. */
  const rolesOf = (header: string) =>
    Object.fromEntries(
      guessMapping(
        header.split(";").map((entry) => {
          const [name = "", kind = "word"] = entry.split(":")
          return { name, lists: [values[kind] ?? []] }
        }),
      ).map(({ column, role }) => [column, role]),
    )

  test("[names] of Danish and German files, where by is a town and Name beside Vorname a family's", () => {
    expect(rolesOf("navn;foedt:day;by")).toEqual({ navn: "name", foedt: "date", by: "place" })
    expect(rolesOf("Vorname;Nachname;Geburtsdatum:day;Ort")).toEqual({
      Vorname: "given",
      Nachname: "family",
      Geburtsdatum: "date",
      Ort: "place",
    })
    expect(rolesOf("fornavn;efternavn;fødselsdato:day;postnr:code")).toEqual({
      fornavn: "given",
      efternavn: "family",
      fødselsdato: "date",
      postnr: "postcode",
    })
    expect(rolesOf("Name;Vorname;geb.:day;Geburtsort;PLZ:code;Wohnort;Beruf")).toEqual({
      Name: "family",
      Vorname: "given",
      "geb.": "date",
      Geburtsort: "place",
      PLZ: "postcode",
      Wohnort: "place",
      Beruf: "category",
    })
    expect(rolesOf("fødested;født:day;bopæl;sogn;stilling;created_by")).toEqual({
      fødested: "place",
      bopæl: "place",
      født: "date",
      sogn: "place",
      stilling: "category",
      created_by: "category",
    })
  })

  test("[values] contradict a name: numbers are no people, no towns and no postcodes without digits", () => {
    expect(roleOf("person", [...numbers, "1"])).toBe("ignore")
    expect(roleOf("postcode_fake", codes)).toBe("postcode")
    expect(roleOf("postcode_fake", repeated)).toBe("category")
    expect(roleOf("district", [...numbers, "1"])).toBe("category")
  })

  test("[dates] by name and by value; a column named data that holds words is none", () => {
    const days = numbers.map((number) => `1990-01-${String((Number(number) % 28) + 1).padStart(2, "0")}`)
    expect(roleOf("dob", days)).toBe("date")
    expect(roleOf("something", days)).toBe("date")
    expect(roleOf("data", repeated)).toBe("category")
    const short = numbers.map(
      (number) => `${String((Number(number) % 28) + 1).padStart(2, "0")}.05.${number.padStart(2, "0")}`,
    )
    expect(roleOf("Geburtsdatum", short)).toBe("date")
  })

  test("[id] numbers that begin anew in each list are ids, and are never compared", () => {
    expect(roleOf("unique_id", numbers, numbers, numbers)).toBe("id")
    expect(roleOf("unique_id", [...numbers, "1"])).toBe("identifier")
  })

  test("[truth] the withheld column is never compared, whatever it looks like", () => {
    expect(guessMapping([{ name: "surname", lists: [repeated] }], "surname")[0]?.role).toBe("ignore")
  })

  test("[mapping] what the user leaves out is ignored; what does not exist is refused", () => {
    const mapping = parseMapping({ a: "family" }, ["a", "b"])
    expect(mapping.ok && [...mapping.value]).toEqual([
      ["a", "family"],
      ["b", "ignore"],
    ])
    for (const bad of [
      [],
      null,
      "x",
      { c: "family" },
      { a: "nickname" },
      { a: "id" },
      { a: { toString: 1 } },
    ]) {
      expect(parseMapping(bad, ["a", "b"]).ok).toBe(false)
    }
  })
})

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
      ["postcode_fake", "postcode"],
      ["soc_sec_id", "identifier"],
      ["occupation", "category"],
      ["cluster", "ignore"],
    ] as const) {
      expect(roleOf(name, repeated), name).toBe(role)
    }
  })

  test("[dates] by name and by value; a column named data that holds words is none", () => {
    const days = numbers.map((number) => `1990-01-${String((Number(number) % 28) + 1).padStart(2, "0")}`)
    expect(roleOf("dob", days)).toBe("date")
    expect(roleOf("something", days)).toBe("date")
    expect(roleOf("data", repeated)).toBe("category")
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
    for (const bad of [[], null, "x", { c: "family" }, { a: "nickname" }, { a: "id" }]) {
      expect(parseMapping(bad, ["a", "b"]).ok).toBe(false)
    }
  })
})

import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { NAME_SAME_IN_OTHER_FORM, nameLevel } from "../comparison/name-levels.ts"
import { NameDictionaryBuilder } from "../records/name-dictionary.ts"
import { foldName, heavyKeys, isPlaceholder } from "./fold-name.ts"
import { nameVariants } from "./name-variants.ts"
import { fatherName, isPatronymic } from "./patronymic.ts"
import { splitName } from "./split-name.ts"
import { asciiWord } from "./transliterate.ts"

const key = (name: string) => heavyKeys(asciiWord(name))[0]
const sameName = (a: string, b: string) => {
  const builder = new NameDictionaryBuilder(nameVariants())
  const [codeA, codeB] = [builder.code(a), builder.code(b)]
  return nameLevel(builder.build(), codeA, codeB) >= NAME_SAME_IN_OTHER_FORM
}

describe("folding of names", () => {
  test("[palochka] every way of typing it is one name: Ӏ ӏ I l 1 | and Ukrainian і", () => {
    const forms = ["Ӏ", "ӏ", "I", "l", "1", "|", "і", "І"].map((letter) => asciiWord(`Маг${letter}омед`))
    expect(new Set(forms).size).toBe(1)
    expect(asciiWord("МагIомед")).toBe(asciiWord("Магомед"))
    expect(asciiWord("ХӀамзат")).toBe(asciiWord("Хамзат"))
  })

  test("[palochka] a Ukrainian і that is a vowel stays one", () => {
    for (const [name, ascii] of [
      ["Ігор", "igor"],
      ["Іван", "ivan"],
      ["Олексій", "oleksiy"],
      ["Марія", "mariya"],
      ["Лідія", "lidiya"],
      ["Прізвище", "prizvishche"],
      ["кіант", "kant"],
      ["Іумар", "umar"],
    ] as const)
      expect(asciiWord(name)).toBe(ascii)
  })

  test("[palochka] a Latin word keeps its I, l and 1", () => {
    expect(asciiWord("Ilyas")).toBe("ilyas")
    expect(asciiWord("Ali1")).toBe("ali1")
  })

  test("[romanisation] spellings of one name share a heavy form", () => {
    for (const [first, ...others] of [
      ["Хамзат", "Khamzat", "Hamzat", "Chamzat".replace("Ch", "Kh")],
      ["Ахмадов", "Akhmadov", "Ahmadov", "Akhmadow", "Ahmadoff"],
      ["Жанна", "Zhanna"],
      ["Джамал", "Dzhamal", "Jamal", "Djamal"],
      ["Юсуп", "Yusup", "Iusup", "Usup"],
      ["Сергей", "Sergey", "Sergei", "Sergej"],
      ["Семён", "Semyon", "Semen"],
      ["Жумаев", "Zhumaev", "Jumaev"],
      ["Елена", "Yelena", "Ielena", "Elena"],
      ["Щукина", "Schukina"],
      ["Умар", "Umar", "Oumar"],
      ["Ильяс", "Ilyas", "Iljas", "Il'yas"],
      ["Fatima", "Fatimah", "Фатима"],
      ["Christian", "Kristian"],
      ["Müller", "Mueller", "Muller"],
      ["Sørensen", "Sorensen", "Soerensen", "Sörensen"],
      ["Thomsen", "Thomson", "Tomsen"],
      ["Weiß", "Weiss", "Weis"],
      ["Åbenrå", "Aabenraa", "Abenra"],
      ["Kjær", "Kjaer"],
      ["Christensen", "Kristensen"],
      ["Jürgensen", "Juergensen", "Jurgensen"],
      ["Jørgensen", "Joergensen", "Jörgensen"],
    ]) {
      for (const other of others)
        expect(key(other as string), `${first} and ${other}`).toBe(key(first as string))
    }
  })

  test("[romanisation] x is read as ks and as kh", () => {
    expect(sameName("Axmad", "Akhmad")).toBe(true)
    expect(sameName("Maxim", "Maksim")).toBe(true)
  })

  test("[romanisation] different names stay different", () => {
    for (const [a, b] of [
      ["Хамзат", "Хасан"],
      ["Иса", "Муса"],
      ["Аслан", "Адам"],
      ["Hansen", "Jensen"],
      ["Umar", "Amir"],
    ] as const) {
      expect(sameName(a, b), `${a} and ${b}`).toBe(false)
    }
  })

  test("[variants] the table connects what no spelling rule does", () => {
    for (const [a, b] of [
      ["Magomed", "Mukhammad"],
      ["Магомед", "Mohammed"],
      ["Патимат", "Fatima"],
      ["Айшат", "Aisha"],
      ["Robert", "Bob"],
      ["Johann", "Hans"],
      ["Peter", "Peder"],
      ["Саша", "Александр"],
      ["Niels", "Nikolaus"],
      ["Jørgen", "Jürgen"],
      ["Асет", "Асият"],
      ["Birthe", "Birgitte"],
    ] as const) {
      expect(sameName(a, b), `${a} and ${b}`).toBe(true)
    }
  })

  test("[variants] names that people bear as different ones are not connected", () => {
    for (const [a, b] of [
      ["Руслан", "Рустам"],
      ["Руслан", "Аслан"],
      ["Айшат", "Асет"],
      ["Юрий", "Георгий"],
      ["Helmut", "Wilhelm"],
      ["Amelia", "Emily"],
      ["James", "Jacob"],
      ["Bertha", "Birthe"],
      ["Сафия", "Sofia"],
    ] as const) {
      expect(sameName(a, b), `${a} and ${b}`).toBe(false)
    }
  })

  test("[placeholders] what says that nothing is known is no name", () => {
    for (const value of ["", "-", "???", "unknown", "Неизвестно", "N/A", "xxx"])
      expect(isPlaceholder(value), value).toBe(true)
    expect(isPlaceholder("Нина")).toBe(false)
    expect(foldName("неизвестна").light).toBe("")
  })

  test("[patronymic] names the father, in any form", () => {
    expect(key(fatherName("Русланович"))).toBe(key("Руслан"))
    expect(key(fatherName("Ruslanovna"))).toBe(key("Ruslan"))
    expect(key(fatherName("Магомедович"))).toBe(key("Магомед"))
    expect(fatherName("Руслан кызы")).toBe("ruslan")
    expect(isPatronymic(asciiWord("Ахмедовна"))).toBe(true)
    expect(isPatronymic(asciiWord("Ахмадов"))).toBe(false)
  })

  test("[split] parts of a whole name, by comma, by patronymic, by order", () => {
    expect(splitName("Ахмадов Магомед Русланович")).toEqual({
      family: "Ахмадов",
      given: "Магомед",
      patronymic: "Русланович",
    })
    expect(splitName("Магомед Русланович Ахмадов")).toEqual({
      family: "Ахмадов",
      given: "Магомед",
      patronymic: "Русланович",
    })
    expect(splitName("Akhmadov, Magomed")).toMatchObject({ family: "Akhmadov", given: "Magomed" })
    expect(splitName("Eva van der Berg")).toMatchObject({ family: "van der Berg", given: "Eva" })
    expect(splitName("Амина")).toEqual({ given: "Амина", family: "", patronymic: "" })
  })

  test("[folding] any text gives ASCII words and never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(foldName(text).light).toMatch(/^[a-z0-9 ]*$/)
      }),
      { numRuns: 20 },
    )
  })
})

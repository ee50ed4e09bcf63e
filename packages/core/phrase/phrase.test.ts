import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { toHex } from "../bytes/hex.ts"
import { err, ok } from "../result.ts"
import { reveal } from "../secret.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { type PhraseLanguage, phraseLanguages } from "./language.ts"
import { wordLists } from "./lists.ts"
import { makePhrase, type Phrase, phraseWords, rootFromPhrase, WORDS } from "./phrase.ts"
import { PICTURES, SIGN_COLOURS } from "./pictures.ts"
import { readPhrase, readWord } from "./read.ts"
import { signOf } from "./sign.ts"
import { oneErrorFrom } from "./testing/one-error.ts"

const ORGANISATION = new Uint8Array(32).fill(7)

const phrases: fc.Arbitrary<Phrase> = fc.record({
  language: fc.constantFrom(...phraseLanguages),
  indices: fc.array(fc.nat(2047), { minLength: WORDS, maxLength: WORDS }),
})

/** Ways in which the same word is typed, right all the same. */
const WRITTEN: Readonly<Record<PhraseLanguage, readonly ((word: string) => string)[]>> = {
  en: [
    (word) => word,
    (word) => word.toUpperCase(),
    (word) => word.slice(0, 4),
    (word) => word.replaceAll("a", "а").replaceAll("o", "о").replaceAll("e", "е"), // Cyrillic а, о, е
    (word) => word.replaceAll("e", "é"),
    (word) => `${word.slice(0, 2)}\u200b${word.slice(2)}\u00ad`,
  ],
  ru: [
    (word) => word,
    (word) => word.toUpperCase(),
    (word) => word.slice(0, 4),
    (word) => word.normalize("NFD"),
    (word) => word.replace("е", "ё"),
    (word) => word.replaceAll("а", "a").replaceAll("о", "o").replaceAll("с", "c"), // Latin a, o, c
    (word) => word.toUpperCase().replaceAll("В", "B").replaceAll("Н", "H").replaceAll("Т", "T"), // Latin B, H, T
    (word) => `\u200d${word.slice(0, 3)}\u0301${word.slice(3)}`,
  ],
}

const BETWEEN = [" ", "  ", ", ", "\n", "\r\n", "\t", ". ", " – ", "; "]

describe("[PH2] a phrase", () => {
  test("[PH2] takes eleven bits of every two bytes, none likelier than another", () => {
    const counting = (length: number) => Uint8Array.from({ length }, (_, i) => (i % 2 ? i : 0xf8 | (i >> 1)))
    expect(makePhrase("en", counting).indices).toEqual([1, 259, 517, 775, 1033, 1291, 1549, 1807, 17, 275])
    const random = seededRandom("phrase spread")
    const seen = new Set(Array.from({ length: 3000 }, () => makePhrase("ru", random).indices).flat())
    expect(seen.size).toBe(2048)
  })

  test("[PH3] is read back however its words are written and set apart", () => {
    const written = fc.array(fc.nat(100), { minLength: WORDS, maxLength: WORDS })
    fc.assert(
      fc.property(
        phrases,
        written,
        fc.constantFrom(...BETWEEN),
        fc.boolean(),
        (phrase, ways, gap, numbered) => {
          const forms = WRITTEN[phrase.language]
          const typed = phraseWords(phrase).map((word, i) => {
            const form = forms[(ways[i] ?? 0) % forms.length] ?? ((same) => same)
            return (numbered ? `${i + 1}. ` : "") + form(word)
          })
          expect(readPhrase(phrase.language, `  ${typed.join(gap)}\n`)).toEqual(ok(phrase))
        },
      ),
      { numRuns: 150 },
    )
  })

  test("[PH4] of nine or eleven words is counted, of none called empty", () => {
    const words = phraseWords(makePhrase("ru", seededRandom("counted")))
    expect(readPhrase("ru", words.slice(1).join(" "))).toEqual(err({ kind: "too-few", words: 9 }))
    expect(readPhrase("ru", [...words, words[0]].join(" "))).toEqual(err({ kind: "too-many", words: 11 }))
    expect(readPhrase("ru", " \n1. \u200b ,")).toEqual(err({ kind: "empty" }))
  })

  test("[PH4] in the other language is said to be, and not taken", () => {
    const words = phraseWords(makePhrase("ru", seededRandom("other"))).join(" ")
    expect(readPhrase("en", words)).toEqual(err({ kind: "other-language", language: "ru" }))
  })

  test("[PH4] with an unknown word names its place and near words", () => {
    const typed = "abacus abalone absentee academy awnnig acorn abacus abalone absentee academy"
    expect(readPhrase("en", typed)).toEqual(
      err({ kind: "unknown-word", place: 5, typed: "awnnig", suggestions: ["awning"] }),
    )
  })

  test("[PH4] is never read from anything else, and nothing typed makes reading throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (typed) => {
        for (const language of phraseLanguages) expect(readPhrase(language, typed).ok).toBe(false)
      }),
      { numRuns: 20 },
    )
  })
})

describe.each(phraseLanguages)("[PH5] a word, %s", (language) => {
  const { words } = wordLists[language]

  test("[PH5] is known from its first four letters, and from no three", () => {
    for (const [index, word] of words.entries()) {
      expect(readWord(language, word.slice(0, 4))).toEqual({ kind: "word", index })
    }
    const three = readWord(language, (words[0] ?? "").slice(0, 3))
    expect(three.kind).toBe("completions")
    expect(readWord(language, "")).toEqual({ kind: "completions", words: [] })
  })

  test("[PH5] with one typing error is unknown, with the right word suggested, or reads as another word", () => {
    const random = seededRandom(`typing errors ${language}`)
    const pick = (bound: number) => (((random(2)[0] ?? 0) << 8) | (random(2)[1] ?? 0)) % bound
    let missed = 0
    const tried = 150
    for (let i = 0; i < tried; i++) {
      const index = pick(words.length)
      const word = words[index] ?? ""
      const wrong = oneErrorFrom(word, language)
      const reading = readWord(language, wrong[pick(wrong.length)] ?? "")
      // Reading as the word itself is right too: a letter left off its end.
      if (reading.kind === "unknown" && !reading.suggestions.includes(word)) missed++
      if (reading.kind === "completions") expect(reading.words).toContain(word)
    }
    expect(missed / tried).toBeLessThan(0.01)
  })

  test("[PH5] followed by letters that contradict it is not taken", () => {
    const word = words.find(({ length }) => length === 7) ?? ""
    const reading = readWord(language, `${word}${word[0]}`)
    expect(reading).toEqual({ kind: "unknown", suggestions: expect.arrayContaining([word]) })
  })
})

test("[PH5] a word typed in the other keyboard layout is suggested", () => {
  expect(readWord("ru", "f,f;eh")).toEqual({ kind: "unknown", suggestions: ["абажур"] })
  expect(readWord("en", "ФИФСГЫ")).toEqual({ kind: "unknown", suggestions: ["abacus"] })
})

describe("[PH6] root and sign", () => {
  const known = [
    { language: "en", indices: [0, 1, 2, 3, 5, 8, 13, 1597, 2046, 2047] },
    { language: "ru", indices: [0, 1, 2, 3, 5, 8, 13, 1597, 2046, 2047] },
  ] as const satisfies readonly Phrase[]

  test.each([
    [known[0], "f9c5a0cb7d4716983b47d47386497ab8e78bc1951de1228644b5ae431e2ab60e", "16 22 19 3"],
    [known[1], "ad04a636a65bdf5f9e1d5929bfec42504c7f15a07dd76b9961071c279f4cd439", "15 15 20 7"],
  ])("[PH6] are those of the known answer %#", async (phrase, root, sign) => {
    const made = await rootFromPhrase(phrase, ORGANISATION)
    expect(toHex(reveal(made))).toBe(root)
    const { pictures, colour } = await signOf(made)
    expect([...pictures, colour].join(" ")).toBe(sign)
  })

  test("[PH6] differ for another organisation, another language, another word", async () => {
    const base = known[0]
    const others = await Promise.all([
      rootFromPhrase(base, ORGANISATION),
      rootFromPhrase(base, new Uint8Array(32)),
      rootFromPhrase({ ...base, language: "ru" }, ORGANISATION),
      rootFromPhrase({ ...base, indices: [...base.indices.slice(0, 9), 2046] }, ORGANISATION),
      rootFromPhrase({ ...base, indices: [1, 0, ...base.indices.slice(2)] }, ORGANISATION),
    ])
    expect(new Set(others.map((root) => toHex(reveal(root)))).size).toBe(5)
    const signs = await Promise.all(others.map(signOf))
    expect(new Set(signs.map((sign) => JSON.stringify(sign))).size).toBe(5)
  })

  test("[PH6] are refused for nine words or half an organisation id", async () => {
    const nine = { language: "en", indices: known[0].indices.slice(1) } as const
    await expect(rootFromPhrase(nine, ORGANISATION)).rejects.toThrow(RangeError)
    await expect(rootFromPhrase(known[0], ORGANISATION.slice(16))).rejects.toThrow(RangeError)
  })

  test("[PH6] a sign has 32 pictures and 8 colours to choose from, no two of one name, none named in two words", () => {
    expect([PICTURES.length, SIGN_COLOURS.length]).toEqual([32, 8])
    expect(new Set(PICTURES.map(({ emoji }) => emoji)).size).toBe(32)
    for (const { emoji } of PICTURES) expect(emoji).toMatch(/^\p{Emoji_Presentation}$/u)
    for (const language of phraseLanguages) {
      expect(new Set(PICTURES.map(({ names }) => names[language])).size).toBe(32)
      expect(new Set(SIGN_COLOURS.map(({ names }) => names[language])).size).toBe(8)
      for (const { names } of PICTURES) expect(names[language]).toMatch(/^\p{L}+$/u)
    }
  })
})

/** Three lists of one synthetic population, as three organisations would write them. Nobody in them exists. */
import { type Random, seededRandom } from "../../random/random.ts"

const GIVEN: readonly (readonly [russian: string, ngo: string, journalist: string])[] = [
  ["Магомед", "Магомед", "Mukhammad"],
  ["Хамзат", "ХӀамзат", "Hamzat"],
  ["Ахмед", "Ахьмад", "Ahmad"],
  ["Умар", "Ӏумар", "Oumar"],
  ["Юсуп", "Юсуп", "Yusuf"],
  ["Ибрагим", "Ибрахӏим", "Ibrahim"],
  ["Исмаил", "Исмаӏил", "Ismail"],
  ["Руслан", "Руслан", "Rouslan"],
  ["Джамал", "Жамал", "Dzhamal"],
  ["Зелимхан", "Зелим", "Zelimkhan"],
  ["Сулейман", "Сулейман", "Suleiman"],
  ["Сергей", "Сергей", "Sergei"],
]
const ROOTS: readonly (readonly [russian: string, journalist: string])[] = [
  ["Ахмад", "Akhmad"],
  ["Хаджи", "Khadzhi"],
  ["Эльмурза", "Elmurza"],
  ["Юсуп", "Iusup"],
  ["Жума", "Juma"],
  ["Вахит", "Wakhit"],
  ["Исраил", "Israil"],
  ["Тайсум", "Taisum"],
  ["Щерип", "Scherip"],
  ["Шахид", "Shahid"],
  ["Дуда", "Duda"],
  ["Мица", "Mitsa"],
  ["Сады", "Sady"],
  ["Якуб", "Yakub"],
  ["Гула", "Gula"],
  ["Берса", "Bersa"],
]
const PLACES: readonly (readonly [russian: string, journalist: string])[] = [
  ["г. Аргун", "Argun"],
  ["Грозный", "Grozny"],
  ["с. Шали", "Shali"],
  ["Гудермес", "Gudermes"],
  ["Урус-Мартан", "Urus-Martan"],
  ["Хасавюрт", "Khasavyurt"],
]

export interface ThreeLists {
  /** Text of three CSV files: Russian with commas; Chechen spellings with semicolons; Latin with tabs. */
  readonly ngo: string
  readonly hotline: string
  readonly newspaper: string
  readonly people: number
}

export function threeLists(people: number, seed: number): ThreeLists {
  const random = seededRandom(seed, "three lists")
  const files = [
    ["record_id,person,name,born,place"],
    ["record_id;person;name;born;place"],
    ["record_id\tperson\tname\tborn\tplace"],
  ]
  for (let person = 0; person < people; person++) {
    const given = pick(GIVEN, random)
    const father = pick(GIVEN, random)
    const [rootRussian, rootLatin] = pick(ROOTS, random)
    const [rootRussian2, rootLatin2] = pick(ROOTS, random)
    const family = [
      `${rootRussian}${rootRussian2.toLowerCase()}ов`,
      `${rootLatin}${rootLatin2.toLowerCase()}ov`,
    ]
    const [placeRussian, placeLatin] = pick(PLACES, random)
    const year = 1960 + random.below(42)
    const month = 1 + random.below(12)
    const day = 1 + random.below(28)
    const two = (part: number) => String(part).padStart(2, "0")
    const russianDate = random.float() < 0.2 ? String(year) : `${two(day)}.${two(month)}.${year}`
    const isoDate = random.float() < 0.3 ? String(year) : `${year}-${two(month)}-${two(day)}`
    if (random.float() < 0.6)
      files[0]?.push(
        `${files[0]?.length},${person},${family[0]} ${given[0]} ${father[0]}ович,${russianDate},${placeRussian}`,
      )
    if (random.float() < 0.6)
      files[1]?.push(`${files[1]?.length};${person};${family[0]} ${given[1]};${russianDate};${placeRussian}`)
    if (random.float() < 0.6)
      files[2]?.push(`${files[2]?.length}\t${person}\t${given[2]} ${family[1]}\t${isoDate}\t${placeLatin}`)
  }
  const [ngo = [], hotline = [], newspaper = []] = files
  const text = (lines: readonly string[]) => `${lines.join("\n")}\n`
  return { ngo: text(ngo), hotline: text(hotline), newspaper: text(newspaper), people }
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[random.below(list.length)] as T
}

/** windows-1251 by hand: Node decodes it but does not encode it. Letters beyond it become `?`. */
export function windows1251(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => {
    const code = letter.charCodeAt(0)
    if (code < 0x80) return code
    if (letter === "ё") return 0xb8
    if (letter === "Ё") return 0xa8
    return code >= 0x410 && code <= 0x44f ? code - 0x410 + 0xc0 : 0x3f
  })
}

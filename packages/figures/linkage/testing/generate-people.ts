/**
 * Synthetic people with known truth, for speed, growth and quality: nobody in it exists.
 *
 * Hard on purpose: common and rare names, short forms, typing errors, missing values, exchanged names, years
 * without a day, people who moved, and households whose members share family name, place, postcode. Some
 * records are bad in every column at once, as real ones are.
 */
import { type Random, seededRandom } from "../../random/random.ts"
import type { Table } from "../../tabular/table.ts"

export interface GeneratedPeople {
  /** Columns: record_id, full_name, first_name, surname, dob, birth_place, postcode, gender, occupation, person. */
  readonly table: Table
  readonly truePairs: number
}

const COLUMNS = [
  ...[
    "record_id",
    "full_name",
    "first_name",
    "surname",
    "dob",
    "birth_place",
    "postcode",
    "gender",
    "occupation",
  ],
  "person",
] as const

/** Spellings under which one given name appears, most usual first. */
const MALE = [
  ...[
    "william bill will willie",
    "john jack johnny",
    "thomas tom",
    "george georgie",
    "james jim jamie",
    "henry harry",
  ],
  ...[
    "charles charlie",
    "robert bob rob",
    "edward ted ned",
    "richard dick",
    "joseph joe",
    "frederick fred",
    "arthur art",
  ],
  ...[
    "samuel sam",
    "alfred alf",
    "walter wat",
    "francis frank",
    "david dave",
    "albert bert",
    "hugh",
    "peter pete",
  ],
  ...[
    "alexander alex sandy",
    "philip phil",
    "edmund ned",
    "benjamin ben",
    "daniel dan",
    "ernest ernie",
    "herbert bert",
  ],
  ...[
    "matthew matt",
    "stephen steve",
    "michael mick",
    "andrew andy",
    "reginald reg",
    "percy",
    "ralph",
    "roger",
    "simon",
  ],
  ...[
    "gilbert gil",
    "martin",
    "nicholas nick",
    "patrick pat",
    "theodore theo",
    "lionel",
    "cecil",
    "gerald gerry",
    "ivor",
  ],
]
const FEMALE = [
  ...[
    "mary molly polly",
    "elizabeth betty liz eliza",
    "anne annie nancy",
    "sarah sally",
    "jane jenny",
    "margaret maggie peggy",
  ],
  ...[
    "catherine kate kitty",
    "alice",
    "ellen nell",
    "emma",
    "charlotte lottie",
    "harriet hattie",
    "frances fanny",
    "martha patty",
  ],
  ...[
    "caroline carrie",
    "florence flo",
    "isabella bella",
    "louisa lou",
    "edith edie",
    "emily",
    "eleanor nell",
    "dorothy dolly",
  ],
  ...[
    "susan sue",
    "lucy",
    "amelia millie",
    "rebecca becky",
    "rachel",
    "agnes aggie",
    "ethel",
    "mabel",
    "winifred winnie",
    "vera",
  ],
]
const OCCUPATIONS = [
  ...[
    "politician",
    "writer",
    "painter",
    "military officer",
    "clergyman",
    "lawyer",
    "physician",
    "merchant",
    "teacher",
  ],
  ...[
    "engineer",
    "actor",
    "musician",
    "botanist",
    "architect",
    "footballer",
    "cricketer",
    "historian",
    "farmer",
    "judge",
  ],
]
const ONSETS = [
  "b",
  "br",
  "c",
  "cl",
  "d",
  "f",
  "fl",
  "g",
  "gr",
  "h",
  "k",
  "l",
  "m",
  "n",
  "p",
  "r",
  "s",
  "st",
  "t",
  "th",
  "w",
  "wh",
]
const VOWELS = ["a", "e", "i", "o", "u", "ea", "oo", "ai"]
const ENDS = [
  "ton",
  "ley",
  "ham",
  "son",
  "field",
  "ford",
  "well",
  "man",
  "er",
  "den",
  "by",
  "worth",
  "ridge",
  "s",
  "ing",
  "more",
]

interface Person {
  readonly given: string
  readonly family: string
  readonly birth: Date
  readonly place: string
  readonly postcode: string
  readonly gender: string
  readonly occupation: string
}

/**
 * @param records how many rows; `recordsPerPerson` on average (the spread is wide: one to about three times it).
 * @returns rows in random order, the truth in the column `person`.
 */
export function generatePeople(records: number, seed: number, recordsPerPerson = 10): GeneratedPeople {
  const random = seededRandom(seed, "people")
  const families = distinctWords(Math.max(50, Math.round(records / 12)), random)
  const places = distinctWords(Math.max(20, Math.round(records / 60)), random)
  const rows: string[][] = []
  let person = 0
  let truePairs = 0
  let household: Person | undefined
  while (rows.length < records) {
    // One person in seven is the brother or sister of the one before.
    const sibling = household !== undefined && random.float() < 0.15 ? household : undefined
    const subject = newPerson(random, families, places, sibling)
    household = subject
    const wanted =
      1 +
      Math.floor(
        -Math.log(1 - random.float()) * (recordsPerPerson - 1) * 0.6 +
          random.float() * (recordsPerPerson - 1) * 0.8,
      )
    const size = Math.min(wanted, recordsPerPerson * 3, records - rows.length)
    for (let copy = 0; copy < size; copy++) rows.push(record(subject, person, random))
    truePairs += (size * (size - 1)) / 2
    person++
  }
  for (let last = rows.length - 1; last > 0; last--) {
    const other = random.below(last + 1)
    const kept = rows[last] as string[]
    rows[last] = rows[other] as string[]
    rows[other] = kept
  }
  const cells = COLUMNS.map((_, column) =>
    rows.map((row, at) => (column === 0 ? `r${at + 1}` : (row[column - 1] as string))),
  )
  return {
    table: {
      source: `synthetic people, seed ${seed}`,
      columns: COLUMNS,
      rows: rows.length,
      cells,
      format: { kind: "parquet" },
    },
    truePairs,
  }
}

function newPerson(
  random: Random,
  families: readonly string[],
  places: readonly string[],
  sibling?: Person,
): Person {
  const male = random.float() < 0.7
  const year =
    sibling === undefined ? 1780 + random.below(160) : sibling.birth.getUTCFullYear() + 1 + random.below(8)
  return {
    given: otherThan(sibling?.given, () => skewed(male ? MALE : FEMALE, random)),
    family: sibling?.family ?? skewed(families, random),
    birth: new Date(Date.UTC(year, random.below(12), 1 + random.below(28))),
    place: sibling?.place ?? skewed(places, random),
    postcode: sibling?.postcode ?? postcode(random),
    gender: male ? "male" : "female",
    occupation: skewed(OCCUPATIONS, random),
  }
}

/** Brothers do not bear one name. */
function otherThan(taken: string | undefined, draw: () => string): string {
  let name = draw()
  while (name === taken) name = draw()
  return name
}

function record(person: Person, number: number, random: Random): string[] {
  // The whole record is good, middling or bad.
  const quality = random.float()
  const trouble = quality < 0.55 ? 0.04 : quality < 0.88 ? 0.18 : 0.42
  const happens = (share: number) => random.float() < share * (trouble / 0.18)
  const spellings = person.given.split(" ")
  let given = (happens(0.35) ? spellings[random.below(spellings.length)] : spellings[0]) ?? ""
  let family = person.family
  if (happens(0.2)) given = misspell(given, random)
  if (happens(0.25)) family = misspell(family, random)
  if (happens(0.05)) given = given.slice(0, 1)
  if (happens(0.03)) [given, family] = [family, given]
  const fullName = happens(0.3) ? "" : `${given} ${family}`
  if (happens(0.12)) given = ""
  if (happens(0.06)) family = ""
  return [
    fullName,
    given,
    family,
    happens(0.12) ? "" : writtenDate(person.birth, random, happens),
    happens(0.25) ? "" : happens(0.1) ? misspell(person.place, random) : person.place,
    happens(0.3)
      ? ""
      : happens(0.3)
        ? postcode(random)
        : happens(0.15)
          ? misspell(person.postcode, random)
          : person.postcode,
    happens(0.2) ? "" : person.gender,
    happens(0.4) ? "" : happens(0.2) ? skewed(OCCUPATIONS, random) : person.occupation,
    String(number),
  ]
}

function writtenDate(birth: Date, random: Random, happens: (share: number) => boolean): string {
  const date = new Date(birth)
  if (happens(0.2)) return `${date.getUTCFullYear()}-01-01`
  if (happens(0.08)) date.setUTCFullYear(date.getUTCFullYear() + random.below(5) - 2)
  if (happens(0.1)) date.setUTCDate(1 + random.below(28))
  const iso = date.toISOString().slice(0, 10)
  if (happens(0.08) && date.getUTCDate() <= 12) return `${iso.slice(0, 4)}-${iso.slice(8)}-${iso.slice(5, 7)}`
  return iso
}

/** Zipf-like: the first of a list is common, the last rare. */
function skewed(list: readonly string[], random: Random): string {
  return list[Math.floor(list.length * random.float() ** 2)] as string
}

function postcode(random: Random): string {
  const letter = () => String.fromCharCode(97 + random.below(26))
  return `${letter()}${letter()}${1 + random.below(20)} ${random.below(10)}${letter()}${letter()}`
}

function misspell(word: string, random: Random): string {
  if (word.length < 3) return word
  const at = 1 + random.below(word.length - 1)
  const letter = String.fromCharCode(97 + random.below(26))
  switch (random.below(4)) {
    case 0:
      return word.slice(0, at) + word.slice(at + 1)
    case 1:
      return word.slice(0, at) + letter + word.slice(at)
    case 2:
      return word.slice(0, at) + letter + word.slice(at + 1)
    default:
      return word.slice(0, at - 1) + (word[at] ?? "") + (word[at - 1] ?? "") + word.slice(at + 1)
  }
}

function distinctWords(count: number, random: Random): readonly string[] {
  const words = new Set<string>()
  const pick = (list: readonly string[]) => list[random.below(list.length)] as string
  while (words.size < count) {
    const middle = random.float() < 0.3 ? pick(ONSETS) + pick(VOWELS) : ""
    words.add(pick(ONSETS) + pick(VOWELS) + middle + pick(ENDS))
  }
  return [...words]
}

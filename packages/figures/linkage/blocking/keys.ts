/** What records can be brought together by: one code per record and key, from the coded fields. */
import type { UncertainDate } from "../dates/uncertain-date.ts"
import { type Field, type LinkageRecords, type NameField, sharedInt32 } from "../records/fields.ts"

export interface BlockingKey {
  /** As printed and as named in a rules file: `family`, `dob.year`, `postcode`. */
  readonly name: string
  /** Index of the comparison whose agreement this key fixes. */
  readonly comparison: number
  /** Per record a code; −1 when not known. Equal codes: brought together. */
  readonly codes: Int32Array
}

/** Every key that the fields offer. */
export function blockingKeys(records: LinkageRecords): readonly BlockingKey[] {
  return records.fields.flatMap((field, comparison) =>
    keysOfField(field, records).map(({ suffix, key }) => ({
      name: suffix === "" ? field.label : `${field.label}.${suffix}`,
      comparison,
      codes: recordCodes(field, key),
    })),
  )
}

interface FieldKey {
  readonly suffix: string
  /** Key of a distinct value, by its code. */
  readonly key: (code: number) => string | undefined
}

function keysOfField(field: Field, records: LinkageRecords): readonly FieldKey[] {
  switch (field.kind) {
    case "name":
      return nameKeys(field, records)
    case "date":
      return dateKeys(field.dates)
    case "place":
      return [
        { suffix: "", key: (code) => field.places[code]?.units[0] },
        ...(field.places.some(({ units }) => units.length > 1)
          ? [{ suffix: "widest", key: (code: number) => field.places[code]?.units.at(-1) }]
          : []),
      ]
    case "postcode":
      return [
        { suffix: "", key: (code) => field.values[code] },
        { suffix: "beginning", key: (code) => field.values[code]?.slice(0, 3) },
      ]
    case "identifier":
      return [
        { suffix: "", key: (code) => field.values[code] },
        ...(field.values.some((value) => value.includes("@"))
          ? [{ suffix: "user", key: (code: number) => field.values[code]?.split("@")[0] }]
          : []),
      ]
    case "category":
      return [{ suffix: "", key: (code) => field.values[code] }]
  }
}

function nameKeys(_field: NameField, { names }: LinkageRecords): readonly FieldKey[] {
  const firstWord = (code: number): string | undefined => {
    const heavy = names.heavy[code]
    return heavy === undefined ? undefined : (heavy.split(" ")[0] ?? heavy)
  }
  return [
    { suffix: "", key: (code) => names.heavy[code] },
    // The last number of a word's forms is its variant group when it has one: Magomed and Mukhammad meet.
    { suffix: "variant", key: (code) => String(names.words[code]?.[0]?.at(-1) ?? "") || undefined },
    { suffix: "sound", key: (code) => consonants(firstWord(code)) },
    { suffix: "initial", key: (code) => firstWord(code)?.slice(0, 1) },
  ]
}

/** First letter and the next three consonant classes: misheard vowels and voicing do not matter. */
function consonants(word: string | undefined): string | undefined {
  if (word === undefined || word.length < 2) return undefined
  const classes = word
    .slice(1)
    .replace(/[aeiouh]/g, "")
    .replace(/[bp]/g, "p")
    .replace(/[dt]/g, "t")
    .replace(/[gk]/g, "k")
    .replace(/[zsSTC]/g, "s")
    .replace(/[vf]/g, "f")
    .replace(/[mn]/g, "n")
    .replace(/(.)\1+/g, "$1")
  return word.slice(0, 1) + classes.slice(0, 3)
}

function dateKeys(dates: readonly UncertainDate[]): readonly FieldKey[] {
  return [
    {
      suffix: "",
      key: (code) => {
        const date = dates[code]
        return date?.precision === "day" ? String(date.from) : undefined
      },
    },
    {
      suffix: "year",
      key: (code) => {
        const date = dates[code]
        return date === undefined || date.year === 0 ? undefined : String(date.year)
      },
    },
    {
      suffix: "month-day",
      key: (code) => {
        const date = dates[code]
        if (date?.precision !== "day") return undefined
        // Day and month exchanged come together too.
        const [low, high] = date.day < date.month ? [date.day, date.month] : [date.month, date.day]
        return `${low} ${high}`
      },
    },
  ]
}

function recordCodes(field: Field, key: FieldKey["key"]): Int32Array {
  const byText = new Map<string, number>()
  const distinct = Math.max(field.counts.length, 0)
  const ofValue = new Int32Array(distinct)
  for (let code = 0; code < distinct; code++) {
    const text = key(code)
    if (text === undefined || text === "") {
      ofValue[code] = -1
      continue
    }
    const known = byText.get(text) ?? byText.size
    byText.set(text, known)
    ofValue[code] = known
  }
  const codes = sharedInt32(field.codes.length)
  for (let record = 0; record < codes.length; record++) {
    const code = field.codes[record] as number
    codes[record] = code < 0 ? -1 : (ofValue[code] as number)
  }
  return codes
}

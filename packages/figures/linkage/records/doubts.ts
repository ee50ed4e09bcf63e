/** What in the lists themselves gives reason to doubt, before any linking. */

import { heavyKeys } from "../names/fold-name.ts"
import { counted, type Note, note, percent, warning } from "../notes.ts"
import { isOneEditApart } from "../similarity/edit-distance.ts"
import type { Field, LinkageRecords, NamePart, PlaceField } from "./fields.ts"

const MOSTLY_ABSENT = 0.6

export function listDoubts(records: LinkageRecords): readonly Note[] {
  return [
    ...records.fields.flatMap((field) => (field.kind === "place" ? namesAmongPlaces(field, records) : [])),
    ...records.fields.flatMap((field) => absentValues(field, records.count)),
    ...records.fields.flatMap((field) => oneValueRules(field)),
    ...sameRecordTwice(records),
    ...repeatedIds(records),
  ]
}

/** A value must be a given name so many times oftener than a place to be called misplaced; a family name more. */
const GIVEN_OFTENER = 3
const FAMILY_OFTENER = 8
const OFTEN = 4
/** A misplaced value is rare among places. One that stands there oftener must be a given name far oftener still. */
const RARE_AS_PLACE = 2
const RARE_SHARE = 0.01
const GIVEN_FAR_OFTENER = 6

/**
 * A person's name in a place column: the value is no place in any other row, or almost none, but a name in many.
 * It would count as a disagreement about the place, and hide one about the name. Many families are called
 * after places, so a family name alone must be far oftener a name, and no mistyped frequent place.
 */
function namesAmongPlaces(field: PlaceField, records: LinkageRecords): readonly Note[] {
  const given = nameCounts(records, "given")
  const family = nameCounts(records, "family")
  const known = field.counts.reduce((sum, count) => sum + count, 0)
  const rare = Math.max(RARE_AS_PLACE, RARE_SHARE * known)
  const frequent = field.places.filter((_, code) => (field.counts[code] ?? 0) >= OFTEN)
  let rows = 0
  let allNamed = 0
  let all = 0
  const examples: string[] = []
  const shown = records.shown.find(({ label }) => label === field.label)
  field.places.forEach((place, code) => {
    const asPlace = field.counts[code] ?? 0
    const words = place.light.split(" ").map((word) => heavyKeys(word)[0] ?? word)
    const key = words.join(" ")
    all += asPlace
    if (given.has(key)) allNamed += asPlace
    if (asPlace === 0 || asPlace > rare) return
    const seldom = asPlace <= RARE_AS_PLACE
    const oftener = seldom ? GIVEN_OFTENER : GIVEN_FAR_OFTENER
    const isGiven = (given.get(key) ?? 0) >= Math.max(2, oftener * asPlace)
    const isFamily = seldom && (family.get(key) ?? 0) >= FAMILY_OFTENER * asPlace
    // "Amina Boriseva": every word a name, one of them given. "Harry Hopman Circuit" is a street.
    const isBoth =
      seldom &&
      words.some((word) => (given.get(word) ?? 0) > 1) &&
      words.every((word) => given.has(word) || family.has(word))
    if (!isGiven && !isFamily && !(words.length > 1 && isBoth)) return
    if (frequent.some((other) => other !== place && isOneEditApart(other.light, place.light))) return
    rows += asPlace
    const row = field.codes.indexOf(code)
    if (examples.length < 3) examples.push(`${whereIs(records, row)}: "${shown?.values[row] ?? place.light}"`)
  })
  if (allNamed > all / 2) {
    return [
      warning(
        "name-in-place",
        `"${field.label}" was taken for a place, but ${percent(allNamed / all)} of its values are given names of these lists. Say in a mapping what it holds.`,
      ),
    ]
  }
  if (rows === 0) return []
  return [
    warning(
      "name-in-place",
      `In "${field.label}" ${counted(rows)} ${rows === 1 ? "value looks" : "values look"} like a person's name, not a place (${examples.join("; ")}). Look at those rows: a shifted column links the wrong people.`,
    ),
  ]
}

/** As a person finds it: the file and its line, the header being line 1. */
function whereIs({ lists, listOf }: LinkageRecords, record: number): string {
  const list = listOf[record] as number
  const line = `row ${counted(record - listOf.indexOf(list) + 2)}`
  return lists.length === 1 ? line : `${lists[list]} ${line}`
}

function nameCounts(records: LinkageRecords, part: NamePart): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const field of records.fields) {
    if (field.kind !== "name" || field.part !== part) continue
    field.counts.forEach((count, code) => {
      const heavy = records.names.heavy[code]
      if (heavy !== undefined && count > 0) counts.set(heavy, (counts.get(heavy) ?? 0) + count)
    })
  }
  return counts
}

function absentValues(field: Field, count: number): readonly Note[] {
  const known = field.counts.reduce((sum, value) => sum + value, 0)
  const absent = 1 - known / count
  return absent < MOSTLY_ABSENT
    ? []
    : [
        note(
          "mostly-absent",
          `"${field.label}" is not known in ${percent(absent)} of the records; it decides little.`,
        ),
      ]
}

/** One value in nearly every record says nothing and is no harm; an identifier that many share is a default. */
function oneValueRules(field: Field): readonly Note[] {
  if (field.kind !== "identifier") return []
  const known = field.counts.reduce((sum, value) => sum + value, 0)
  const most = field.counts.reduce((highest, value) => Math.max(highest, value), 0)
  if (most < 20 || most < known / 50) return []
  return [
    warning(
      "shared-identifier",
      `One value of "${field.label}" stands in ${counted(most)} records. That is a default, not an identifier; empty it, or give the column the role ignore.`,
    ),
  ]
}

/** Rows that are the same in every compared column: often one file given twice. */
function sameRecordTwice(records: LinkageRecords): readonly Note[] {
  if (records.lists.length < 2) return []
  const seen = new Map<string, number>()
  let repeated = 0
  for (let record = 0; record < records.count; record++) {
    const key = records.fields.map(({ codes }) => codes[record]).join(" ")
    const first = seen.get(key)
    if (first === undefined) seen.set(key, record)
    else if (records.listOf[first] !== records.listOf[record]) repeated++
  }
  if (repeated < records.count / 4) return []
  return [
    warning(
      "lists-alike",
      `${counted(repeated)} records stand in two lists without any difference. If one list was copied from another, they are one source, not two: leave one of them out, since an estimate from both would be wrong.`,
    ),
  ]
}

/** Record numbers are how people find a row of clusters.csv again. */
function repeatedIds({ ids, listOf, lists }: LinkageRecords): readonly Note[] {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  ids.forEach((id, record) => {
    const key = `${listOf[record]} ${id}`
    if (seen.has(key)) repeated.add(key)
    seen.add(key)
  })
  const [example] = repeated
  if (example === undefined) return []
  const [list = "0", ...id] = example.split(" ")
  return [
    warning(
      "repeated-ids",
      `${counted(repeated.size)} record ${repeated.size === 1 ? "number stands" : "numbers stand"} in several rows of one list ("${id.join(" ")}" in ${lists[Number(list)] ?? ""}). Each row is linked as a record of its own, in the order of the file; number them anew if you want to find them again by number.`,
    ),
  ]
}

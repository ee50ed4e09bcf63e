/** Guesses what each column holds, from its name and its values. The guess is printed and can be overruled. */
import { parseUncertainDate } from "../dates/uncertain-date.ts"
import { asciiWord } from "../names/transliterate.ts"
import type { Mapping, Role } from "./roles.ts"

export interface ColumnSample {
  readonly name: string
  /** Its values, list by list: record numbers begin anew in each. */
  readonly lists: readonly (readonly string[])[]
  /** Which of the files those are, by number; when absent all columns stand in the same ones. */
  readonly files?: readonly number[]
}

export interface GuessedRole {
  readonly column: string
  readonly role: Role
  /** In words, for the printed mapping. */
  readonly because: string
}

/** On the column's name in ASCII without spaces. First match that the values do not contradict wins, so the narrow ones stand first. */
const BY_NAME: readonly (readonly [RegExp, Role])[] = [
  [
    /^(cluster|clusterid|truth|label|entity|entityid|trueid|personid|groundtruth|sourcedataset|indexlevel\d+|unnamed\d*)$/,
    "ignore",
  ],
  [
    /(rec|record|row|unique|case|zapis)_?(id|no|num|nr)$|^(id|uid|uuid|guid|key|index|nomer|no|nr|lfdnr|pid|lobenr|lbnr)$/,
    "id",
  ],
  [/fullname|wholename|^(fio|name|names|navn|person|imiafamiliia)$|^first_?and|firstand(sur|last)/, "name"],
  [/patronym|otchestvo|middlename|mellemnavn|father|batk|patron|vatersname|fadersnavn/, "patronymic"],
  [
    /surname|lastname|familyname|family|familiya|familia|prizvishche|nachname|zuname|familienname|geburtsname|efternavn|pigenavn|^lname|lname$(?<!fullname)|maiden|^nom(defamille)?$|cognome|apellido/,
    "family",
  ],
  [
    /firstname|givenname|given|forename|christianname|^imya|^im$|^imia|vorname|fornavn|^fname|fname$|prenom|nombre|rufname/,
    "given",
  ],
  [
    /socsec|ssn|passport|pasport|snils|inn$|cpr|nationalid|idnumber|insurance|email|mail|phone|telefon|tel$|mobile|account|voen/,
    "identifier",
  ],
  [
    /dob|birthdate|dateofbirth|datarozhd|geburts|geboren|^geb|foedsel|fodsel|foedt|^fodt|^born|bday|birthday|dateofdeath|naissance|nacimiento|fecha|datum|date|dato|data|^(by|bm|bd)$|birth_?(year|month|day)|godrozhd|^god$|year$|arrested|detained|died/,
    "date",
  ],
  [/postcode|postal|zip|plz|postleitzahl|indeks|postnr|postnummer/, "postcode"],
  [
    /place|city|town|suburb|village|address|adres|street(?!number|_?no)|strasse$|gade(navn)?$|vej(navn)?$|gorod|selo|mesto|punkt$|rayon|raion|district|region|oblast|county|parish|sogn|ort$|gemeinde|birthpl|location|^(by|bynavn|hjemby|fodeby|foedeby)$|kommune|herred|bopa?e?l|wohnsitz|residence|domicil|prozhivani|amt$|kreis|sted$|lieu|ville$|lugar|ciudad|municipio/,
    "place",
  ],
  [/fullname|^name|name$|fio$|person|navn$/, "name"],
  [
    /sex|gender|pol$|kon$|geschlecht|state|occupation|job|profession|beruf|nationality|ethnic|status|title|streetnumber|houseno|hausnummer|husnr|religion|stilling|marital/,
    "category",
  ],
]

/** Why a column that is called like a record number is compared: it may number people, or have been filled in wrongly. */
export const REPEATED_ID = "its name; values repeat"

/** Values are looked at in at most this many rows: enough to know a column, cheap on a million rows. */
const LOOKED_AT = 2000

/**
 * @param columns each with its values, list by list; about 2,000 are looked at.
 * @param withheld the column with the truth: never linked on.
 */
export function guessMapping(columns: readonly ColumnSample[], withheld?: string): readonly GuessedRole[] {
  let idFound = false
  const sampled = columns.map(({ lists }) => {
    const share = Math.ceil(LOOKED_AT / lists.length)
    return lists.flatMap((values) => values.slice(0, share)).filter((value) => value !== "")
  })
  const guesses = columns.map(({ name, lists }, at): GuessedRole => {
    if (name === withheld) return { column: name, role: "ignore", because: "holds the truth to compare with" }
    const guess = guessRole(name, sampled[at] ?? [], isUnique(lists), idFound)
    if (guess.role === "id") idFound = true
    return { column: name, ...guess }
  })
  const named = familyBesideGiven(guesses, sampled, columns)
  if (idFound) return named
  // Febrl's record ids are both: they name the row, and the person in it. An id is never compared.
  return named.map((guess) =>
    guess.column === withheld && columns.some(({ name, lists }) => name === withheld && isUnique(lists))
      ? { ...guess, role: "id" }
      : guess,
  )
}

/** `Name;Vorname` and `navn;fornavn`: beside a column of given names, a "name" of one word is the family's. */
function familyBesideGiven(
  guesses: readonly GuessedRole[],
  sampled: readonly (readonly string[])[],
  columns: readonly ColumnSample[],
): readonly GuessedRole[] {
  const hasIn = (file: number, role: Role) =>
    guesses.some((guess, at) => guess.role === role && (columns[at]?.files ?? [0]).includes(file))
  return guesses.map((guess, at) => {
    const alone = (columns[at]?.files ?? [0]).every((file) => hasIn(file, "given") && !hasIn(file, "family"))
    return guess.role === "name" && alone && shareOf(sampled[at] ?? [], /^[^\s,]+$/) > 0.6
      ? { ...guess, role: "family", because: "its name, beside a column of given names" }
      : guess
  })
}

const isUnique = (lists: readonly (readonly string[])[]): boolean =>
  lists.every((values) => new Set(values).size === values.length && !values.includes(""))

export function mappingOf(guesses: readonly GuessedRole[]): Mapping {
  return new Map(guesses.map(({ column, role }) => [column, role]))
}

function guessRole(
  name: string,
  filled: readonly string[],
  unique: boolean,
  idFound: boolean,
): { readonly role: Role; readonly because: string } {
  const plain = asciiWord(name)
  if (filled.length === 0) return { role: "ignore", because: "is empty" }
  const distinct = new Set(filled).size
  const dateShare = filled.filter((value) => parseUncertainDate(value) !== undefined).length / filled.length
  const byName = BY_NAME.find(
    ([pattern, role]) => pattern.test(plain) && mayHold(role, filled, dateShare),
  )?.[1]
  if (byName === "id") {
    return unique
      ? { role: "id", because: "its name, and no value repeats in a list" }
      : distinct === 1
        ? { role: "ignore", because: "has one value only" }
        : { role: "identifier", because: REPEATED_ID }
  }
  if (byName === undefined && /^person/.test(plain) && shareOf(filled, /^\d+$/) > 0.9) {
    // A number for each person is the outcome of somebody's linking: to use it would repeat theirs.
    return { role: "ignore", because: "its name: people numbered already, which would decide everything" }
  }
  if (distinct === 1 && byName !== undefined && byName !== "ignore") {
    return { role: "ignore", because: "has one value only" }
  }
  if (byName !== undefined) return { role: byName, because: "its name" }
  return guessByValues(filled, distinct, dateShare, unique && !idFound)
}

const shareOf = (values: readonly string[], pattern: RegExp): number =>
  values.length === 0 ? 0 : values.filter((value) => pattern.test(value)).length / values.length

/** Whether the values leave room for what the column's name says: a "date" without dates holds something else. */
function mayHold(role: Role, filled: readonly string[], dateShare: number): boolean {
  switch (role) {
    case "name":
    case "given":
    case "family":
    case "patronymic":
    case "place":
      return shareOf(filled, /\p{L}/u) > 0.5
    case "date":
      return dateShare >= 0.5 || isDatePart(filled)
    case "postcode":
      return shareOf(filled, /\d/) > 0.5
    default:
      return true
  }
}

function guessByValues(
  filled: readonly string[],
  distinct: number,
  dateShare: number,
  mayBeId: boolean,
): { readonly role: Role; readonly because: string } {
  if (distinct === 1) return { role: "ignore", because: "has one value only" }
  const share = (pattern: RegExp) => shareOf(filled, pattern)
  if (share(/^\S+@\S+$/) > 0.8) return { role: "identifier", because: "its values are e-mail addresses" }
  if (dateShare > 0.8 && share(/^\d{1,3}$/) === 0) return { role: "date", because: "its values are dates" }
  if (mayBeId && share(/\s/) < 0.1 && share(/\d/) > 0.9) {
    return { role: "id", because: "no value repeats" }
  }
  if (distinct === filled.length && filled.length > 50 && share(/\d{5,}/) > 0.8) {
    return { role: "identifier", because: "its values are long numbers that hardly repeat" }
  }
  return { role: "category", because: "nothing more certain is known of it" }
}

/** A year, a month or a day in a column of its own. */
function isDatePart(values: readonly string[]): boolean {
  return values.filter((value) => /^\d{1,4}(\.0)?$/.test(value)).length / values.length > 0.9
}

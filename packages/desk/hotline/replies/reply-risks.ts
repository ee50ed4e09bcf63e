/**
 * What must not be in a reply: whoever has the phrase and recorded the boards reads every reply ever sent. Heuristics for
 * Russian and English, pure. They warn and forbid nothing: they miss what is written in an unusual way, and they
 * are meant to be wrong sometimes rather than silent.
 */

export type RiskKind = "name" | "address" | "route" | "number" | "link"

export interface Risk {
  readonly kind: RiskKind
  /** As it stands in the text. */
  readonly words: string
}

/** No match inside a word: \b knows only Latin letters. */
const START = "(?<![\\p{L}\\p{N}])"
const END = "(?![\\p{L}\\p{N}])"

const pattern = (source: string, flags = "giu"): RegExp => new RegExp(source, flags)

const LINKS: readonly RegExp[] = [
  /\b(?:https?|tg|mailto|ftp):\/{0,2}[^\s<>"]+/giu,
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/giu,
  pattern(
    `${START}(?:[\\p{L}\\p{N}-]{1,63}\\.){1,8}(?:com|org|net|info|me|io|onion|ru|su|рф|ge|am|tr|de|eu|app|chat)${END}(?:/\\S*)?`,
  ),
  pattern(`(?<![\\p{L}\\p{N}.@])@[a-z][a-z0-9_]{3,}`, "giu"),
]

/** Seven digits or more with their usual separators: telephones, cards, passports. Dates and times are not. */
const NUMBER = /(?<![\p{L}\p{N}])[+(]?\d(?:[\d\s()\-–.]{5,}\d)(?![\p{L}\p{N}])/gu
const DATE = /^\(?\d{1,4}[.\-–/]\d{1,2}[.\-–/]\d{2,4}(?:\s+\d{1,2}[.:]\d{2})?$/u
/** "паспорт 45 10", "code 4417": short ones that open something. */
const CODE = pattern(
  `${START}(?:паспорт\\p{L}*|код\\p{L}*|пин|карт[аыуе]|сч[её]т\\p{L}*|рейс\\p{L}*|поезд\\p{L}*|passport|code|pin|card|account|flight|train|licen[cs]e)[\\s:№#]{1,3}(?=[\\p{L}\\p{N}-]*\\d)[\\p{L}\\p{N}-]{2,}`,
)

const STREET_RU =
  "(?:ул(?:\\.|иц\\p{L}+)|пр-?т\\.?|просп(?:\\.|ект\\p{L}*)|пер(?:\\.|еул\\p{L}+)|ш(?:\\.|оссе)|пл(?:\\.|ощад\\p{L}+)|б-р|бульвар\\p{L}*|наб(?:\\.|ережн\\p{L}+)|микрорайон\\p{L}*|мкр\\.?|квартал\\p{L}*|посёл\\p{L}*|пос\\.|сел[оеау]|станиц\\p{L}+|аул\\p{L}*)"
const STREET_EN =
  "(?:[Ss]treet|[Ss]t\\.|[Aa]venue|[Aa]ve\\.?|[Rr]oad|[Rr]d\\.|[Ll]ane|[Ss]quare|[Bb]oulevard|[Hh]ighway)"
const ADDRESSES: readonly RegExp[] = [
  pattern(
    `${START}${STREET_RU}\\s+[\\p{Lu}«"\\d][\\p{L}\\p{N}«»"-]*(?:[\\s,]+(?:д(?:\\.|ом)?\\s*)?\\d+[\\p{L}]?)?`,
    "gu",
  ),
  pattern(
    `${START}[\\p{Lu}][\\p{L}-]+(?:ая|ий|ый|ой|ое)\\s+(?:улиц\\p{L}+|переул\\p{L}+|шоссе|площад\\p{L}+|проспект\\p{L}*)`,
    "gu",
  ),
  pattern(`${START}(?:д\\.|дом\\p{L}{0,2}|кв\\.|квартир\\p{L}+|подъезд\\p{L}*|этаж\\p{L}*)\\s*№?\\s*\\d+`),
  pattern(`${START}(?:\\d+[a-z]?\\s+)?(?:\\p{Lu}[\\p{L}'-]+\\s+){1,2}${STREET_EN}${END}`, "gu"),
  pattern(`${START}(?:apartment|apt\\.?|flat|floor|building|house)\\s*(?:no\\.?|#)?\\s*\\d+`),
]

const PLACE = "\\p{Lu}[\\p{L}'-]+(?:\\s+\\p{Lu}[\\p{L}'-]+)?"
const TIME = "(?:в|к|около|at|by|around)\\s+\\d{1,2}[:.]\\d{2}"
const ROUTES: readonly RegExp[] = [
  pattern(
    `${START}(?:[Ии]з|[Оо]т|[Сс])\\s+${PLACE}\\s+(?:через\\s+${PLACE}\\s+)?(?:в|во|до|на|к)\\s+${PLACE}`,
    "gu",
  ),
  pattern(`${START}[Ff]rom\\s+${PLACE}\\s+(?:via\\s+${PLACE}\\s+)?(?:to|into|until)\\s+${PLACE}`, "gu"),
  pattern(`${START}(?:[Чч]ерез|[Vv]ia)\\s+${PLACE}`, "gu"),
  // Where and when: a meeting, whoever reads it.
  pattern(
    `${START}(?:встре\\p{L}+|жд[уеё]\\p{L}*|подъед\\p{L}+|заб[еи]р\\p{L}+|meet|wait|pick\\s+you\\s+up|be)${END}[^.!?\\n]{0,80}?${TIME}`,
  ),
  pattern(
    `${START}(?:границ\\p{L}+|вокзал\\p{L}*|аэропорт\\p{L}*|автостанц\\p{L}+|border|airport|(?:bus|train)\\s+station)${END}[^.!?\\n]{0,60}?(?:${TIME}|\\d{1,2}[./]\\d{1,2}(?:[./]\\d{2,4})?|${START}\\d{1,2}\\s+(?:январ|феврал|март|апрел|ма[яй]|июн|июл|август|сентябр|октябр|ноябр|декабр|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\\p{L}*)`,
  ),
]

/** Written with a capital within a sentence, and no name. */
const HARMLESS = new Set(
  `я вы вас вам вами ваш ваша ваше ваши вашего вашей вашу вашем вашим бог бога богу аллах аллаха интернет интернете
   tor android iphone telegram whatsapp signal россия россии российский рамадан курбан-байрам
   i i'm i'll i've i'd god internet monday tuesday wednesday thursday friday saturday sunday january february march april
   may june july august september october november december russian english chechen ok sms pin sim`
    .split(/\s+/)
    .filter(Boolean),
)

/** Where a sentence, a line, a list or a quotation begins, a capital says nothing. */
const LOOK_BACK = 24
const BEGINS = /(?:[.!?…:;\n«"„“(–—•*]|\p{Extended_Pictographic}\ufe0f?)\s*$/u

/**
 * @param places names of the charter's areas, in every language: a place names a person's whereabouts, however small the
 *   letters. A last vowel or consonant may change with the case, as in Russian.
 * @returns in the order of the text; no stretch of it twice.
 */
export function replyRisks(text: string, places: readonly string[]): readonly Risk[] {
  const found: { readonly at: number; readonly end: number; readonly risk: Risk }[] = []
  const add = (kind: RiskKind, at: number, words: string): void => {
    const trimmed = words.trim()
    const end = at + words.length
    if (trimmed !== "" && !found.some((other) => at < other.end && other.at < end))
      found.push({ at, end, risk: { kind, words: trimmed } })
  }
  const addAll = (kind: RiskKind, patterns: readonly RegExp[]): void => {
    for (const each of patterns) for (const match of text.matchAll(each)) add(kind, match.index, match[0])
  }
  addAll("link", LINKS)
  addAll("route", ROUTES)
  addAll("address", ADDRESSES)
  addAll("number", [CODE])
  for (const match of text.matchAll(NUMBER)) {
    const digits = match[0].replace(/\D/g, "").length
    if (digits >= 7 && !DATE.test(match[0].trim())) add("number", match.index, match[0])
  }
  for (const place of placePatterns(places))
    for (const match of text.matchAll(place)) add("address", match.index, match[0])
  for (const { at, words } of capitalised(text)) add("name", at, words)
  return found.sort((a, b) => a.at - b.at).map(({ risk }) => risk)
}

/** Most letters of a place's last word, so that every case of it is found; short names only as they are. */
function placePatterns(places: readonly string[]): readonly RegExp[] {
  return [...new Set(places)].flatMap((place) => {
    const words = place.trim().split(/\s+/u)
    const last = words.at(-1) ?? ""
    if ([...last].length < 3) return []
    const stem = [...last].length > 4 ? last.replace(/[аеёиоуыэюяйь]{1,2}$/iu, "") : last
    const before = words
      .slice(0, -1)
      .map((word) => `${escaped(word.replace(/(?:ий|ый|ой|ая|ое)$/iu, ""))}\\p{L}{0,3}\\s+`)
    return [pattern(`${START}${before.join("")}${escaped(stem)}\\p{L}{0,3}${END}`)]
  })
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

/** Looks back a few letters only: a long text is judged at every key. */
function beginsSentence(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - LOOK_BACK), at)
  return BEGINS.test(before) || (at <= LOOK_BACK && before.trim() === "")
}

/** Words with a capital that do not begin a sentence, side by side ones as one. */
function capitalised(text: string): readonly { readonly at: number; readonly words: string }[] {
  const names: { at: number; words: string }[] = []
  const letters = pattern(`${START}\\p{Lu}[\\p{Ll}\\p{M}'’-]+(?:\\s+\\p{Lu}[\\p{Ll}\\p{M}'’-]+)*${END}`, "gu")
  for (const match of text.matchAll(letters)) {
    let { index } = match
    let words = match[0].split(/(\s+)/)
    if (beginsSentence(text, index)) {
      // The sentence's first word; what follows it with a capital is a name all the same.
      index += (words[0]?.length ?? 0) + (words[1]?.length ?? 0)
      words = words.slice(2)
    }
    const rest = words.filter((word, i) => i % 2 === 0 && !HARMLESS.has(word.toLowerCase()))
    if (rest.length > 0) names.push({ at: index, words: words.join("") })
  }
  return names
}

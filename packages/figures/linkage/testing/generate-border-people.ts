/**
 * Synthetic people of the Danish-German border, with known truth: one man is Jürgen Müller in one register and
 * Jørgen Møller in the next. Half of the families are called Hansen, Petersen or the like, so that names alone
 * decide little. Nobody in it exists.
 */
import { type Random, seededRandom } from "../../random/random.ts"

/** As the same name stands in Danish and in German registers; a slash divides what is written for either. */
const GIVEN = [
  ...[
    "Jørgen|Jürgen/Juergen/Georg",
    "Hans/Johannes|Hans/Johannes",
    "Peder/Peter|Peter",
    "Niels/Nis|Nikolaus",
  ],
  ...["Søren|Sören/Soeren", "Lars/Laurids|Lorenz", "Mads|Matthias", "Jens|Jens/Johann", "Claus|Klaus/Claus"],
  ...[
    "Christian/Kristian|Christian",
    "Carl/Karl|Karl",
    "Frederik|Friedrich/Fritz",
    "Henrik|Heinrich/Hinrich",
  ],
  ...["Jakob/Jacob|Jakob", "Thomas|Thomas", "Andreas/Anders|Andreas", "Poul|Paul", "Rasmus|Rasmus/Asmus"],
  ...["Anne/Ane|Anna", "Maren/Marie|Maria", "Kirstine/Christine|Christine", "Karen/Kathrine|Katharina"],
  ...["Margrethe/Grethe|Margarethe/Grete", "Mette|Mette", "Bodil|Bothilde", "Ingeborg/Inger|Ingeborg/Inge"],
  ...["Cæcilie/Sidsel|Cäcilie", "Dorthea/Dorthe|Dorothea", "Helene/Lene|Helene", "Else/Elisabeth|Elisabeth"],
]
const FAMILY = [
  ...[
    "Hansen|Hansen/Hanssen",
    "Petersen/Pedersen|Petersen",
    "Jensen|Jensen/Jenssen",
    "Nielsen/Nissen|Nissen",
  ],
  ...["Jørgensen|Jürgensen/Juergensen", "Møller|Müller/Mueller", "Christensen/Kristensen|Christiansen"],
  ...[
    "Sørensen|Sörensen/Soerensen",
    "Lorenzen/Lorentzen|Lorenzen",
    "Clausen/Klausen|Clausen",
    "Schmidt|Schmidt",
  ],
  ...[
    "Thomsen|Thomsen/Thomson",
    "Andersen|Andresen",
    "Carstensen/Karstensen|Carstensen",
    "Schrøder|Schröder",
  ],
  ...["Mathiesen|Matthiesen", "Bøgh|Boegh/Bög", "Kjær|Kjaer", "Lützen|Lützen/Luetzen", "Brødersen|Brodersen"],
  ...["Skovgaard/Skovgård|Schaugaard", "Ravn|Rabe", "Friis|Fries", "Iversen|Iwersen", "Erichsen|Erichsen"],
  ...["Tønnesen|Tönnsen", "Jepsen|Jepsen", "Ågesen/Aagesen|Agesen", "Weiß|Weiss/Weiß", "Groß|Groß/Gross"],
]
const PLACES = [
  ...["Flensborg|Flensburg", "Haderslev|Hadersleben", "Tønder|Tondern", "Aabenraa/Åbenrå|Apenrade"],
  ...["Sønderborg|Sonderburg", "Slesvig|Schleswig", "Husum|Husum", "Ribe|Ripen", "Løgumkloster|Lügumkloster"],
  ...["Nibøl|Niebüll", "Kappel|Kappeln", "Ekernførde|Eckernförde", "Bredsted|Bredstedt", "Højer|Hoyer"],
]
const TRADES = [
  "Gårdejer|Hofbesitzer",
  "Skomager|Schuster",
  "Fisker|Fischer",
  "Lærer|Lehrer",
  "Tjenestepige|Magd",
]

export interface BorderRecord {
  readonly given: string
  readonly family: string
  /** `dd.mm.yyyy` in German records, `dd-mm-yyyy` in Danish ones; empty when not known. */
  readonly born: string
  readonly place: string
  readonly postcode: string
  readonly trade: string
  readonly person: number
  readonly danish: boolean
}

/** About three records for each person, in random order. */
export function borderPeople(records: number, seed: number): readonly BorderRecord[] {
  const random = seededRandom(seed, "border people")
  const written: BorderRecord[] = []
  for (let person = 0; written.length < records; person++) {
    const subject = {
      given: skewed(GIVEN, random),
      second: random.float() < 0.3 ? skewed(GIVEN, random) : undefined,
      family: skewed(FAMILY, random),
      place: skewed(PLACES, random),
      trade: skewed(TRADES, random),
      postcode: 24_000 + random.below(1000),
      born: [1 + random.below(28), 1 + random.below(12), 1850 + random.below(80)] as const,
    }
    const copies = 1 + random.below(5)
    for (let copy = 0; copy < copies && written.length < records; copy++) {
      const danish = random.float() < 0.5
      const trouble = random.float() < 0.7 ? 0.05 : 0.25
      const happens = () => random.float() < trouble
      const word = (both: string) => {
        const spelling = inLanguage(both, danish, random)
        return happens() ? misspell(spelling, random) : spelling
      }
      const given =
        word(subject.given) + (subject.second === undefined || happens() ? "" : ` ${word(subject.second)}`)
      written.push({
        given: happens() && happens() ? given.slice(0, 1) : given,
        family: word(subject.family),
        born: happens() ? "" : writtenDate(subject.born, danish, happens, random),
        place: happens() ? "" : word(happens() ? skewed(PLACES, random) : subject.place),
        postcode: happens() ? "" : String(happens() ? 24_000 + random.below(1000) : subject.postcode),
        trade: happens() ? "" : word(subject.trade),
        person,
        danish,
      })
    }
  }
  return written
    .map((record) => [random.float(), record] as const)
    .sort(([x], [y]) => x - y)
    .map(([, record]) => record)
}

function writtenDate(
  [day, month, year]: readonly [number, number, number],
  danish: boolean,
  happens: () => boolean,
  random: Random,
): string {
  const two = (part: number) => String(part).padStart(2, "0")
  if (happens()) return String(year)
  const wrongDay = happens() ? 1 + random.below(28) : day
  return [two(wrongDay), two(month), happens() ? year + 1 : year].join(danish ? "-" : ".")
}

function inLanguage(both: string, danish: boolean, random: Random): string {
  const [danishForms = "", germanForms = ""] = both.split("|")
  const forms = (danish ? danishForms : germanForms).split("/")
  return forms[random.float() < 0.75 ? 0 : random.below(forms.length)] as string
}

/** The first of a list is common, the last rare. */
const skewed = (list: readonly string[], random: Random): string =>
  list[Math.floor(list.length * random.float() ** 2)] as string

function misspell(word: string, random: Random): string {
  if (word.length < 3) return word
  const at = 1 + random.below(word.length - 1)
  const letter = String.fromCharCode(97 + random.below(26))
  const cut = random.below(3)
  return word.slice(0, at) + (cut === 0 ? "" : letter) + word.slice(cut === 1 ? at : at + 1)
}

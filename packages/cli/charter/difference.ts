/** What a new charter changes, line by line, for those who are to sign it. */
import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import type { Charter, WordingText } from "@kunak/core/charter/charter"
import { onDay, shortKey } from "./words.ts"

/** "− old" and "+ new" lines under headings; empty when nothing but numbers and dates of the chain differ. */
export function charterDifference(before: Charter, after: Charter): readonly string[] {
  return [
    ...signers(before, after),
    ...value("Signatures needed", String(before.threshold), String(after.threshold)),
    ...value("Holds until", onDay(before.expires, before), onDay(after.expires, after)),
    ...value("Minutes east of UTC", String(before.offsetMinutes), String(after.offsetMinutes)),
    ...value("Seconds between editions", String(before.editionSeconds), String(after.editionSeconds)),
    ...value("Milliseconds between ticks", String(before.tickMs), String(after.tickMs)),
    ...value("Slots of the ring", String(2 ** before.log2Slots), String(2 ** after.log2Slots)),
    ...before.relays.flatMap((relay, i) => {
      const next = after.relays[i] ?? relay
      const name = `Relay ${i === 0 ? "A" : "B"}`
      return [
        ...value(`${name}: address`, relay.web, next.web),
        ...value(`${name}: onion address`, relay.onion, next.onion),
        ...value(`${name}: term key`, toHex(relay.termKey), toHex(next.termKey)),
      ]
    }),
    ...items("Language", languages(before), languages(after)),
    ...items("Area", areas(before), areas(after)),
    ...items("Wording", wordings(before), wordings(after)),
    ...items("Page template", templates(before), templates(after)),
  ]
}

function value(what: string, before: string, after: string): readonly string[] {
  return before === after ? [] : [`${what}:`, ...signed("−", before), ...signed("+", after)]
}

const signed = (sign: string, text: string): readonly string[] =>
  (text === "" ? "(none)" : text).split("\n").map((line) => `  ${sign} ${line}`)

function signers(before: Charter, after: Charter): readonly string[] {
  const numbered = ({ signers: keys }: Charter) => keys.map((key, i) => ({ key, name: `signer ${i + 1}` }))
  const has = ({ signers: keys }: Charter, key: Uint8Array): boolean =>
    keys.some((own) => equalBytes(own, key))
  const gone = numbered(before).filter(({ key }) => !has(after, key))
  const come = numbered(after).filter(({ key }) => !has(before, key))
  const stay = numbered(before).flatMap(({ key, name }) => {
    const now = numbered(after).find((other) => equalBytes(other.key, key))
    return now && now.name !== name ? [`  = ${shortKey(key)} was ${name}, is ${now.name}`] : []
  })
  const lines = [
    ...gone.map(({ key, name }) => `  − ${name}, ${toHex(key)}, leaves`),
    ...come.map(({ key, name }) => `  + ${name}, ${toHex(key)}, is new`),
    ...stay,
  ]
  return lines.length === 0 ? [] : ["Signers:", ...lines]
}

/** A thing with a name that stays, and lines that may differ. */
type Named = ReadonlyMap<string, readonly string[]>

function items(what: string, before: Named, after: Named): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])]
  return names.flatMap((name) => {
    const [old, next] = [before.get(name), after.get(name)]
    if (!old) return [`${what} ${name} is new:`, ...(next ?? []).flatMap((line) => signed("+", line))]
    if (!next) return [`${what} ${name} is taken out:`, ...old.flatMap((line) => signed("−", line))]
    const gone = old.filter((line) => !next.includes(line))
    const come = next.filter((line) => !old.includes(line))
    if (gone.length + come.length === 0) return []
    return [
      `${what} ${name}:`,
      ...gone.flatMap((line) => signed("−", line)),
      ...come.flatMap((line) => signed("+", line)),
    ]
  })
}

const languages = (charter: Charter): Named =>
  new Map(
    charter.languages.map((language) => [
      language.tag,
      [
        `name: ${language.organisation}`,
        `otherwise reached: ${language.contact}`,
        `time is called: ${language.zoneName}`,
        `texts "if you are detained" reviewed by: ${language.reviewer || "nobody"} (${shortKey(language.reviewedTexts)})`,
      ],
    ]),
  )

const areas = (charter: Charter): Named =>
  new Map(
    charter.areas.map(({ id, parent, names }) => [
      String(id),
      [
        names.map((name, i) => `${charter.languages[i]?.tag}: ${name}`).join("; "),
        parent === 0 ? "lies in no other" : `lies in area ${parent}`,
      ],
    ]),
  )

const wordings = (charter: Charter): Named =>
  new Map(
    charter.wordings.map((wording) => [
      String(wording.id),
      [
        `${wording.severity}, ${wording.urgency}, ${wording.certainty}; ${wording.responses.join(", ")}; at most ${wording.maxHours} h`,
        ...wording.texts.flatMap((text, i) => textLines(text, charter.languages[i]?.tag ?? "")),
      ],
    ]),
  )

const textLines = (text: WordingText, tag: string): readonly string[] => [
  `${tag}, headline: ${text.headline}`,
  `${tag}, what happened: ${text.description}`,
  `${tag}, what to do: ${text.instruction}`,
]

const templates = (charter: Charter): Named => new Map(charter.templates.map((hash) => [toHex(hash), []]))

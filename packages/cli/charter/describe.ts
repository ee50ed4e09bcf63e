/** A paper, a charter, in plain words: what is shown before anybody signs (rule Y3). */
import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import type { Charter, CharterChain } from "@kunak/core/charter/charter"
import { fingerprint } from "@kunak/core/charter/fingerprint"
import type { Delegation, DelegationBody } from "@kunak/core/delegation/delegation"
import { ALL_CLEAR_SECONDS } from "@kunak/core/parameters"
import { type Instant, plusSeconds, type Week, weekOf } from "@kunak/core/time/instant"
import type { Warning, WarningText } from "@kunak/core/warning/warning"
import { areaNames } from "@kunak/core/warning/wording"
import { CLOSING_LINES } from "./close.ts"
import { charterDifference } from "./difference.ts"
import { isComplete, type JudgedPaper, type PaperContent } from "./judge.ts"
import type { Known } from "./known.ts"
import { atTime, count, keyName, onDay, signerList, weeksBetween } from "./words.ts"

export function describePaper(judged: JudgedPaper): string {
  return [...head(judged.chain), "", ...contentLines(judged), "", ...signatureLines(judged)].join("\n")
}

const head = ({ organisationId, current }: CharterChain): readonly string[] => [
  `Organisation: ${current.charter.languages.map(({ organisation }) => organisation).join(" / ")}${current.charter.demonstration ? " (DEMONSTRATION)" : ""}${current.charter.closed ? " (CLOSED)" : ""}`,
  `Fingerprint:  ${fingerprint(organisationId)}   (compare it with your printed sheet)`,
]

/** One line: what the paper is. */
export function paperTitle(content: PaperContent): string {
  switch (content.kind) {
    case "delegations":
      return `Delegation of officers and duties for ${count(content.weeks.length, "week")}`
    case "all-clear-proposal":
      return "Proposal of an all-clear"
    case "all-clear":
      return "ALL-CLEAR: the confirmation of a proposal"
    case "veto":
      return "Veto against an all-clear"
    case "revocation":
      return `Revocation of ${count(content.revocation.keys.length, "key")}`
    case "charter":
      return content.charter.closed ? "CLOSING OF THE ORGANISATION: its last charter" : "New charter"
  }
}

function contentLines(judged: JudgedPaper): readonly string[] {
  const { content, chain, delegations, editions } = judged
  const { charter } = chain.current
  const title = `${paperTitle(content)}.`
  switch (content.kind) {
    case "delegations":
      return [title, ...weekLines(content.weeks, delegations)]
    case "all-clear-proposal":
      return [
        title,
        `It tells nobody yet that they are safe. Once it has stood on the public page for ${ALL_CLEAR_SECONDS / 3600} hours, the signers can confirm it, until ${atTime(content.core.expires, charter)}; any one of them can veto it.`,
        "",
        "The warning to be cleared:",
        ...warningLines(content.warning, charter),
        "",
        "The words of the all-clear:",
        ...textLines(judged.paper.objects[0]?.texts ?? []),
      ]
    case "all-clear": {
      const [first, last] = [editions[0], editions.at(-1)].map((seen) => seen?.edition.header.issued)
      return [
        title,
        `With the next edition people read that the danger is over. It is shown until ${atTime(content.core.expires, charter)}.`,
        `In public: the paper carries pages of ${first === undefined ? "?" : atTime(first, charter)} and ${last === undefined ? "?" : atTime(last, charter)}, signed by duty, which both hold the proposal, and no veto. Whoever holds duty's key could date pages wrongly: ask yourself whether you saw the proposal in public.`,
        "",
        ...(content.warning
          ? ["The warning that it clears:", ...warningLines(content.warning, charter), ""]
          : []),
        "What people will read:",
        ...textLines(judged.paper.objects[0]?.texts ?? []),
      ]
    }
    case "veto":
      return [
        title,
        `Said on ${atTime(content.veto.time, charter)}. It can't be taken back; a new proposal begins a new day.`,
        ...(content.proposal
          ? ["", "The proposal that it stops:", ...textLines(content.proposal.texts)]
          : [`Proposal: ${toHex(content.veto.proposal)}`]),
      ]
    case "revocation":
      return [
        title,
        `Dated ${atTime(content.revocation.time, charter)}. Everything that these keys ever signed is void, warnings too, until others sign it again. It can't be taken back: a person who comes back gets a new key.`,
        ...content.revocation.keys.map((key) => `  − ${keyName(key, delegations)}: ${toHex(key)}`),
      ]
    case "charter":
      return [
        title,
        ...(content.charter.closed ? ["", ...CLOSING_LINES, ""] : []),
        "What it changes (− before, + after):",
        "",
        ...changeLines(content.before, content.charter),
        "",
        ...(content.weeks.length === 0
          ? []
          : [
              "With it go the weeks that the signers before can no longer delegate:",
              ...weekLines(content.weeks, delegations),
            ]),
      ]
  }
}

function changeLines(before: Charter, after: Charter): readonly string[] {
  const lines = charterDifference(before, after)
  return lines.length === 0 ? ["  Nothing."] : lines.map((line) => `  ${line}`)
}

function weekLines(weeks: readonly DelegationBody[], known: readonly Delegation[]): readonly string[] {
  const [first, last] = [weeks[0], weeks.at(-1)]
  if (!first || !last) return []
  const before = known.filter(({ week }) => week < first.week).at(-1) ?? known.at(-1)
  // Under a new charter the weeks of the one before end (rule D3).
  const overlap = known.filter(
    ({ week, charterHash }) =>
      week >= first.week && week <= last.week && equalBytes(charterHash, first.charterHash),
  )
  const list = (
    what: string,
    keys: readonly Uint8Array[],
    old: readonly Uint8Array[] | undefined,
  ): readonly string[] => [
    ...keys.map((key, i) => {
      const isNew = old !== undefined && !old.some((other) => equalBytes(other, key))
      return `  ${isNew ? "+" : " "} ${what} ${i + 1}: ${toHex(key)}${isNew ? "  NEW" : ""}`
    }),
    ...(old ?? []).flatMap((key, i) =>
      keys.some((other) => equalBytes(other, key))
        ? []
        : [`  − ${what} ${i + 1} of before: ${toHex(key)}  NO LONGER`],
    ),
  ]
  return [
    `${count(weeks.length, "week")}, ${weeksBetween(first.week, last.week)} (UTC):`,
    ...list("officer", first.officers, before?.officers),
    ...list("duty", first.duties, before?.duties),
    ...(first.officers.length === 0
      ? ["  No officer: nobody warns, answers or receives in these weeks."]
      : []),
    ...(first.officers.length === 1
      ? ["  With one officer nobody can publish free text, which takes two."]
      : []),
    ...(overlap.length > 0
      ? [
          "  Some of these weeks are delegated already: both delegations hold. Leaving somebody out here does not take their key back: revoke it.",
        ]
      : []),
  ]
}

const warningLines = ({ core, texts }: Warning, charter: Charter): readonly string[] => [
  `  ${core.severity}; areas: ${areaNames(charter, core.areas, 0) || "none"}; until ${atTime(core.expires, charter)}`,
  ...textLines(texts),
]

const textLines = (texts: readonly WarningText[]): readonly string[] =>
  texts.flatMap(({ language, headline, description, instruction }) =>
    [headline, description, instruction].flatMap((text, i) =>
      text.split("\n").map((line) => `  ${i === 0 ? `[${language}]` : "    "} ${line}`),
    ),
  )

function signatureLines(judged: JudgedPaper): readonly string[] {
  const { own, previous } = judged
  const line = (bench: typeof own, whose: string): string =>
    `Signed by ${signerList(bench.signed)} of ${whose}: ${bench.signed.length} of the ${bench.needed} needed.`
  return [
    ...(previous ? [line(previous, "the charter in force")] : []),
    line(own, previous ? "the new charter" : "the charter"),
    ...(isComplete(judged) ? ["It is complete: 'kunak charter send' sends it."] : []),
  ]
}

export function describeKnown({ chain, delegations, editions, revocations }: Known, now: Instant): string {
  const { charter } = chain.current
  const shown = editions.at(-1)?.edition.header.issued
  return [
    ...head(chain),
    `Charter ${charter.sequence + 1}, ${now < charter.expires ? "holds" : "HELD"} until ${onDay(charter.expires, charter)}. ${charter.threshold} of ${count(charter.signers.length, "signer")} sign:`,
    ...charter.signers.map((key, i) => `  signer ${i + 1}: ${toHex(key)}`),
    ...charter.relays.map(
      ({ web, onion }, i) => `Relay ${i === 0 ? "A" : "B"}: ${[web, onion].filter(Boolean).join(", ")}`,
    ),
    ...delegationLines(delegations, editions.length > 0, now),
    ...(revocations.length > 0
      ? [
          `Revoked: ${revocations.flatMap(({ keys }) => keys.map((key) => keyName(key, delegations))).join(", ")}`,
        ]
      : []),
    ...(shown === undefined ? [] : [`From a page of ${atTime(shown, charter)}.`]),
  ].join("\n")
}

function delegationLines(
  delegations: readonly Delegation[],
  fromPage: boolean,
  now: Instant,
): readonly string[] {
  const current = delegations.filter(({ week }) => week === weekOf(now)).at(-1)
  const shown = current ?? delegations.at(-1)
  if (!shown) return ["Delegations: none known. Give the folder with delegations.kunak, or a page."]
  const weeks = new Set<number>(delegations.map(({ week }) => week))
  let last = shown.week
  while (weeks.has(last + 1)) last = (last + 1) as Week
  return [
    `Delegated ${weeksBetween(shown.week, last)} (UTC)${current ? "" : ": NOT THIS WEEK"}${fromPage ? "; a page shows its own week only" : ""}:`,
    ...shown.officers.map((key, i) => `  officer ${i + 1}: ${toHex(key)}`),
    ...shown.duties.map((key, i) => `  duty ${i + 1}: ${toHex(key)}`),
  ]
}

/** What a sender is told besides: when the next step can be taken. */
export function afterSending(content: PaperContent, charter: Charter, now: Instant): string {
  switch (content.kind) {
    case "all-clear-proposal":
      return ` Save the public page as soon as the proposal is on it: the confirmation needs that page and one from 24 hours later, at the earliest ${atTime(plusSeconds(now, ALL_CLEAR_SECONDS), charter)}.`
    case "charter":
      if (content.charter.closed)
        return " Now copy the new charter.kunak to both relays ('kunak charter keep' writes it) and start them again. When the page says that the line is closed, go on with docs/closing.md: desks stay on for eighteen hours, then officers' keys, then vaults; duties and relays when the notice has stood long enough."
      return " Now copy the new charter.kunak to both relays ('kunak charter keep' writes it) and start them again: until then they refuse editions under it."
    default:
      return ""
  }
}

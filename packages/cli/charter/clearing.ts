/**
 * All-clears: proposed by k signers, in public for 24 hours, confirmed by k signers; any one of them can say no
 * (docs/protocol.md §7). What a signer is asked to sign is judged by public pages that the paper carries.
 */
import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import type { Charter, CharterChain } from "@kunak/core/charter/charter"
import { ALL_CLEAR_SECONDS } from "@kunak/core/parameters"
import { type Instant, plusSeconds } from "@kunak/core/time/instant"
import { decodeWarningCore, textHash } from "@kunak/core/warning/codec"
import { confirms, resolveWarnings } from "@kunak/core/warning/resolve"
import { brokenRule } from "@kunak/core/warning/verify"
import type { Veto } from "@kunak/core/warning/veto"
import type { Warning, WarningCore } from "@kunak/core/warning/warning"
import { Failure } from "../failure.ts"
import type { SeenEdition } from "./known.ts"
import type { PaperObject } from "./paper.ts"
import { atTime } from "./words.ts"

/** What the newest of some editions shows. */
const newest = (editions: readonly SeenEdition[]): SeenEdition => {
  const seen = editions.at(-1)
  if (seen) return seen
  throw new Failure(
    "An all-clear is judged by the public page: give --from PAGE, a saved page or its address.",
    "no-page",
  )
}

/** Whether typed letters name this warning: the beginning of its id or of its hash, six letters at least. */
export const isNamed = (typed: string, { core, hash }: Warning): boolean => {
  const wanted = typed.toLowerCase()
  return wanted.length >= 6 && [toHex(core.id), toHex(hash)].some((name) => name.startsWith(wanted))
}

/** The danger that stands under this name. @throws Failure, naming those that stand, when there is none. */
export function standingDanger(typed: string, editions: readonly SeenEdition[]): Warning {
  const { edition } = newest(editions)
  const { warnings, vetoes, chain } = edition.bulletin
  const standing = resolveWarnings(warnings, vetoes, chain)
    .filter(({ state, warning }) => state === "stands" && warning.core.expires > edition.header.issued)
    .map(({ warning }) => warning)
  const [found, ...more] = standing.filter((warning) => isNamed(typed, warning))
  if (found && more.length === 0) return found
  const list = standing
    .map(({ core, texts }) => `\n  ${toHex(core.id)}  ${texts[0]?.headline ?? ""}`)
    .join("")
  throw new Failure(
    found
      ? `"${typed}" begins the names of several warnings: write more of it.`
      : standing.length === 0
        ? `No warning stands on that page: there is nothing to clear.`
        : `No warning "${typed}" stands on that page. Those that stand:${list}`,
    "no-such-warning",
  )
}

/** A living proposal in the newest edition. @param typed null for the only one. */
export function standingProposal(typed: string | null, editions: readonly SeenEdition[]): Warning {
  const { edition } = newest(editions)
  const proposals = edition.bulletin.warnings.filter(({ core }) => core.content.kind === "all-clear-proposal")
  const [found, ...more] = typed === null ? proposals : proposals.filter((item) => isNamed(typed, item))
  if (found && more.length === 0) return found
  const list = proposals.map(({ hash, texts }) => `\n  ${toHex(hash)}  ${texts[0]?.headline ?? ""}`).join("")
  throw new Failure(
    proposals.length === 0
      ? "There is no proposal on that page. It goes out with the edition after it was sent; save the page then."
      : `Say which proposal, with --proposal:${list}`,
    "no-such-proposal",
  )
}

/**
 * When the proposal was first and last seen in public, by the editions given. Its own date proves nothing: a paper
 * may have been on its way for a week before it was sent (rule Y8).
 *
 * @throws Failure until 24 hours lie between, saying from when on.
 */
export function requirePublicDay(
  proposal: Warning,
  editions: readonly SeenEdition[],
  charter: Charter,
): { readonly first: Instant; readonly last: Instant } {
  const holding = editions.filter(({ edition }) => holds(edition.bulletin.warnings, proposal))
  const first = holding[0]?.edition.header.issued
  const last = holding.at(-1)?.edition.header.issued
  if (first === undefined || last === undefined || last !== newest(editions).edition.header.issued)
    throw new Failure("The newest of these pages does not hold the proposal.", "no-such-proposal", 1)
  const since = Math.max(first, proposal.core.signedAt) as Instant
  const until = plusSeconds(since, ALL_CLEAR_SECONDS)
  if (last >= until) return { first, last }
  const hours = Math.ceil((until - last) / 3600)
  throw new Failure(
    `These pages show the proposal in public since ${atTime(since, charter)}. A confirmation needs 24 hours: keep this page, and come back with it and with a page from ${atTime(until, charter)} or later (about ${hours} h).`,
    "too-early",
    1,
  )
}

const holds = (warnings: readonly Warning[], wanted: Warning): boolean =>
  warnings.some(({ hash }) => equalBytes(hash, wanted.hash))

export function requireNoVeto(proposal: Warning, vetoes: readonly Veto[], charter: Charter): void {
  const veto = vetoes.find((item) => equalBytes(item.proposal, proposal.hash))
  if (!veto) return
  throw new Failure(
    `A signer vetoed this proposal on ${atTime(veto.time, charter)}: it can't be confirmed. Speak with them; a new proposal begins a new day.`,
    "vetoed",
    1,
  )
}

/** @throws Failure unless the object proposes to clear a danger that stands in the newest edition, as the rules ask. */
export function checkProposal(
  object: PaperObject,
  chain: CharterChain,
  editions: readonly SeenEdition[],
): { readonly core: WarningCore; readonly warning: Warning } {
  const core = readCore(object, chain, "all-clear-proposal")
  const { bulletin } = newest(editions).edition
  const warning = resolveWarnings(bulletin.warnings, bulletin.vetoes, bulletin.chain).find(
    (item) => item.state === "stands" && equalBytes(item.warning.hash, core.supersedes),
  )?.warning
  if (!warning) throw unsound("the warning that it is to clear does not stand on the page in this paper")
  const fits =
    equalBytes(core.id, warning.core.id) &&
    core.sequence === warning.core.sequence + 1 &&
    core.areas.join() === warning.core.areas.join() &&
    core.signedAt >= warning.core.signedAt &&
    core.expires >= warning.core.expires
  if (!fits) throw unsound("the proposal does not fit the warning that it is to clear")
  return { core, warning }
}

/** @throws Failure unless the object confirms, word for word, a proposal that was a day in public without a veto. */
export function checkConfirmation(
  object: PaperObject,
  chain: CharterChain,
  editions: readonly SeenEdition[],
): { readonly core: WarningCore; readonly proposal: Warning; readonly warning: Warning | null } {
  const core = readCore(object, chain, "all-clear")
  const { warnings } = newest(editions).edition.bulletin
  const proposal = warnings.find(({ hash }) => equalBytes(hash, core.supersedes))
  if (!proposal) throw unsound("the newest page in this paper does not hold the proposal")
  const { charter } = chain.current
  const vetoes = editions.flatMap(({ edition }) => edition.bulletin.vetoes)
  requireNoVeto(proposal, vetoes, charter)
  requirePublicDay(proposal, editions, charter)
  // `confirms` looks at cores alone; the signatures are what is still to come.
  if (!confirms({ core } as Warning, proposal, vetoes))
    throw unsound("it does not say, word for word, what was proposed")
  const warning = warnings.find(({ hash }) => equalBytes(hash, proposal.core.supersedes)) ?? null
  if (warning && core.expires < warning.core.expires)
    throw unsound("it would end before the warning that it clears, which would then come back")
  return { core, proposal, warning }
}

function readCore(
  { body, texts }: PaperObject,
  chain: CharterChain,
  kind: "all-clear-proposal" | "all-clear",
): WarningCore {
  const core = decodeWarningCore(body)
  const { charter, hash } = chain.current
  const isOurs =
    core !== null &&
    equalBytes(core.organisationId, chain.organisationId) &&
    equalBytes(core.charterHash, hash) &&
    core.signedAt >= charter.issued &&
    core.signedAt < charter.expires
  if (!isOurs || core.content.kind !== kind) throw unsound("it is none of this charter's")
  const broken = brokenRule(core, charter)
  if (broken) throw unsound(`it breaks rule ${broken}`)
  const signed = core.content.texts
  const asSigned =
    texts.length === signed.length &&
    signed.every(({ language, hash: wanted }) => {
      const text = texts.find((item) => item.language === language)
      return text !== undefined && hashes(text, wanted)
    })
  if (!asSigned) throw unsound("its words are not those that are signed")
  return core
}

/** A text that is not plain has no hash: nothing of this protocol wrote it. */
function hashes(text: Parameters<typeof textHash>[0], wanted: Uint8Array): boolean {
  try {
    return equalBytes(textHash(text).hash, wanted)
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

const unsound = (how: string): Failure =>
  new Failure(
    `This paper was altered, or does not fit what is public: ${how}. Nobody should sign it.`,
    "altered-paper",
    1,
  )

/** Papers of an all-clear: the proposal, its confirmation, a signer's veto. */

import { equalBytes } from "@kunak/core/bytes/equal"
import type { Charter, CharterChain } from "@kunak/core/charter/charter"
import { MAX_WARNING_SECONDS } from "@kunak/core/parameters"
import { signBody } from "@kunak/core/signature/signed"
import { isPlainText } from "@kunak/core/text/plain-text"
import { HOUR_SECONDS, type Instant, plusSeconds } from "@kunak/core/time/instant"
import { MAX_TEXT_BYTES } from "@kunak/core/warning/codec"
import { draftWarning, textHashes } from "@kunak/core/warning/sign"
import { encodeVetoBody } from "@kunak/core/warning/veto"
import { NO_HASH, type Warning, type WarningCore, type WarningText } from "@kunak/core/warning/warning"
import type { SignerKey } from "../ceremony/signer-key.ts"
import { Failure } from "../failure.ts"
import { requireNoVeto, requirePublicDay, standingDanger, standingProposal } from "./clearing.ts"
import type { Known, SeenEdition } from "./known.ts"
import type { Paper } from "./paper.ts"
import { atTime } from "./words.ts"

/** A day in public, and an hour in which to confirm. */
export const SHORTEST_HOURS = 25

/** @param hours for which the proposal can be confirmed, from now; it never ends before the warning. */
export function proposalPaper(
  known: Known,
  options: {
    readonly warning: string
    readonly texts: readonly WarningText[]
    readonly hours: number
    readonly now: Instant
  },
): Paper {
  const warning = standingDanger(options.warning, known.editions)
  const { charter } = known.chain.current
  const core: WarningCore = {
    ...charterCore(known.chain, options.now),
    id: warning.core.id,
    sequence: warning.core.sequence + 1,
    supersedes: warning.hash,
    expires: Math.max(
      plusSeconds(options.now, options.hours * HOUR_SECONDS),
      warning.core.expires,
    ) as Instant,
    areas: warning.core.areas,
    content: { kind: "all-clear-proposal", texts: textHashes(options.texts) },
  }
  const missing = warning.core.areas.find((id) => !charter.areas.some((area) => area.id === id))
  if (missing !== undefined)
    throw new Failure(
      `The charter in force no longer has area ${missing}, which the warning names: the warning has to run out by itself.`,
      "no-such-area",
    )
  return clearingPaper("all-clear-proposal", known.chain, core, options.texts, known.editions.slice(-1))
}

/** @throws Failure until the pages given show the proposal in public for 24 hours (rule Y8), or once it is vetoed. */
export function confirmationPaper(
  known: Known,
  options: { readonly proposal: string | null; readonly now: Instant },
): Paper {
  const proposal = standingProposal(options.proposal, known.editions)
  const { charter } = known.chain.current
  requireNoVeto(proposal, known.vetoes, charter)
  requirePublicDay(proposal, known.editions, charter)
  const { content } = proposal.core
  if (content.kind !== "all-clear-proposal") throw new TypeError("standingProposal gives proposals")
  if (options.now >= proposal.core.expires)
    throw new Failure(
      `The proposal could be confirmed until ${atTime(proposal.core.expires, charter)}: propose anew.`,
      "too-late",
    )
  const core: WarningCore = {
    ...charterCore(known.chain, options.now),
    id: proposal.core.id,
    sequence: proposal.core.sequence + 1,
    supersedes: proposal.hash,
    // It outlasts the warning, which would come back else; the proposal does already.
    expires: proposal.core.expires,
    areas: proposal.core.areas,
    content: { kind: "all-clear", texts: content.texts },
  }
  return clearingPaper("all-clear", known.chain, core, proposal.texts, publicDay(proposal, known.editions))
}

/** The first and the last page that hold the proposal: what the other signers judge by. */
function publicDay(proposal: Warning, editions: readonly SeenEdition[]): readonly SeenEdition[] {
  const holding = editions.filter(({ edition }) =>
    edition.bulletin.warnings.some(({ hash }) => equalBytes(hash, proposal.hash)),
  )
  return [holding[0], holding.at(-1)].filter((seen) => seen !== undefined)
}

/** One signer's "no": signed at once, since it needs nobody else. */
export async function vetoPaper(
  known: Known,
  options: { readonly proposal: string | null; readonly signer: SignerKey; readonly now: Instant },
): Promise<Paper> {
  const proposal = standingProposal(options.proposal, known.editions)
  const { charter, hash } = known.chain.current
  const index = charter.signers.findIndex((key) => equalBytes(key, options.signer.key.publicKey))
  if (index < 0)
    throw new Failure(
      "This key is not one of the charter's signers: only they can veto.",
      "foreign-signer",
      1,
    )
  const body = encodeVetoBody({
    organisationId: known.chain.organisationId,
    charterHash: hash,
    proposal: proposal.hash,
    time: options.now,
  })
  const signature = await signBody("veto", body, options.signer.key)
  return {
    kind: "veto",
    charterChain: known.chain.bytes,
    delegations: [],
    editions: known.editions.slice(-1).map(({ embedded }) => embedded),
    objects: [{ domain: "veto", body, texts: [], signatures: [{ index, signature }], byPrevious: [] }],
  }
}

/** What is the same in all that charter signers say about a warning. */
const charterCore = ({ organisationId, current }: CharterChain, now: Instant) => ({
  organisationId,
  charterHash: current.hash,
  delegationHash: NO_HASH,
  signedAt: now,
  effective: now,
  severity: "Minor" as const,
  urgency: "Past" as const,
  certainty: "Likely" as const,
  responses: ["AllClear"] as const,
})

function clearingPaper(
  kind: "all-clear-proposal" | "all-clear",
  chain: CharterChain,
  core: WarningCore,
  texts: readonly WarningText[],
  editions: readonly SeenEdition[],
): Paper {
  return {
    kind,
    charterChain: chain.bytes,
    delegations: [],
    editions: editions.map(({ embedded }) => embedded),
    objects: [
      { domain: "warning", body: draftWarning(core, texts).body, texts, signatures: [], byPrevious: [] },
    ],
  }
}

/**
 * The words of an all-clear: `{ "ru": { "headline", "description", "instruction" }, … }`, every language of the charter.
 * @throws Failure that says what is missing or too long.
 */
export function parseTexts(file: string, charter: Charter, path: string): readonly WarningText[] {
  const wrong = (where: string, what: string): Failure =>
    new Failure(`In ${path}: ${where} ${what}.`, "bad-texts")
  let json: unknown
  try {
    json = JSON.parse(file)
  } catch {
    throw wrong("the file", "is not JSON")
  }
  const byLanguage = objectOf(json)
  const extra = Object.keys(byLanguage).find((tag) => !charter.languages.some((known) => known.tag === tag))
  if (extra) throw wrong(`"${extra}"`, `is no language of the charter`)
  return charter.languages.map(({ tag }) => {
    const given = objectOf(byLanguage[tag])
    const field = (name: "headline" | "description" | "instruction"): string => {
      const value = given[name]
      if (typeof value !== "string" || value === "" || !isPlainText(value))
        throw wrong(
          `${tag}.${name}`,
          "must be a text, without letters that can't be seen; the charter has this language",
        )
      if (new TextEncoder().encode(value).length > MAX_TEXT_BYTES[name])
        throw wrong(`${tag}.${name}`, `is longer than ${MAX_TEXT_BYTES[name]} bytes`)
      return value
    }
    return {
      language: tag,
      headline: field("headline"),
      description: field("description"),
      instruction: field("instruction"),
    }
  })
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}

/** Longest that any warning may hold. */
export const LONGEST_HOURS = MAX_WARNING_SECONDS / HOUR_SECONDS

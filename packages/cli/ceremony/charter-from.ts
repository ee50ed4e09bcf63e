/** A charter as a description asks for it, at the founding and at every renewal; and what would spoil it. */
import type { Charter } from "@kunak/core/charter/charter"
import { encodeCharter } from "@kunak/core/charter/codec"
import { blockText } from "@kunak/core/forward/text-block"
import type { PublicKey } from "@kunak/core/keys"
import { MAX_TEXT_BLOCK } from "@kunak/core/parameters"
import type { Instant } from "@kunak/core/time/instant"
import { NO_HASH, type WarningCore, type WarningId } from "@kunak/core/warning/warning"
import { fillWording } from "@kunak/core/warning/wording"
import type { Description } from "./description.ts"

/** What no description says: keys, hashes, times. */
export interface CharterParts {
  readonly sequence: number
  /** Hash of the charter before; 32 zeros in the first. */
  readonly previous: Uint8Array
  readonly issued: Instant
  readonly expires: Instant
  readonly signers: readonly PublicKey<"charter-signing">[]
  /** Relay A's, relay B's. */
  readonly termKeys: readonly [PublicKey<"relay-term">, PublicKey<"relay-term">]
  /** SHA-256 of the page templates that may be served. */
  readonly templates: readonly Uint8Array[]
  /** SHA-256 of the page's guidance in a language, for a reviewer to stand by; null where it has none. */
  readonly guidanceHash: (language: string) => Uint8Array | null
}

export function charterFrom(description: Description, parts: CharterParts): Charter {
  const relay = (i: 0 | 1) => ({
    termKey: parts.termKeys[i],
    web: description.relays[i].web,
    onion: description.relays[i].onion,
  })
  return {
    demonstration: description.demonstration,
    // An organisation is closed by a paper of its own: charter/close.ts.
    closed: false,
    sequence: parts.sequence,
    previous: parts.previous,
    issued: parts.issued,
    expires: parts.expires,
    threshold: description.threshold,
    signers: parts.signers,
    relays: [relay(0), relay(1)],
    offsetMinutes: description.offsetMinutes,
    languages: description.languages.map((language) => ({
      ...language,
      reviewedTexts: (language.reviewer !== "" && parts.guidanceHash(language.tag)) || new Uint8Array(32),
    })),
    areas: description.areas,
    wordings: description.wordings,
    templates: parts.templates,
    editionSeconds: description.editionSeconds,
    tickMs: description.tickMs,
    log2Slots: description.log2Slots,
  }
}

export type CharterProblem =
  /** A wording that would make a text block longer than messengers take, by so many letters. */
  | {
      readonly kind: "wording-too-long"
      readonly wording: number
      readonly language: string
      readonly over: number
    }
  /** More than a page can carry, by so many bytes. */
  | { readonly kind: "charter-too-large"; readonly over: number }

/** What a chain may carry of one charter (docs/protocol.md §3). */
export const MAX_CHARTER_BYTES = 96 * 1024

/**
 * Letters that the code of an approved warning takes at most, with the blank line before it: eight officers, four
 * duties and five signatures in the delegation, five signatures and ten areas in the warning. Measured by the test
 * beside this.
 */
export const CODE_LETTERS = 2200

export function charterProblem(charter: Charter): CharterProblem | null {
  const over = encodeCharter(charter).length - MAX_CHARTER_BYTES
  return over > 0 ? { kind: "charter-too-large", over } : longWording(charter)
}

/** @param path of the description. */
export const problemSentence = (problem: CharterProblem, path: string): string =>
  problem.kind === "wording-too-long"
    ? `Wording ${problem.wording} is ${problem.over} letters too long in "${problem.language}" to be forwarded in a messenger: shorten it in ${path}.`
    : `The charter is ${problem.over} bytes too large to be carried by every page: leave out areas, wordings or languages in ${path}.`

/** Rule Y2: every approved wording must fit into a text block with the three longest areas. */
function longWording(charter: Charter): CharterProblem | null {
  for (const [i, { tag }] of charter.languages.entries()) {
    const areas = longestAreas(charter, i)
    for (const wording of charter.wordings) {
      const text = fillWording(charter, wording, { areas, since: charter.issued })[i]
      if (!text) continue
      const core = coreOf(charter, wording, areas)
      const readable = blockText(core, text, charter, charter.relays[0].web)
      const over = readable.length + CODE_LETTERS - MAX_TEXT_BLOCK
      if (over > 0) return { kind: "wording-too-long", wording: wording.id, language: tag, over }
    }
  }
  return null
}

const longestAreas = (charter: Charter, language: number): readonly number[] =>
  [...charter.areas]
    .sort((a, b) => (b.names[language] ?? "").length - (a.names[language] ?? "").length)
    .slice(0, 3)
    .map(({ id }) => id)
    .sort((a, b) => a - b)

/** Scheduled, since "valid from … until …" is the longer of the two sentences. */
const coreOf = (
  charter: Charter,
  wording: Charter["wordings"][number],
  areas: readonly number[],
): WarningCore => ({
  organisationId: NO_HASH as Uint8Array as WarningCore["organisationId"],
  charterHash: NO_HASH,
  delegationHash: NO_HASH,
  id: new Uint8Array(16) as WarningId,
  sequence: 0,
  supersedes: NO_HASH,
  signedAt: charter.issued,
  effective: (charter.issued + 1) as Instant,
  expires: charter.expires,
  severity: wording.severity,
  urgency: wording.urgency,
  certainty: wording.certainty,
  responses: wording.responses,
  areas,
  content: { kind: "approved", wording: wording.id, since: charter.issued },
})

/**
 * Closing an organisation: its last charter, signed like every other by k of the old signers and k of the new, who are the
 * same (rule C8). Nobody closes it alone, and nobody opens it again.
 */

import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import type { Charter } from "@kunak/core/charter/charter"
import { encodeCharter } from "@kunak/core/charter/codec"
import { objectHash } from "@kunak/core/signature/signed"
import { isPlainText } from "@kunak/core/text/plain-text"
import { type Instant, type Week, weekEnd, weekOf } from "@kunak/core/time/instant"
import { Failure } from "../failure.ts"
import { lastDelegation, shownBeside, weekObjects, withoutRevoked } from "./delegate.ts"
import type { Known } from "./known.ts"
import type { Paper, PaperObject } from "./paper.ts"
import { requireRoom } from "./renew.ts"

/** Of "how else to reach it" (docs/protocol.md §3). */
const MAX_NOTICE_BYTES = 1_500
/** Of a charter's templates (docs/protocol.md §3). */
const MAX_TEMPLATES = 4
export const LONGEST_WEEKS = 26

/** @param options.notice by language: what stands in the place of "how to reach us". */
export function closingPaper(
  known: Known,
  options: {
    readonly notice: ReadonlyMap<string, string>
    readonly weeks: number
    readonly templateHash: Uint8Array
    readonly now: Instant
  },
): Paper {
  const { chain, delegations, revocations } = known
  const before = chain.current.charter
  requireOpen(before)
  const { duties } = withoutRevoked(lastDelegation(delegations), revocations)
  if (duties.length === 0)
    throw new Failure(
      "No duty is left that could publish the notice: delegate one first, or let the page grow old as it is.",
      "nobody-left",
    )
  const issued = Math.max(options.now - 60, before.issued + 1) as Instant
  const first = (weekOf(issued) + 1) as Week
  const charter: Charter = {
    ...before,
    closed: true,
    sequence: before.sequence + 1,
    previous: chain.current.hash,
    issued,
    expires: weekEnd((first + options.weeks - 1) as Week),
    languages: before.languages.map((language) => ({
      ...language,
      contact: options.notice.get(language.tag) ?? "",
    })),
    wordings: [],
    templates: templatesAfter(options.templateHash, before),
  }
  requireServed(charter, known)
  const object: PaperObject = {
    domain: "charter",
    body: encodeCharter(charter),
    texts: [],
    signatures: [],
    byPrevious: [],
  }
  requireRoom(chain, object, null)
  const { organisationId } = chain
  const charterHash = objectHash("charter", object.body)
  return {
    kind: "charter",
    charterChain: chain.bytes,
    delegations: shownBeside(delegations, first),
    editions: [],
    objects: [
      object,
      ...weekObjects({ organisationId, charterHash, officers: [], duties }, first, options.weeks),
    ],
  }
}

/** What duties serve now stays named: whoever made the paper may have another release than they. */
const templatesAfter = (hash: Uint8Array, before: Charter): readonly Uint8Array[] =>
  [hash, ...before.templates.filter((one) => !equalBytes(one, hash))].slice(0, MAX_TEMPLATES)

/** @throws Failure where the page as it is published would be called not genuine under this charter, for good. */
function requireServed({ templates }: Charter, { editions }: Known): void {
  const served = editions.at(-1)?.edition.header.templateHash
  if (!served || templates.some((hash) => equalBytes(hash, served))) return
  throw new Failure(
    `The page that is public now is made with another template (${toHex(served).slice(0, 16)}…) than this release's, and the charter in force does not name it either: under the closing charter nobody could verify it. Make this paper with the release that the duties have, or bring the duties up to date first.`,
    "other-template",
  )
}

/** The last charter that could follow this one, as large as it may get: renewals leave room for it. */
export const largestClosing = (charter: Charter): Charter => ({
  ...charter,
  closed: true,
  languages: charter.languages.map((language) => ({ ...language, contact: "x".repeat(MAX_NOTICE_BYTES) })),
  wordings: [],
  templates: Array.from({ length: MAX_TEMPLATES }, () => new Uint8Array(32)),
})

/** @throws Failure once the organisation is closed: no charter follows, and nobody is delegated but its duties. */
export function requireOpen({ closed }: Charter): void {
  if (closed)
    throw new Failure(
      "This organisation is closed: nothing can be signed for it any more. What goes on is another organisation, founded with 'kunak init'.",
      "closed",
      1,
    )
}

/** `{ "ru": "…", "en": "…" }`: every language of the charter, "" where nobody else can be reached. */
export function parseNotice(file: string, charter: Charter, path: string): ReadonlyMap<string, string> {
  const wrong = (what: string): Failure => new Failure(`In ${path}: ${what}.`, "bad-notice")
  let json: unknown
  try {
    json = JSON.parse(file)
  } catch {
    throw wrong("the file is not JSON")
  }
  const given = (typeof json === "object" && json !== null ? json : {}) as Readonly<Record<string, unknown>>
  const extra = Object.keys(given).find((tag) => !charter.languages.some((known) => known.tag === tag))
  if (extra !== undefined) throw wrong(`"${extra}" is no language of the charter`)
  return new Map(
    charter.languages.map(({ tag }) => {
      const text = given[tag]
      if (typeof text !== "string" || (text !== "" && !isPlainText(text)))
        throw wrong(
          `"${tag}" must be a text, without letters that can't be seen; the charter has this language`,
        )
      if (new TextEncoder().encode(text).length > MAX_NOTICE_BYTES)
        throw wrong(`"${tag}" is longer than ${MAX_NOTICE_BYTES} bytes`)
      return [tag, text]
    }),
  )
}

/** For whoever signs, before they do. */
export const CLOSING_LINES: readonly string[] = [
  "THIS CLOSES THE ORGANISATION, FOR GOOD. No charter can follow it: neither these signers nor anybody else can undo it.",
  "With the first edition under it the page says in every language that the line is closed, and nothing can be written there.",
  "Who comes back with their ten words finds nobody, not even the answer that waits. Letters of before are opened by desks that stay on for eighteen hours; what none has opened then is never read.",
  "Warnings that stand run out by themselves. Officers can still sign until this week is over; take their keys back to end that at once.",
  "What it can't take back: what readers saved, what colleagues have read, what a recorder has of boards that a phrase opens.",
]

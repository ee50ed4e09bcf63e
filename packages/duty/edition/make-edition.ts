/** An edition from what officers have signed. Pure but for the signature. docs/protocol.md §9, §10, §13. */
import { type MadeBoard, makeBoard } from "@kunak/core/board/make-board"
import { merkleRoot } from "@kunak/core/board/merkle"
import { equalBytes } from "@kunak/core/bytes/equal"
import type { Delegation } from "@kunak/core/delegation/delegation"
import { type Bulletin, encodeBulletin } from "@kunak/core/edition/bulletin"
import { type EditionId, encodeHeaderBody, signHeader } from "@kunak/core/edition/header"
import { type EditionFile, encodePackage } from "@kunak/core/edition/package"
import { type EditionError, verifyEdition } from "@kunak/core/edition/verify"
import { windowOf } from "@kunak/core/intake/intake-key"
import type { Random, SigningKey } from "@kunak/core/keys"
import { EDITION_LIFE_SECONDS, MAX_BULLETIN_BYTES, PUZZLE_BITS } from "@kunak/core/parameters"
import { err, ok, type Result } from "@kunak/core/result"
import { inForce, isRevoked, type Revocation } from "@kunak/core/revocation/revocation"
import { sha256 } from "@kunak/core/suite"
import { type Instant, plusSeconds, weekOf } from "@kunak/core/time/instant"
import { resolveWarnings, shownWarnings } from "@kunak/core/warning/resolve"
import type { Warning } from "@kunak/core/warning/warning"
import { renderPage } from "@kunak/page/document/render"
import type { PageTemplate } from "@kunak/page/document/template"
import { alertName, speaking } from "../feeds/alert.ts"
import { atomFeed } from "../feeds/atom.ts"
import { capAlert } from "../feeds/cap.ts"
import type { LineState } from "../line/line-state.ts"
import { liveThreads } from "../line/waiting.ts"
import { inOrderOfNeed } from "./room.ts"

export type MakeError =
  /** No delegation of this week names this duty, or it has been revoked. */
  | { readonly kind: "not-delegated" }
  | { readonly kind: "charter-expired" }
  /** Delegation, revocations and receipt are too much for one header: charter signers must sign one revocation for all. */
  | { readonly kind: "header-too-full" }
  /** What was made does not verify: a defect, and nothing goes out. */
  | { readonly kind: "own-edition-refused"; readonly why: EditionError["kind"] }

export interface MadeEdition {
  readonly header: Uint8Array
  /** As uploaded. */
  readonly package: Uint8Array
  /** Warnings left out because the bulletin was full. */
  readonly leftOut: number
  /** Parts of replies that the largest board has no room for: they wait for later editions. */
  readonly waiting: number
}

/** A board with its root: made once for an edition, whatever else has to be left out of it. */
interface Board extends MadeBoard {
  readonly root: Uint8Array
}

export interface EditionParts {
  readonly id: EditionId
  readonly issued: Instant
  readonly template: PageTemplate
  readonly key: SigningKey<"duty">
  readonly random: Random
  /** What a puzzle of this edition costs; PUZZLE_BITS when not given. */
  readonly puzzleBits?: number
}

/**
 * Whatever stands in the log, an edition goes out: one object that spoils the bulletin – a text left out, a
 * warning dated ahead – is left out itself (rule U11), or whoever can write to the log could stop the line.
 */
export async function makeEdition(
  state: LineState,
  parts: EditionParts,
): Promise<Result<MadeEdition, MakeError>> {
  if (parts.issued >= state.chain.current.charter.expires) return err({ kind: "charter-expired" })
  const delegation = delegationFor(state, parts.key, parts.issued)
  if (!delegation) return err({ kind: "not-delegated" })
  const made = await makeBoard(liveThreads(state.waiting, parts.issued), parts.id.number, parts.random)
  const board: Board = { ...made, root: merkleRoot(made.bytes) }
  const whole = await sealEdition(state, delegation, parts, board)
  if (whole.ok || whole.error.kind !== "own-edition-refused") return whole
  const sound: Warning[] = []
  for (const warning of state.warnings) {
    const alone = await sealEdition(
      { ...state, warnings: [warning], receipt: null },
      delegation,
      parts,
      board,
    )
    if (alone.ok) sound.push(warning)
  }
  const cleaned = { ...state, warnings: sound }
  const attended = await sealEdition(cleaned, delegation, parts, board)
  const edition = attended.ok
    ? attended
    : await sealEdition({ ...cleaned, receipt: null }, delegation, parts, board)
  const spoiled = state.warnings.length - sound.length
  return edition.ok ? ok({ ...edition.value, leftOut: edition.value.leftOut + spoiled }) : edition
}

async function sealEdition(
  state: LineState,
  delegation: Delegation,
  { id, issued, template, key, puzzleBits = PUZZLE_BITS }: EditionParts,
  board: Board,
): Promise<Result<MadeEdition, MakeError>> {
  const live = bulletinOf(state, delegation, issued)
  const headerBody = encodeHeaderBody({
    organisationId: state.chain.organisationId,
    charterHash: state.chain.current.hash,
    id,
    issued,
    expires: plusSeconds(issued, EDITION_LIFE_SECONDS),
    bulletinHash: sha256(live.bytes),
    templateHash: template.hash,
    board: { log2Rows: board.log2Rows, salt: board.salt, merkleRoot: board.root, puzzleBits },
    duty: delegation.duties.findIndex((duty) => equalBytes(duty, key.publicKey)),
    delegation: delegation.bytes,
    revocations: revocationsFor(delegation, state.revocations).map(({ bytes }) => bytes),
    receipt: state.receipt?.receipt.bytes ?? new Uint8Array(),
    intakeKey: intakeKeyFor(state, delegation, issued),
  })
  if (!headerBody) return err({ kind: "header-too-full" })
  const header = await signHeader(headerBody, key)
  const edition = await verifyEdition(header, live.bytes, state.chain.organisationId)
  if (!edition.ok) return err({ kind: "own-edition-refused", why: edition.error.kind })
  const files = [
    ...filesOf(edition.value.bulletin, header, live.bytes, issued, template),
    { name: "board", bytes: board.bytes },
  ]
  const waiting = board.waiting
  return ok({ header, package: encodePackage({ header, files }), leftOut: live.leftOut, waiting })
}

/** Page, feeds and bulletin of an edition. */
function filesOf(
  bulletin: Bulletin,
  header: Uint8Array,
  bulletinBytes: Uint8Array,
  issued: Instant,
  template: PageTemplate,
): readonly EditionFile[] {
  const shown = shownWarnings(resolveWarnings(bulletin.warnings, bulletin.vetoes, bulletin.chain), issued)
  const context = { chain: bulletin.chain, delegations: bulletin.delegations, warnings: bulletin.warnings }
  const text = new TextEncoder()
  return [
    { name: "page.web.html", bytes: renderPage(template, { header, bulletin, issued }, "web") },
    { name: "page.onion.html", bytes: renderPage(template, { header, bulletin, issued }, "onion") },
    { name: "feed.atom", bytes: text.encode(atomFeed(shown, bulletin.chain, issued)) },
    { name: "bulletin", bytes: bulletinBytes },
    ...shown.map((resolved) => ({
      name: `cap/${alertName(speaking(resolved))}.xml`,
      bytes: text.encode(capAlert(resolved, context)),
    })),
  ]
}

/** Rule I2: of this delegation and this window; none where no desk has made one. */
const intakeKeyFor = (
  { chain, intakeKeys }: LineState,
  delegation: Delegation,
  issued: Instant,
): Uint8Array => {
  // Rule C8: a closed line receives nothing from its first edition on, whatever keys were made ahead.
  const usable = chain.current.charter.closed ? [] : intakeKeys
  const key = usable.find(
    ({ window, delegationHash }) =>
      window === windowOf(issued) && equalBytes(delegationHash, delegation.hash),
  )
  return key?.bytes ?? new Uint8Array()
}

function delegationFor(state: LineState, key: SigningKey<"duty">, issued: Instant): Delegation | undefined {
  const isMine = (delegation: Delegation): boolean =>
    delegation.week === weekOf(issued) && delegation.duties.some((duty) => equalBytes(duty, key.publicKey))
  return isRevoked(key.publicKey, state.revocations) ? undefined : state.delegations.findLast(isMine)
}

/**
 * The header carries those in force that touch its own delegation, and none that adds no key; those by officers of
 * another week only the bulletin has room for.
 */
const revocationsFor = (
  delegation: Delegation,
  revocations: readonly Revocation[],
): readonly Revocation[] => {
  const named = [...delegation.officers, ...delegation.duties]
  const own = inForce(revocations).filter(
    ({ by, authority }) => by === "signers" || equalBytes(authority, delegation.hash),
  )
  return withoutRedundant(own, (key) => named.some((known) => equalBytes(known, key)))
}

/** Signers' first; one that names no further key that matters is dropped. */
function withoutRedundant(
  revocations: readonly Revocation[],
  matters: (key: Uint8Array) => boolean,
): readonly Revocation[] {
  const seen = new Set<string>()
  const bySigners = revocations.filter(({ by }) => by === "signers")
  const byOfficers = revocations.filter(({ by }) => by === "officers")
  return [...bySigners, ...byOfficers].filter(({ keys }) => {
    const further = keys.filter((key) => matters(key) && !seen.has(String(key)))
    for (const key of further) seen.add(String(key))
    return further.length > 0
  })
}

/** In the order of `inOrderOfNeed`: what comes last falls out when the bulletin would be too large. */
function bulletinOf(
  state: LineState,
  current: Delegation,
  issued: Instant,
): { readonly bytes: Uint8Array; readonly leftOut: number } {
  const live = inOrderOfNeed(
    state.warnings.filter(({ core }) => core.expires > issued),
    state.delegations,
    state.revocations,
  )
  for (let count = Math.min(live.length, MOST_WARNINGS); ; count--) {
    const bytes = encode(state, current, live.slice(0, count))
    if (bytes.length <= MAX_BULLETIN_BYTES || count === 0) return { bytes, leftOut: live.length - count }
  }
}

const MOST_WARNINGS = 60
const MOST_REVOCATIONS = 40
const MOST_VETOES = 40

function encode(state: LineState, current: Delegation, warnings: readonly Warning[]): Uint8Array {
  const revocations =
    state.revocations.length <= MOST_REVOCATIONS
      ? state.revocations
      : withoutRedundant(inForce(state.revocations), () => true).slice(0, MOST_REVOCATIONS)
  const named = new Set([
    String(current.hash),
    ...warnings.map(({ core }) => String(core.delegationHash)),
    ...revocations.map(({ authority }) => String(authority)),
    String(state.receipt?.receipt.delegationHash),
  ])
  return encodeBulletin({
    charterChain: state.chain.bytes,
    delegations: state.delegations.filter(({ hash }) => named.has(String(hash))).map(({ bytes }) => bytes),
    revocations: revocations.map(({ bytes }) => bytes),
    warnings: warnings.map(({ signed }) => signed),
    vetoes: state.vetoes.slice(-MOST_VETOES).map(({ bytes }) => bytes),
    vouched: state.receipt?.vouched ?? new Uint8Array(),
  })
}

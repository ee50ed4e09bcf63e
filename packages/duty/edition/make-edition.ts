/** An edition from what officers have signed. Pure but for the signature. docs/protocol.md §9, §10, §13. */
import { equalBytes } from "@kunak/core/bytes/equal"
import type { Delegation } from "@kunak/core/delegation/delegation"
import { encodeBulletin } from "@kunak/core/edition/bulletin"
import { type EditionId, encodeHeaderBody, NO_BOARD, signHeader } from "@kunak/core/edition/header"
import { encodePackage } from "@kunak/core/edition/package"
import { type EditionError, verifyEdition } from "@kunak/core/edition/verify"
import type { SigningKey } from "@kunak/core/keys"
import { EDITION_LIFE_SECONDS, MAX_BULLETIN_BYTES } from "@kunak/core/parameters"
import { err, ok, type Result } from "@kunak/core/result"
import { isRevoked, type Revocation } from "@kunak/core/revocation/revocation"
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
  /** Warnings left out because the bulletin was full: the oldest. */
  readonly leftOut: number
}

export async function makeEdition(
  state: LineState,
  {
    id,
    issued,
    template,
    key,
  }: {
    readonly id: EditionId
    readonly issued: Instant
    readonly template: PageTemplate
    readonly key: SigningKey<"duty">
  },
): Promise<Result<MadeEdition, MakeError>> {
  if (issued >= state.chain.current.charter.expires) return err({ kind: "charter-expired" })
  const delegation = delegationFor(state, key, issued)
  if (!delegation) return err({ kind: "not-delegated" })
  const live = bulletinOf(state, delegation, issued)
  const headerBody = encodeHeaderBody({
    organisationId: state.chain.organisationId,
    charterHash: state.chain.current.hash,
    id,
    issued,
    expires: plusSeconds(issued, EDITION_LIFE_SECONDS),
    bulletinHash: sha256(live.bytes),
    templateHash: template.hash,
    board: NO_BOARD,
    duty: delegation.duties.findIndex((duty) => equalBytes(duty, key.publicKey)),
    delegation: delegation.bytes,
    revocations: revocationsFor(delegation, state.revocations).map(({ bytes }) => bytes),
    receipt: state.receipt?.receipt.bytes ?? new Uint8Array(),
    intakeKey: new Uint8Array(),
  })
  if (!headerBody) return err({ kind: "header-too-full" })
  const header = await signHeader(headerBody, key)
  const edition = await verifyEdition(header, live.bytes, state.chain.organisationId)
  if (!edition.ok) return err({ kind: "own-edition-refused", why: edition.error.kind })
  const { bulletin } = edition.value
  const shown = shownWarnings(resolveWarnings(bulletin.warnings, bulletin.vetoes, bulletin.chain), issued)
  const context = { chain: bulletin.chain, delegations: bulletin.delegations, warnings: bulletin.warnings }
  const text = new TextEncoder()
  const files = [
    { name: "page.web.html", bytes: renderPage(template, { header, bulletin, issued }, "web") },
    { name: "page.onion.html", bytes: renderPage(template, { header, bulletin, issued }, "onion") },
    { name: "feed.atom", bytes: text.encode(atomFeed(shown, bulletin.chain, issued)) },
    { name: "bulletin", bytes: live.bytes },
    ...shown.map((resolved) => ({
      name: `cap/${alertName(speaking(resolved))}.xml`,
      bytes: text.encode(capAlert(resolved, context)),
    })),
  ]
  return ok({ header, package: encodePackage({ header, files }), leftOut: live.leftOut })
}

function delegationFor(state: LineState, key: SigningKey<"duty">, issued: Instant): Delegation | undefined {
  const isMine = (delegation: Delegation): boolean =>
    delegation.week === weekOf(issued) && delegation.duties.some((duty) => equalBytes(duty, key.publicKey))
  return isRevoked(key.publicKey, state.revocations) ? undefined : state.delegations.find(isMine)
}

/** The header carries those that touch its own delegation; the bulletin all of them. */
const revocationsFor = (delegation: Delegation, revocations: readonly Revocation[]): readonly Revocation[] =>
  revocations.filter(
    ({ keys, by, authority }) =>
      keys.some((key) =>
        [...delegation.officers, ...delegation.duties].some((named) => equalBytes(named, key)),
      ) &&
      // By officers of another week: the header can't carry that week's delegation too; the bulletin does.
      (by === "signers" || equalBytes(authority, delegation.hash)),
  )

/** Newest warnings first; the oldest fall out when the bulletin would be too large, never the newest. */
function bulletinOf(
  state: LineState,
  current: Delegation,
  issued: Instant,
): { readonly bytes: Uint8Array; readonly leftOut: number } {
  const live = state.warnings
    .filter(({ core }) => core.expires > issued)
    .sort((a, b) => b.core.signedAt - a.core.signedAt)
  for (let count = Math.min(live.length, MOST_WARNINGS); ; count--) {
    const bytes = encode(state, current, live.slice(0, count))
    if (bytes.length <= MAX_BULLETIN_BYTES || count === 0) return { bytes, leftOut: live.length - count }
  }
}

const MOST_WARNINGS = 60

function encode(state: LineState, current: Delegation, warnings: readonly Warning[]): Uint8Array {
  const named = new Set([
    String(current.hash),
    ...warnings.map(({ core }) => String(core.delegationHash)),
    ...state.revocations.map(({ authority }) => String(authority)),
    String(state.receipt?.receipt.delegationHash),
  ])
  return encodeBulletin({
    charterChain: state.chain.bytes,
    delegations: state.delegations.filter(({ hash }) => named.has(String(hash))).map(({ bytes }) => bytes),
    revocations: state.revocations.map(({ bytes }) => bytes),
    warnings: warnings.map(({ signed }) => signed),
    vetoes: state.vetoes.map(({ bytes }) => bytes),
    vouched: state.receipt?.vouched ?? new Uint8Array(),
  })
}

import { equalBytes } from "../bytes/equal.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { err, ok, type Result } from "../result.ts"
import {
  type IndexedSignature,
  objectHash,
  readSignatures,
  verifiedSigners,
  writeSignatures,
} from "../signature/signed.ts"
import type { Charter, CharterChain, CharterLinks, OrganisationId, VerifiedCharter } from "./charter.ts"
import { decodeCharter } from "./codec.ts"

/** One charter as it travels: its body, signatures of the quorum before (none for the first) and of its own. */
export interface SignedCharter {
  readonly body: Uint8Array
  readonly byPrevious: readonly IndexedSignature[]
  readonly byOwn: readonly IndexedSignature[]
}

export type CharterError =
  | { readonly kind: "malformed-charter" }
  | { readonly kind: "wrong-organisation" }
  | { readonly kind: "broken-charter-chain"; readonly sequence: number }
  | {
      readonly kind: "charter-not-signed"
      readonly sequence: number
      readonly signatures: number
      readonly needed: number
    }

const MAX_LINKS = 16
const MAX_CHARTER_BYTES = 96 * 1024

/** The chain as the page and the vault carry it: every charter since the first. */
export function encodeCharterChain(links: readonly SignedCharter[]): Uint8Array {
  return new ByteWriter()
    .list(links, (out, link) => {
      out.long(link.body)
      writeSignatures(out, link.byPrevious)
      writeSignatures(out, link.byOwn)
    })
    .bytes()
}

/** @returns null unless it is a list of one to sixteen charters in canonical form. */
export function decodeCharterChain(bytes: Uint8Array): SignedCharter[] | null {
  const from = new ByteReader(bytes)
  const links = from.list(MAX_LINKS, (r) => ({
    body: r.long(MAX_CHARTER_BYTES),
    byPrevious: readSignatures(r),
    byOwn: readSignatures(r),
  }))
  return from.end() && links.length > 0 ? links : null
}

/**
 * Verifies every link (rules C3–C5). Whether the newest has expired is for the caller's clock: `isExpired`.
 *
 * @param pinned the organisation id the caller trusts, from paper, vault or page; null only when the caller
 *   then compares `organisationId` with one itself.
 */
export async function verifyCharterChain(
  bytes: Uint8Array,
  pinned: OrganisationId | null,
): Promise<Result<CharterChain, CharterError>> {
  const signed = decodeCharterChain(bytes)
  if (!signed) return err({ kind: "malformed-charter" })
  const links: VerifiedCharter[] = []
  for (const link of signed) {
    const charter = decodeCharter(link.body)
    if (!charter) return err({ kind: "malformed-charter" })
    const before = links.at(-1)
    const broken = await brokenLink(link, charter, before)
    if (broken) return err(broken)
    links.push({ hash: objectHash("charter", link.body), charter })
  }
  const current = links.at(-1) as VerifiedCharter
  const organisationId = (links[0] as VerifiedCharter).hash as Uint8Array as OrganisationId
  if (pinned && !equalBytes(pinned, organisationId)) return err({ kind: "wrong-organisation" })
  const chain: CharterLinks = { organisationId, links, current, bytes }
  return ok(chain as CharterChain)
}

async function brokenLink(
  link: SignedCharter,
  charter: Charter,
  before: VerifiedCharter | undefined,
): Promise<CharterError | null> {
  const { sequence } = charter
  const previous = before?.hash ?? new Uint8Array(32)
  const follows =
    sequence === (before ? before.charter.sequence + 1 : 0) &&
    equalBytes(charter.previous, previous) &&
    // Rule C8: after the closing nobody is the organisation any more.
    !before?.charter.closed &&
    // Rule C4: a demonstration never becomes an organisation, nor the other way round.
    (!before ||
      (before.charter.issued < charter.issued && before.charter.demonstration === charter.demonstration))
  if (!follows || (!before && link.byPrevious.length > 0)) return { kind: "broken-charter-chain", sequence }

  const own = await verifiedSigners("charter", link.body, charter.signers, link.byOwn)
  const old = before
    ? await verifiedSigners("charter", link.body, before.charter.signers, link.byPrevious)
    : []
  const enough =
    own !== null &&
    old !== null &&
    own.length >= charter.threshold &&
    (!before || old.length >= before.charter.threshold)
  return enough
    ? null
    : { kind: "charter-not-signed", sequence, signatures: own?.length ?? 0, needed: charter.threshold }
}

/** Editions, from the duty that holds the term (rules T7–T9, T12). */
import { equalBytes } from "@kunak/core/bytes/equal"
import { ByteWriter } from "@kunak/core/bytes/writer"
import type { CharterChain } from "@kunak/core/charter/charter"
import { decodePackage, type EditionPackage } from "@kunak/core/edition/package"
import { TERM_GRANT_BYTES, verifyTermGrant } from "@kunak/core/edition/term"
import { type VerifiedHeader, verifyHeader } from "@kunak/core/edition/verify"
import { HEADER_BYTES, MAX_PACKAGE_BYTES } from "@kunak/core/parameters"
import { err, ok, type Result } from "@kunak/core/result"
import { sha256 } from "@kunak/core/suite"
import type { Instant } from "@kunak/core/time/instant"
import { type Answer, answer, bytesAnswer, refusal } from "../answer.ts"
import type { CurrentEdition } from "../current-edition.ts"
import { type KeptEdition, keepEdition } from "../lookup/kept-edition.ts"
import type { Report } from "../notice.ts"
import type { RevokedKeys } from "../revoked-keys.ts"
import { type Effort, serveEdition } from "../served-edition.ts"
import type { EditionStore } from "../store/contract.ts"
import type { StaffRoute } from "./staff.ts"

/**
 * An edition further from this machine's clock is refused (rule T12): the key of a past week, stolen
 * together with a capability, would otherwise publish as of its own week for ever.
 */
const CLOCK_TOLERANCE_SECONDS = 86_400

export interface PublishParts {
  readonly chain: CharterChain
  readonly store: EditionStore
  readonly revoked: RevokedKeys
  readonly current: CurrentEdition
  readonly now: () => Instant
  readonly report: Report
  readonly effort?: Effort
}

export function publishRoute(parts: PublishParts): StaffRoute {
  // One after the other: an edition is up to 4 MiB, and compressing it takes a processor.
  let before: Promise<unknown> = Promise.resolve()
  return {
    role: "publish",
    minBytes: TERM_GRANT_BYTES + HEADER_BYTES + 1,
    maxBytes: TERM_GRANT_BYTES + MAX_PACKAGE_BYTES,
    handle: (body) => {
      const answered = before.then(() => publish(body, parts))
      before = answered.catch(() => {})
      return answered
    },
  }
}

async function publish(body: Uint8Array, parts: PublishParts): Promise<Answer> {
  const bytes = body.subarray(TERM_GRANT_BYTES)
  const verified = await verifyPublication(body.subarray(0, TERM_GRANT_BYTES), bytes, parts)
  if (!verified.ok) return verified.error
  const served = await serveEdition(bytes, parts.effort)
  if (!served) return refusal.notGenuine
  const { id } = verified.value
  const published = await parts.store.publish({ id, package: bytes })
  if (published.ok) {
    parts.current.show(served, verified.value)
    return answer(200)
  }
  if (published.error.kind === "unavailable") return refusal.storeUnavailable
  const { term, number } = published.error.floor
  return bytesAnswer(409, new ByteWriter().u32(term).u32(number).bytes())
}

/** Whether relay A gave the term to the duty that signed the header, and that duty may sign at that time. */
async function verifyPublication(
  grantBytes: Uint8Array,
  bytes: Uint8Array,
  { chain, revoked, now, report }: PublishParts,
): Promise<Result<KeptEdition, Answer>> {
  const refused = err(refusal.notGenuine)
  const edition = decodePackage(bytes)
  const grant = await verifyTermGrant(grantBytes, chain.current.charter.relays[0].termKey)
  if (!edition || !grant) return refused
  const verified = await verifyHeader(edition.header, chain)
  if (!verified.ok) return refused
  const { header, delegation } = verified.value
  const duty = delegation.duties[header.duty]
  if (!duty || grant.term !== header.id.term || !equalBytes(grant.duty, duty)) return refused
  const isRevoked = await revoked.has(duty)
  if (!isRevoked.ok) return err(refusal.storeUnavailable)
  if (isRevoked.value) return refused
  const bulletin = edition.files.find(({ name }) => name === "bulletin")
  if (!bulletin || !equalBytes(header.bulletinHash, sha256(bulletin.bytes))) return refused
  if (Math.abs(header.issued - now()) > CLOCK_TOLERANCE_SECONDS) {
    report("clock-differs")
    return refused
  }
  return await withBoard(edition, verified.value)
}

/** Rule T12: the board has the size and root that the header says. */
async function withBoard(
  edition: EditionPackage,
  verified: VerifiedHeader,
): Promise<Result<KeptEdition, Answer>> {
  const kept = await keepEdition(edition, verified)
  return kept ? ok(kept) : err(refusal.notGenuine)
}

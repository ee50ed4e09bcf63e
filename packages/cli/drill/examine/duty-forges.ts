/**
 * Duty's key in the hands of somebody who makes editions with it: an intake key, a receipt and a warning of their own
 * making. A page's verification has to refuse or to pass over all three; the same objects by a true officer must hold.
 */
import { randomBytes } from "node:crypto"
import type { Delegation } from "@kunak/core/delegation/delegation"
import { encodeBulletin, verifyBulletin } from "@kunak/core/edition/bulletin"
import { signIntakeKey, verifyIntakeKey, windowOf } from "@kunak/core/intake/intake-key"
import type { SigningKey } from "@kunak/core/keys"
import { signReceipt, verifyReceipt } from "@kunak/core/receipt/receipt"
import { reveal, type Secret } from "@kunak/core/secret"
import { signBody } from "@kunak/core/signature/signed"
import { makeKemKey, signingKeyFromSeed } from "@kunak/core/suite"
import { type Instant, instantFromMs, plusSeconds, weekOf } from "@kunak/core/time/instant"
import { encodeWarningCore } from "@kunak/core/warning/codec"
import { NO_HASH, WARNING_ID_BYTES, type WarningId } from "@kunak/core/warning/warning"
import type { LineState } from "@kunak/duty/line/line-state"
import type { Finding } from "./section.ts"
import type { SeizedDuty } from "./seized-duty.ts"

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))

/** Signed objects of one signer, as an edition carries them. */
export interface Forged {
  readonly intake: Uint8Array
  /** The private half: whatever was sealed to the forged key opens with it. */
  readonly intakeSeed: Secret<Uint8Array>
  readonly receipt: Uint8Array
  readonly bulletin: Uint8Array
}

export interface Forgery {
  readonly findings: readonly Finding[]
  /** With the seized key in an officer's place: for an edition that a browser will look at. */
  readonly forged: Forged
  readonly tried: number
  /** False where even a true officer's objects were refused: then a refusal shows nothing. */
  readonly controlHolds: boolean
}

/** @param officerSeed of a true officer, for the control. @param byOfficer a planted leak: duty has that key, too. */
export async function forge(
  { enrolment, memory }: SeizedDuty,
  officerSeed: Secret<Uint8Array>,
  nowMs: number,
  byOfficer: boolean,
): Promise<Forgery> {
  const { line } = memory
  const now = instantFromMs(nowMs)
  const delegation = line.delegations.find(({ week }) => week === weekOf(now))
  if (!delegation) throw new TypeError("no delegation of this week")
  const signers = {
    duty: signingKeyFromSeed("officer", reveal(enrolment.seed)),
    stranger: signingKeyFromSeed("officer", random(32)),
    officer: signingKeyFromSeed("officer", reveal(officerSeed)),
  }
  const byDuty = await forgedBy(byOfficer ? signers.officer : signers.duty, line, delegation, now)
  const taken = [
    ...(await takenBy(byDuty, line, delegation)),
    ...(await takenBy(await forgedBy(signers.stranger, line, delegation, now), line, delegation)),
  ]
  const control = await takenBy(await forgedBy(signers.officer, line, delegation, now), line, delegation)
  return {
    findings: taken.map((what) => ({
      kind: "accepted",
      what: `a forged ${what}`,
      form: "signed with duty's key or a stranger's",
      where: "verification as the page makes it",
      times: 1,
    })),
    forged: byDuty,
    tried: 2 * KINDS.length,
    controlHolds: KINDS.every((kind) => control.includes(kind)),
  }
}

const KINDS = ["intake key", "receipt", "warning"] as const

/** In the first officer's place, whoever signs. */
async function forgedBy(
  signer: SigningKey<"officer">,
  line: LineState,
  delegation: Delegation,
  now: Instant,
): Promise<Forged> {
  const place = delegation.officers.findIndex((key) => String(key) === String(signer.publicKey))
  const named = (place >= 0 ? delegation : { ...delegation, officers: [signer.publicKey] }) as Delegation
  const { organisationId } = line.chain
  const kem = await makeKemKey(random)
  return {
    intake: await signIntakeKey(kem.publicKey, windowOf(now), signer, named),
    intakeSeed: kem.seed,
    receipt: await signReceipt(
      { organisationId, delegationHash: delegation.hash, time: now, lastRead: now },
      [],
      signer,
      named,
    ),
    bulletin: encodeBulletin({
      charterChain: line.chain.bytes,
      delegations: line.delegations.map(({ bytes }) => bytes),
      revocations: [],
      warnings: [await warningBy(signer, Math.max(0, place), line, delegation, now)],
      vetoes: [],
      vouched: new Uint8Array(),
    }),
  }
}

/** "Leave", in the charter's first wording: one officer's signature suffices for it (rule W2). */
async function warningBy(
  signer: SigningKey<"officer">,
  index: number,
  { chain }: LineState,
  delegation: Delegation,
  now: Instant,
) {
  const [wording] = chain.current.charter.wordings
  const [area] = chain.current.charter.areas
  if (!wording || !area) throw new TypeError("a charter without wordings")
  const body = encodeWarningCore({
    organisationId: chain.organisationId,
    charterHash: chain.current.hash,
    delegationHash: delegation.hash,
    id: random(WARNING_ID_BYTES) as WarningId,
    sequence: 0,
    supersedes: NO_HASH,
    signedAt: now,
    effective: now,
    expires: plusSeconds(now, 3600),
    severity: wording.severity,
    urgency: wording.urgency,
    certainty: wording.certainty,
    responses: wording.responses,
    areas: [area.id],
    content: { kind: "approved", wording: wording.id, since: now },
  })
  return { body, signatures: [{ index, signature: await signBody("warning", body, signer) }], texts: [] }
}

/** Which of these a page would act on. */
async function takenBy(
  { intake, receipt, bulletin }: Pick<Forged, "intake" | "receipt" | "bulletin">,
  line: LineState,
  delegation: Delegation,
): Promise<readonly (typeof KINDS)[number][]> {
  const verified = await verifyBulletin(bulletin, line.chain.organisationId)
  const holds = [
    (await verifyIntakeKey(intake, [delegation], [])).ok,
    (await verifyReceipt(receipt, [delegation], [])).ok,
    verified.ok && verified.value.warnings.length > 0,
  ]
  return KINDS.filter((_, i) => holds[i])
}

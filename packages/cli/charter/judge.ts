/**
 * Reads what a paper asks its signers for, and who has signed it so far. Whoever wrote the paper is not believed:
 * everything here comes from bytes that a signature covers, or from objects that verify (rules Y3, Y4).
 */
import { equalBytes } from "@kunak/core/bytes/equal"
import { type Charter, type CharterChain, charterByHash } from "@kunak/core/charter/charter"
import { decodeCharter } from "@kunak/core/charter/codec"
import { decodeCharterChain, encodeCharterChain, verifyCharterChain } from "@kunak/core/charter/verify"
import { type Delegation, type DelegationBody, decodeDelegationBody } from "@kunak/core/delegation/delegation"
import { verifyEdition } from "@kunak/core/edition/verify"
import type { PublicKey } from "@kunak/core/keys"
import { decodeRevocationBody, type RevocationBody } from "@kunak/core/revocation/revocation"
import { type ObjectHash, objectHash, verifyBody } from "@kunak/core/signature/signed"
import { encodeVeto, type Veto, verifyVeto } from "@kunak/core/warning/veto"
import type { Warning, WarningCore } from "@kunak/core/warning/warning"
import { Failure } from "../failure.ts"
import { checkConfirmation, checkProposal } from "./clearing.ts"
import { verifiedDelegations } from "./delegations.ts"
import type { SeenEdition } from "./known.ts"
import type { Paper, PaperObject } from "./paper.ts"
import { signerList } from "./words.ts"

export type PaperContent =
  | { readonly kind: "delegations"; readonly weeks: readonly DelegationBody[] }
  | { readonly kind: "all-clear-proposal"; readonly core: WarningCore; readonly warning: Warning }
  | {
      readonly kind: "all-clear"
      readonly core: WarningCore
      readonly proposal: Warning
      /** Null when the warning itself is no longer in the edition. */
      readonly warning: Warning | null
    }
  | { readonly kind: "veto"; readonly veto: Veto; readonly proposal: Warning | null }
  | { readonly kind: "revocation"; readonly revocation: RevocationBody }
  | {
      readonly kind: "charter"
      readonly before: Charter
      readonly charter: Charter
      readonly weeks: readonly DelegationBody[]
    }

/** Those who can sign, and those who have. Indices from 0. */
export interface Bench {
  readonly keys: readonly PublicKey<"charter-signing">[]
  readonly needed: number
  readonly signed: readonly number[]
}

export interface JudgedPaper {
  readonly paper: Paper
  /** In force when the paper was written. */
  readonly chain: CharterChain
  readonly content: PaperContent
  /** The charter's signers; for a new charter, its own. */
  readonly own: Bench
  /** For a new charter, the signers of the one before. */
  readonly previous: Bench | null
  readonly delegations: readonly Delegation[]
  readonly editions: readonly SeenEdition[]
}

/** @throws Failure, in words for the signer, when the paper is not what it should be. */
export async function judgePaper(paper: Paper): Promise<JudgedPaper> {
  const chain = await verifyCharterChain(paper.charterChain, null)
  if (!chain.ok) throw altered(`its charter does not verify (${chain.error.kind})`)
  const editions = await verifiedEditions(paper, chain.value)
  const content = await readContent(paper, chain.value, editions)
  const { current } = chain.value
  const signing = content.kind === "charter" ? content.charter : current.charter
  const needed = content.kind === "veto" ? 1 : signing.threshold
  const own = await bench(paper.objects, "signatures", signing.signers, needed)
  const previous =
    content.kind === "charter"
      ? await bench(
          paper.objects.slice(0, 1),
          "byPrevious",
          current.charter.signers,
          current.charter.threshold,
        )
      : null
  if (!previous && paper.objects.some(({ byPrevious }) => byPrevious.length > 0))
    throw altered("it carries signatures that do not belong to it")
  return {
    paper,
    chain: chain.value,
    content,
    own,
    previous,
    delegations: await verifiedDelegations(paper.delegations, chain.value),
    editions,
  }
}

export const isComplete = ({ own, previous }: JudgedPaper): boolean =>
  own.signed.length >= own.needed && (!previous || previous.signed.length >= previous.needed)

const altered = (how: string): Failure =>
  new Failure(
    `This paper was altered or damaged: ${how}. Nobody should sign it; ask whoever began it for a fresh copy.`,
    "altered-paper",
    1,
  )

async function verifiedEditions(paper: Paper, chain: CharterChain): Promise<readonly SeenEdition[]> {
  const editions: SeenEdition[] = []
  for (const embedded of paper.editions) {
    const edition = await verifyEdition(embedded.header, embedded.bulletin, chain.organisationId)
    if (!edition.ok) throw altered(`a public page in it does not verify (${edition.error.kind})`)
    editions.push({ edition: edition.value, embedded })
  }
  return editions.sort((a, b) => a.edition.header.issued - b.edition.header.issued)
}

async function readContent(
  { kind, objects }: Paper,
  chain: CharterChain,
  editions: readonly SeenEdition[],
): Promise<PaperContent> {
  const [first, ...rest] = objects as readonly [PaperObject, ...PaperObject[]]
  switch (kind) {
    case "delegations":
      return { kind, weeks: readWeeks(objects, chain, chain.current.hash) }
    case "all-clear-proposal":
      return { kind, ...checkProposal(first, chain, editions) }
    case "all-clear":
      return { kind, ...checkConfirmation(first, chain, editions) }
    case "revocation": {
      const revocation = decodeRevocationBody(first.body)
      const isOurs =
        revocation?.by === "signers" &&
        equalBytes(revocation.organisationId, chain.organisationId) &&
        equalBytes(revocation.authority, chain.current.hash)
      if (!revocation || !isOurs) throw altered("the revocation is not one of this charter's signers")
      return { kind, revocation }
    }
    case "veto": {
      const veto = await verifyVeto(encodeVeto(first.body, first.signatures), chain)
      const isOurs = veto.ok && charterByHash(chain, veto.value.charterHash) === chain.current
      if (!veto.ok || !isOurs) throw altered("the veto does not verify")
      const proposal = editions
        .flatMap(({ edition }) => edition.bulletin.warnings)
        .find(({ hash }) => equalBytes(hash, veto.value.proposal))
      return { kind, veto: veto.value, proposal: proposal ?? null }
    }
    case "charter": {
      const charter = await readCharter(first, chain)
      const weeks = rest.length === 0 ? [] : readWeeks(rest, chain, objectHash("charter", first.body))
      return { kind, before: chain.current.charter, charter, weeks }
    }
  }
}

/** Weeks in a row with the same people: then what is shown of one is true of all. */
function readWeeks(
  objects: readonly PaperObject[],
  chain: CharterChain,
  charterHash: ObjectHash,
): readonly DelegationBody[] {
  const weeks: DelegationBody[] = []
  for (const { body } of objects) {
    const delegation = decodeDelegationBody(body)
    const before = weeks.at(-1)
    const isSound =
      delegation !== null &&
      equalBytes(delegation.organisationId, chain.organisationId) &&
      equalBytes(delegation.charterHash, charterHash) &&
      (!before ||
        (delegation.week === before.week + 1 &&
          String(delegation.officers) === String(before.officers) &&
          String(delegation.duties) === String(before.duties)))
    if (!isSound) throw altered("its weeks are not weeks in a row of one list of officers and duties")
    weeks.push(delegation)
  }
  return weeks
}

/** Follows the charter before in every way but its signatures, which may still be to come. */
async function readCharter(object: PaperObject, chain: CharterChain): Promise<Charter> {
  const charter = decodeCharter(object.body)
  const extended = await verifyCharterChain(extendedChain(chain, object), chain.organisationId)
  const follows = extended.ok || extended.error.kind === "charter-not-signed"
  if (!charter || !follows) throw altered("the new charter does not follow the one in force")
  return charter
}

export const extendedChain = (chain: CharterChain, object: PaperObject): Uint8Array =>
  encodeCharterChain([
    ...(decodeCharterChain(chain.bytes) ?? []),
    { body: object.body, byPrevious: object.byPrevious, byOwn: object.signatures },
  ])

/** @throws Failure unless every signature holds, and each signer has signed all of the paper. */
async function bench(
  objects: readonly PaperObject[],
  where: "signatures" | "byPrevious",
  keys: readonly PublicKey<"charter-signing">[],
  needed: number,
): Promise<Bench> {
  const signed = objects[0]?.[where].map(({ index }) => index) ?? []
  for (const object of objects) {
    for (const { index, signature } of object[where]) {
      const key = keys[index]
      if (!key || !(await verifyBody(object.domain, object.body, key, signature)))
        throw altered(`it is not what ${signerList([index])} signed`)
    }
    if (object[where].map(({ index }) => index).join() !== signed.join())
      throw altered("somebody's signature is missing on a part of it")
  }
  return { keys, needed, signed }
}

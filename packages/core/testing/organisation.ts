/**
 * A synthetic organisation with real keys: three signers of whom two suffice, officers Amina, Boris and Vera,
 * two duties. Eve, who attacks, has keys of her own and whatever a test hands her.
 */
import { merkleRoot } from "../board/merkle.ts"
import type { Charter, CharterChain, Relay } from "../charter/charter.ts"
import { encodeCharter } from "../charter/codec.ts"
import {
  decodeCharterChain,
  encodeCharterChain,
  type SignedCharter,
  verifyCharterChain,
} from "../charter/verify.ts"
import {
  type Delegation,
  encodeDelegation,
  encodeDelegationBody,
  verifyDelegation,
} from "../delegation/delegation.ts"
import {
  type Bulletin,
  encodeBulletin,
  type UnverifiedBulletin,
  verifyBulletin,
} from "../edition/bulletin.ts"
import {
  type BoardHeader,
  type EditionHeader,
  type EditionId,
  encodeHeaderBody,
  signHeader,
} from "../edition/header.ts"
import { type Edition, verifyEdition } from "../edition/verify.ts"
import type { Random, SigningKey } from "../keys.ts"
import {
  CELL_BYTES,
  DELEGATION_WEEKS,
  EDITION_LIFE_SECONDS,
  MIN_LOG2_ROWS,
  MIN_LOG2_SLOTS,
  TICK_MS,
} from "../parameters.ts"
import { encodeVouched, signReceipt, type Vouched } from "../receipt/receipt.ts"
import { must } from "../result.ts"
import {
  encodeRevocation,
  encodeRevocationBody,
  type Revocation,
  verifyRevocation,
} from "../revocation/revocation.ts"
import { type IndexedSignature, objectHash, signBody } from "../signature/signed.ts"
import { makeSigningKey, sha256 } from "../suite.ts"
import { DAY_SECONDS, type Instant, instant, plusSeconds, type Week, weekOf } from "../time/instant.ts"
import { draftWarning, signAllClear, signWarning, textHashes } from "../warning/sign.ts"
import { verifyWarning } from "../warning/verify.ts"
import { encodeVeto, encodeVetoBody, type Veto, verifyVeto } from "../warning/veto.ts"
import {
  NO_HASH,
  type SignedWarning,
  type Warning,
  type WarningCore,
  type WarningId,
  type WarningText,
} from "../warning/warning.ts"
import { wordingById } from "../warning/wording.ts"
import { sampleAreas, sampleLanguages, sampleWordings } from "./sample-charter.ts"
import { seededRandom } from "./seeded-random.ts"

/** Monday, 14 January 2019, 09:00 UTC: in the week in which the real warning went round. */
export const SAMPLE_NOW: Instant = instant(1547456400)

export interface Organisation {
  readonly chain: CharterChain
  readonly charter: Charter
  readonly signers: readonly SigningKey<"charter-signing">[]
  readonly amina: SigningKey<"officer">
  readonly boris: SigningKey<"officer">
  readonly vera: SigningKey<"officer">
  readonly duties: readonly [SigningKey<"duty">, SigningKey<"duty">]
  readonly relayA: SigningKey<"relay-term">
  /** From the week before SAMPLE_NOW's on. */
  readonly delegations: readonly Delegation[]
  readonly random: Random
}

export interface OrganisationOptions {
  readonly seed?: string
  readonly demonstration?: boolean
  readonly now?: Instant
  readonly relays?: readonly [{ web: string; onion?: string }, { web: string; onion?: string }]
  readonly change?: (charter: Charter) => Charter
}

/** Signatures of the first `count` keys, in the order of the list. */
export const signaturesOf = async (
  domain: Parameters<typeof signBody>[0],
  body: Uint8Array,
  keys: readonly SigningKey<"charter-signing">[],
  count: number,
): Promise<IndexedSignature[]> =>
  await Promise.all(
    keys.slice(0, count).map(async (key, index) => ({ index, signature: await signBody(domain, body, key) })),
  )

export async function makeOrganisation(options: OrganisationOptions = {}): Promise<Organisation> {
  const random = seededRandom(options.seed ?? "kunak test organisation")
  const now = options.now ?? SAMPLE_NOW
  const signers = Array.from({ length: 3 }, () => makeSigningKey("charter-signing", random))
  const [amina, boris, vera] = [0, 1, 2].map(() => makeSigningKey("officer", random)) as [
    SigningKey<"officer">,
    SigningKey<"officer">,
    SigningKey<"officer">,
  ]
  const duties = [makeSigningKey("duty", random), makeSigningKey("duty", random)] as const
  const relayA = makeSigningKey("relay-term", random)
  const relayB = makeSigningKey("relay-term", random)
  const [a, b] = options.relays ?? [{ web: "https://relay-a.example" }, { web: "https://relay-b.example" }]
  const relay = (place: { web: string; onion?: string }, key: SigningKey<"relay-term">): Relay => ({
    termKey: key.publicKey,
    web: place.web,
    onion: place.onion ?? "",
  })
  const plain: Charter = {
    demonstration: options.demonstration ?? false,
    closed: false,
    sequence: 0,
    previous: new Uint8Array(32),
    issued: plusSeconds(now, -30 * DAY_SECONDS),
    expires: plusSeconds(now, 335 * DAY_SECONDS),
    threshold: 2,
    signers: signers.map((key) => key.publicKey),
    relays: [relay(a, relayA), relay(b, relayB)],
    offsetMinutes: 180,
    languages: sampleLanguages,
    areas: sampleAreas,
    wordings: sampleWordings,
    templates: [],
    editionSeconds: 300,
    tickMs: TICK_MS,
    log2Slots: MIN_LOG2_SLOTS,
  }
  const charter = options.change ? options.change(plain) : plain
  const body = encodeCharter(charter)
  const first: SignedCharter = {
    body,
    byPrevious: [],
    byOwn: await signaturesOf("charter", body, signers, 2),
  }
  const chain = must(await verifyCharterChain(encodeCharterChain([first]), null))
  const weeks = Array.from({ length: DELEGATION_WEEKS + 1 }, (_, i) => (weekOf(now) - 1 + i) as Week)
  const keys = { officers: [amina, boris, vera], duties, signers }
  const delegations = await Promise.all(weeks.map((week) => makeDelegation(chain, keys, week)))
  return { chain, charter, signers, amina, boris, vera, duties, relayA, delegations, random }
}

export async function makeDelegation(
  chain: CharterChain,
  keys: {
    readonly officers: readonly SigningKey<"officer">[]
    readonly duties: readonly SigningKey<"duty">[]
    readonly signers: readonly SigningKey<"charter-signing">[]
  },
  week: Week,
): Promise<Delegation> {
  const body = encodeDelegationBody({
    organisationId: chain.organisationId,
    charterHash: chain.current.hash,
    week,
    officers: keys.officers.map((key) => key.publicKey),
    duties: keys.duties.map((key) => key.publicKey),
  })
  const signatures = await signaturesOf("delegation", body, keys.signers, chain.current.charter.threshold)
  return must(await verifyDelegation(encodeDelegation({ body, signatures }), chain))
}

/** The delegation of the week in which `time` lies. @throws when the organisation has none. */
export function delegationAt(organisation: Organisation, time: Instant): Delegation {
  const found = organisation.delegations.find((delegation) => delegation.week === weekOf(time))
  if (!found) throw new RangeError("no delegation for that week")
  return found
}

type CoreChange = Partial<Omit<WarningCore, "content">>

/** Core of "leave, wave of detentions" in Chechnya, valid for two days, in the approved wording 1. */
export function approvedCore(
  organisation: Organisation,
  change: CoreChange & { wording?: number; since?: Instant } = {},
): WarningCore {
  const { wording: id = 1, since, ...rest } = change
  const signedAt = rest.signedAt ?? SAMPLE_NOW
  const wording = wordingById(organisation.charter, id)
  if (!wording) throw new RangeError("no such wording")
  return {
    organisationId: organisation.chain.organisationId,
    charterHash: organisation.chain.current.hash,
    delegationHash: delegationAt(organisation, signedAt).hash,
    id: organisation.random(16) as WarningId,
    sequence: 0,
    supersedes: NO_HASH,
    signedAt,
    effective: signedAt,
    expires: plusSeconds(signedAt, 2 * DAY_SECONDS),
    severity: wording.severity,
    urgency: wording.urgency,
    certainty: wording.certainty,
    responses: wording.responses,
    areas: [2],
    content: { kind: "approved", wording: id, since: since ?? plusSeconds(signedAt, -17 * DAY_SECONDS) },
    ...rest,
  }
}

export const sampleTexts: readonly WarningText[] = [
  {
    language: "en",
    headline: "Do not answer calls from unknown numbers",
    description: "People were called and asked to meet. Those who went were detained.",
    instruction: "Do not go to meetings that somebody else proposes. Switch off the phone before you travel.",
  },
  {
    language: "ru",
    headline: "Не отвечайте на звонки с незнакомых номеров",
    description: "Людям звонили и назначали встречу. Тех, кто пришёл, задержали.",
    instruction: "Не ходите на встречи, которые предлагают другие. Перед дорогой выключите телефон.",
  },
]

/** A free text of two officers, or an all-clear (proposal) of charter signers. */
export function freeCore(
  organisation: Organisation,
  texts: readonly WarningText[] = sampleTexts,
  change: CoreChange & { kind?: "free" | "all-clear-proposal" | "all-clear" } = {},
): WarningCore {
  const { kind = "free", ...rest } = change
  const byCharter = kind !== "free"
  return {
    ...approvedCore(organisation, { signedAt: rest.signedAt ?? SAMPLE_NOW }),
    severity: byCharter ? "Minor" : "Severe",
    urgency: "Immediate",
    certainty: "Likely",
    responses: byCharter ? ["AllClear"] : ["Avoid", "Prepare"],
    ...(byCharter ? { delegationHash: NO_HASH } : {}),
    ...rest,
    content: { kind, texts: textHashes(texts) },
  }
}

/** Signs with officers (or, for all-clears, charter signers); nothing is verified. */
export async function signedBy(
  organisation: Organisation,
  core: WarningCore,
  keys: readonly (SigningKey<"officer"> | SigningKey<"charter-signing">)[],
  texts: readonly WarningText[] = [],
): Promise<SignedWarning> {
  let warning = draftWarning(core, texts)
  for (const key of keys) {
    const signed =
      key.role === "officer"
        ? await signWarning(warning, key, delegationAt(organisation, core.signedAt))
        : await signAllClear(warning, key, organisation.charter)
    warning = must(signed)
  }
  return warning
}

/** Verified against the organisation, without revocations. @throws TypeError when it is refused. */
export const verified = async (organisation: Organisation, warning: SignedWarning): Promise<Warning> =>
  must(
    await verifyWarning(warning, {
      chain: organisation.chain,
      delegations: organisation.delegations,
      revocations: [],
    }),
  )

/** The approved warning of `approvedCore`, signed by Amina. */
export const approvedWarning = async (
  organisation: Organisation,
  change: Parameters<typeof approvedCore>[1] = {},
): Promise<Warning> =>
  await verified(
    organisation,
    await signedBy(organisation, approvedCore(organisation, change), [organisation.amina]),
  )

/** The free warning of `freeCore`, signed by Amina and Boris. */
export const freeWarning = async (
  organisation: Organisation,
  texts: readonly WarningText[] = sampleTexts,
  change: Parameters<typeof freeCore>[2] = {},
): Promise<Warning> =>
  await verified(
    organisation,
    await signedBy(
      organisation,
      freeCore(organisation, texts, change),
      [organisation.amina, organisation.boris],
      texts,
    ),
  )

/** Bytes of a revocation by officers or by charter signers; nothing is verified. */
export async function revocationBytes(
  organisation: Organisation,
  keys: readonly Uint8Array[],
  by: readonly (SigningKey<"officer"> | SigningKey<"charter-signing">)[],
  time: Instant = SAMPLE_NOW,
): Promise<Uint8Array> {
  const byOfficers = by[0]?.role === "officer"
  const delegation = delegationAt(organisation, time)
  const named: readonly Uint8Array[] = byOfficers ? delegation.officers : organisation.charter.signers
  const body = encodeRevocationBody({
    organisationId: organisation.chain.organisationId,
    time,
    keys: keys as never,
    by: byOfficers ? "officers" : "signers",
    authority: byOfficers ? delegation.hash : organisation.chain.current.hash,
  })
  const signatures = await Promise.all(
    by.map(async (key) => ({
      index: named.findIndex((officer) => String(officer) === String(key.publicKey)),
      signature: await signBody("revocation", body, key),
    })),
  )
  signatures.sort((a, b) => a.index - b.index)
  return encodeRevocation({ body, signatures })
}

export async function revocationBy(
  organisation: Organisation,
  keys: readonly Uint8Array[],
  by: readonly (SigningKey<"officer"> | SigningKey<"charter-signing">)[],
  time: Instant = SAMPLE_NOW,
): Promise<Revocation> {
  const bytes = await revocationBytes(organisation, keys, by, time)
  return must(await verifyRevocation(bytes, organisation.chain, organisation.delegations))
}

export async function vetoBy(
  organisation: Organisation,
  proposal: Warning,
  signer: number,
  time: Instant = SAMPLE_NOW,
): Promise<Veto> {
  const body = encodeVetoBody({
    organisationId: organisation.chain.organisationId,
    charterHash: organisation.chain.current.hash,
    proposal: proposal.hash,
    time,
  })
  const key = organisation.signers[signer] as SigningKey<"charter-signing">
  const signature = await signBody("veto", body, key)
  return must(await verifyVeto(encodeVeto(body, [{ index: signer, signature }]), organisation.chain))
}

let emptyBoard: { readonly bytes: Uint8Array; readonly header: BoardHeader } | undefined
/** A board on which nothing waits: the same in every edition of a test that is not about boards. */
export function sampleBoard(): { readonly bytes: Uint8Array; readonly header: BoardHeader } {
  if (!emptyBoard) {
    const random = seededRandom("an empty board")
    const bytes = random(CELL_BYTES * 2 ** MIN_LOG2_ROWS)
    const root = merkleRoot(bytes)
    emptyBoard = {
      bytes,
      header: { log2Rows: MIN_LOG2_ROWS, salt: random(32), merkleRoot: root, puzzleBits: 8 },
    }
  }
  return emptyBoard
}

export interface EditionOptions {
  readonly id?: EditionId
  readonly issued?: Instant
  readonly warnings?: readonly Warning[]
  readonly revocations?: readonly Revocation[]
  readonly vetoes?: readonly Veto[]
  readonly templateHash?: Uint8Array
  readonly duty?: 0 | 1
  /** Signs this list as a receipt; by default what is in the bulletin. Null for an edition without a receipt. */
  readonly vouched?: readonly Vouched[] | null
  readonly receiptTime?: Instant
  /** When an officer last read, by the same receipt. */
  readonly lastRead?: Instant
  readonly intakeKey?: Uint8Array
  readonly board?: BoardHeader
  /** What else is unusual about the header. */
  readonly changeHeader?: (header: EditionHeader) => EditionHeader
}

export interface MadeEdition {
  readonly header: Uint8Array
  readonly bulletinBytes: Uint8Array
  readonly bulletin: Bulletin
  readonly edition: Edition
  readonly issued: Instant
}

/** An edition as a good duty makes it. @throws TypeError when it does not verify. */
export async function makeEdition(
  organisation: Organisation,
  options: EditionOptions = {},
): Promise<MadeEdition> {
  const { header, bulletinBytes, issued } = await signEdition(organisation, options)
  const edition = must(await verifyEdition(header, bulletinBytes, organisation.chain.organisationId))
  return { header, bulletinBytes, bulletin: must(await verifyBulletin(bulletinBytes, null)), edition, issued }
}

/** An edition as whoever has duty's key may make it: nothing is verified. */
export async function signEdition(
  organisation: Organisation,
  options: EditionOptions & {
    readonly changeBulletin?: (bulletin: UnverifiedBulletin) => UnverifiedBulletin
    readonly dutyKey?: SigningKey<"duty">
  } = {},
): Promise<Pick<MadeEdition, "header" | "bulletinBytes" | "issued">> {
  const issued = options.issued ?? SAMPLE_NOW
  const { warnings = [], revocations = [], vetoes = [] } = options
  const delegation = delegationAt(organisation, issued)
  const vouched =
    options.vouched === undefined
      ? [
          ...warnings.map(({ hash, core }) => ({ hash, until: core.expires })),
          ...revocations.map(({ hash }) => ({ hash, until: weekAfter(issued) })),
          ...vetoes.map(({ hash }) => ({ hash, until: weekAfter(issued) })),
        ]
      : options.vouched
  const receiptTime = options.receiptTime ?? issued
  const receiptDelegation = delegationAt(organisation, receiptTime)
  const receipt =
    vouched === null
      ? new Uint8Array()
      : await signReceipt(
          {
            organisationId: organisation.chain.organisationId,
            delegationHash: receiptDelegation.hash,
            time: receiptTime,
            lastRead: options.lastRead ?? instant(0),
          },
          vouched,
          organisation.amina,
          receiptDelegation,
        )
  const changeBulletin = options.changeBulletin ?? ((bulletin) => bulletin)
  const plainBulletin: UnverifiedBulletin = {
    charterChain: organisation.chain.bytes,
    delegations: organisation.delegations
      .filter(
        ({ hash }) =>
          hash === delegation.hash ||
          hash === receiptDelegation.hash ||
          warnings.some(({ core }) => String(core.delegationHash) === String(hash)) ||
          revocations.some(({ authority }) => String(authority) === String(hash)),
      )
      .map(({ bytes }) => bytes),
    revocations: revocations.map(({ bytes }) => bytes),
    warnings: warnings.map(({ signed }) => signed),
    vetoes: vetoes.map(({ bytes }) => bytes),
    vouched: vouched === null ? new Uint8Array() : encodeVouched(vouched),
  }
  const bulletinBytes = encodeBulletin(changeBulletin(plainBulletin))
  const duty = options.duty ?? 0
  const change = options.changeHeader ?? ((header) => header)
  const plain: EditionHeader = {
    organisationId: organisation.chain.organisationId,
    charterHash: organisation.chain.current.hash,
    id: options.id ?? { term: 1, number: 1 },
    issued,
    expires: plusSeconds(issued, EDITION_LIFE_SECONDS),
    bulletinHash: sha256(bulletinBytes),
    templateHash: options.templateHash ?? new Uint8Array(32),
    board: options.board ?? sampleBoard().header,
    duty,
    delegation: delegation.bytes,
    revocations: revocations.slice(0, 4).map(({ bytes }) => bytes),
    receipt,
    intakeKey: options.intakeKey ?? new Uint8Array(),
  }
  const body = encodeHeaderBody(change(plain))
  if (!body) throw new RangeError("the header does not fit")
  const header = await signHeader(body, options.dutyKey ?? organisation.duties[duty])
  return { header, bulletinBytes, issued }
}

const weekAfter = (time: Instant): Instant => plusSeconds(time, 7 * DAY_SECONDS)

/** Hash under which a warning's body is replaced or vetoed. */
export const warningHash = (warning: SignedWarning) => objectHash("warning", warning.body)

/** A chain with one charter more, signed by the first `old` signers of the newest charter and the first `own` of its own. */
export async function extendChain(
  organisation: Organisation,
  change: (charter: Charter) => Charter = (charter) => charter,
  signatures: {
    readonly old?: number
    readonly own?: number
    readonly newSigners?: readonly SigningKey<"charter-signing">[]
  } = {},
): Promise<Uint8Array> {
  const signers = signatures.newSigners ?? organisation.signers
  const body = encodeCharter(
    change({
      ...organisation.charter,
      sequence: organisation.charter.sequence + 1,
      previous: organisation.chain.current.hash,
      issued: plusSeconds(organisation.charter.issued, 20 * DAY_SECONDS),
      signers: signers.map(({ publicKey }) => publicKey),
    }),
  )
  const links = decodeCharterChain(organisation.chain.bytes) ?? []
  return encodeCharterChain([
    ...links,
    {
      body,
      byPrevious: await signaturesOf("charter", body, organisation.signers, signatures.old ?? 2),
      byOwn: await signaturesOf("charter", body, signers, signatures.own ?? 2),
    },
  ])
}

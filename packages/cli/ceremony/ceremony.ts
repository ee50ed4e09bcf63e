/** Founding an organisation: keys, charter, delegations, enrolments. Pure but for the keys' randomness. docs/ceremony.md */
import type { Charter, CharterChain } from "@kunak/core/charter/charter"
import { encodeCharter } from "@kunak/core/charter/codec"
import { encodeCharterChain, verifyCharterChain } from "@kunak/core/charter/verify"
import { encodeDelegation, encodeDelegationBody } from "@kunak/core/delegation/delegation"
import type { Capabilities, Enrolment } from "@kunak/core/enrolment/enrolment"
import { blockText } from "@kunak/core/forward/text-block"
import type { PublicKey, Random, SigningKey } from "@kunak/core/keys"
import { LOG_KEY_BYTES } from "@kunak/core/log/cell"
import { DELEGATION_WEEKS, MAX_TEXT_BLOCK } from "@kunak/core/parameters"
import { err, must, ok, type Result } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { type Domain, type IndexedSignature, signBody } from "@kunak/core/signature/signed"
import { makeSigningKey } from "@kunak/core/suite"
import { DAY_SECONDS, type Instant, plusSeconds, type Week, weekOf } from "@kunak/core/time/instant"
import { NO_HASH, type WarningCore, type WarningId } from "@kunak/core/warning/warning"
import { fillWording } from "@kunak/core/warning/wording"
import type { Description } from "./description.ts"

export interface Ceremony {
  readonly chain: CharterChain
  readonly signers: readonly SigningKey<"charter-signing">[]
  readonly officers: readonly Enrolment[]
  readonly duties: readonly Enrolment[]
  /** What each relay is to be given: its capabilities, and relay A its term key. */
  readonly relays: readonly [FoundedRelay, FoundedRelay]
}

export interface FoundedRelay {
  readonly termKey: SigningKey<"relay-term">
  readonly capabilities: Required<Capabilities>
}

export interface FoundingOptions {
  readonly random: Random
  readonly now: Instant
  /** SHA-256 of the page template of this release. */
  readonly templateHash: Uint8Array
  /** SHA-256 of the page's guidance in a language, for a reviewer to stand by; null where it has none. */
  readonly guidanceHash: (language: string) => Uint8Array | null
}

export type FoundingError =
  /** A wording that would make a text block longer than messengers take. */
  {
    readonly kind: "wording-too-long"
    readonly wording: number
    readonly language: string
    readonly over: number
  }

/** All signatures of all signers: everybody is in the room, and everybody's key is seen to work. */
export async function found(
  description: Description,
  options: FoundingOptions,
): Promise<Result<Ceremony, FoundingError>> {
  const { random, now } = options
  const signers = many(description.signers, () => makeSigningKey("charter-signing", random))
  const officers = many(description.officers, () => makeSigningKey("officer", random))
  const duties = many(description.duties, () => makeSigningKey("duty", random))
  const relays = [foundRelay(random), foundRelay(random)] as const
  const charter = charterOf(description, options, signers, relays)
  const tooLong = longWording(charter)
  if (tooLong) return err(tooLong)
  const body = encodeCharter(charter)
  const byOwn = await signedByAll("charter", body, signers)
  const chain = must(await verifyCharterChain(encodeCharterChain([{ body, byPrevious: [], byOwn }]), null))
  const delegations = await delegate(chain, signers, officers, duties, weekOf(now), DELEGATION_WEEKS)
  const staffKey = random(LOG_KEY_BYTES)
  const lineKey = random(LOG_KEY_BYTES)
  const common = { charterChain: chain.bytes, delegations, lineKey: new Secret(lineKey) }
  const enrol = (
    role: Enrolment["role"],
    key: SigningKey<"officer" | "duty">,
    number: number,
  ): Enrolment => ({
    ...common,
    role,
    label: `${role} ${number}`,
    seed: key.seed,
    staffKey: role === "officer" ? new Secret(staffKey) : null,
    relays: [capabilitiesOf(role, relays[0]), capabilitiesOf(role, relays[1])],
  })
  return ok({
    chain,
    signers,
    officers: officers.map((key, i) => enrol("officer", key, i + 1)),
    duties: duties.map((key, i) => enrol("duty", key, i + 1)),
    relays,
  })
}

const many = <T>(count: number, make: () => T): readonly T[] => Array.from({ length: count }, make)

const foundRelay = (random: Random): FoundedRelay => ({
  termKey: makeSigningKey("relay-term", random),
  capabilities: {
    read: new Secret(random(32)),
    append: new Secret(random(32)),
    publish: new Secret(random(32)),
  },
})

/** An officer reads and appends; only a duty publishes. */
const capabilitiesOf = (role: Enrolment["role"], { capabilities }: FoundedRelay): Capabilities => ({
  ...capabilities,
  publish: role === "duty" ? capabilities.publish : null,
})

function charterOf(
  description: Description,
  { now, templateHash, guidanceHash }: FoundingOptions,
  signers: readonly SigningKey<"charter-signing">[],
  relays: readonly [FoundedRelay, FoundedRelay],
): Charter {
  const relay = (i: 0 | 1) => ({
    termKey: relays[i].termKey.publicKey,
    web: description.relays[i].web,
    onion: description.relays[i].onion,
  })
  return {
    demonstration: description.demonstration,
    sequence: 0,
    previous: new Uint8Array(32),
    // A minute back: machines in the room differ by seconds.
    issued: plusSeconds(now, -60),
    expires: plusSeconds(now, description.validDays * DAY_SECONDS),
    threshold: description.threshold,
    signers: signers.map(({ publicKey }) => publicKey),
    relays: [relay(0), relay(1)],
    offsetMinutes: description.offsetMinutes,
    languages: description.languages.map((language) => ({
      ...language,
      reviewedTexts: (language.reviewer !== "" && guidanceHash(language.tag)) || new Uint8Array(32),
    })),
    areas: description.areas,
    wordings: description.wordings,
    templates: [templateHash],
    editionSeconds: description.editionSeconds,
  }
}

/** Letters that code, marks and signatures of a wording take at most: measured by the test of this module. */
export const CODE_LETTERS = 2100

/** Every approved wording must fit into a text block with the three longest areas. */
function longWording(charter: Charter): FoundingError | null {
  const longest = [...charter.areas]
    .sort((a, b) => b.names.join("").length - a.names.join("").length)
    .slice(0, 3)
    .map(({ id }) => id)
  for (const wording of charter.wordings) {
    const slots = { areas: longest, since: charter.issued }
    const core: WarningCore = {
      organisationId: NO_HASH as Uint8Array as WarningCore["organisationId"],
      charterHash: NO_HASH,
      delegationHash: NO_HASH,
      id: new Uint8Array(16) as WarningId,
      sequence: 0,
      supersedes: NO_HASH,
      signedAt: charter.issued,
      effective: charter.issued,
      expires: charter.expires,
      severity: wording.severity,
      urgency: wording.urgency,
      certainty: wording.certainty,
      responses: wording.responses,
      areas: longest,
      content: { kind: "approved", wording: wording.id, since: charter.issued },
    }
    for (const text of fillWording(charter, wording, slots)) {
      const over =
        blockText(core, text, charter, charter.relays[0].web).length + CODE_LETTERS - MAX_TEXT_BLOCK
      if (over > 0) return { kind: "wording-too-long", wording: wording.id, language: text.language, over }
    }
  }
  return null
}

/** At most five signatures travel with an object. */
const signedByAll = async (
  domain: Domain,
  body: Uint8Array,
  signers: readonly SigningKey<"charter-signing">[],
): Promise<IndexedSignature[]> =>
  await Promise.all(
    signers.slice(0, 5).map(async (key, index) => ({ index, signature: await signBody(domain, body, key) })),
  )

/** Delegations for `weeks` weeks from `first` on. */
export async function delegate(
  chain: CharterChain,
  signers: readonly SigningKey<"charter-signing">[],
  officers: readonly { readonly publicKey: PublicKey<"officer"> }[],
  duties: readonly { readonly publicKey: PublicKey<"duty"> }[],
  first: Week,
  weeks: number,
): Promise<readonly Uint8Array[]> {
  return await Promise.all(
    Array.from({ length: weeks }, async (_, i) => {
      const body = encodeDelegationBody({
        organisationId: chain.organisationId,
        charterHash: chain.current.hash,
        week: (first + i) as Week,
        officers: officers.map(({ publicKey }) => publicKey),
        duties: duties.map(({ publicKey }) => publicKey),
      })
      return encodeDelegation({ body, signatures: await signedByAll("delegation", body, signers) })
    }),
  )
}

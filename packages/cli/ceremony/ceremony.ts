/** Founding an organisation: keys, charter, delegations, enrolments. Pure but for the keys' randomness. docs/ceremony.md */
import type { CharterChain } from "@kunak/core/charter/charter"
import { encodeCharter } from "@kunak/core/charter/codec"
import { encodeCharterChain, verifyCharterChain } from "@kunak/core/charter/verify"
import { encodeDelegation, encodeDelegationBody } from "@kunak/core/delegation/delegation"
import type { Capabilities, Enrolment } from "@kunak/core/enrolment/enrolment"
import type { PublicKey, Random, SigningKey } from "@kunak/core/keys"
import { LOG_KEY_BYTES } from "@kunak/core/log/cell"
import { DELEGATION_WEEKS } from "@kunak/core/parameters"
import { err, must, ok, type Result } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { type Domain, type IndexedSignature, MAX_SIGNATURES, signBody } from "@kunak/core/signature/signed"
import { makeSigningKey } from "@kunak/core/suite"
import { DAY_SECONDS, type Instant, plusSeconds, type Week, weekOf } from "@kunak/core/time/instant"
import { type CharterProblem, charterFrom, charterProblem } from "./charter-from.ts"
import type { Description } from "./description.ts"

export interface Ceremony {
  readonly chain: CharterChain
  /** Signed, for the first thirteen weeks. */
  readonly delegations: readonly Uint8Array[]
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

/** All signatures of all signers: everybody is in the room, and everybody's key is seen to work. */
export async function found(
  description: Description,
  options: FoundingOptions,
): Promise<Result<Ceremony, CharterProblem>> {
  const { random, now } = options
  const signers = many(description.signers, () => makeSigningKey("charter-signing", random))
  const officers = many(description.officers, () => makeSigningKey("officer", random))
  const duties = many(description.duties, () => makeSigningKey("duty", random))
  const relays = [foundRelay(random), foundRelay(random)] as const
  const charter = charterFrom(description, {
    sequence: 0,
    previous: new Uint8Array(32),
    // A minute back: machines in the room differ by seconds.
    issued: plusSeconds(now, -60),
    expires: plusSeconds(now, description.validDays * DAY_SECONDS),
    signers: signers.map(({ publicKey }) => publicKey),
    termKeys: [relays[0].termKey.publicKey, relays[1].termKey.publicKey],
    templates: [options.templateHash],
    guidanceHash: options.guidanceHash,
  })
  const problem = charterProblem(charter)
  if (problem) return err(problem)
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
    delegations,
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
    acknowledge: new Secret(random(32)),
    publish: new Secret(random(32)),
  },
})

/** An officer reads, appends and acknowledges; only a duty publishes (rule M2). */
const capabilitiesOf = (role: Enrolment["role"], { capabilities }: FoundedRelay): Capabilities => ({
  ...capabilities,
  acknowledge: role === "officer" ? capabilities.acknowledge : null,
  publish: role === "duty" ? capabilities.publish : null,
})

/** At most five signatures travel with an object. */
const signedByAll = async (
  domain: Domain,
  body: Uint8Array,
  signers: readonly SigningKey<"charter-signing">[],
): Promise<IndexedSignature[]> =>
  await Promise.all(
    signers
      .slice(0, MAX_SIGNATURES)
      .map(async (key, index) => ({ index, signature: await signBody(domain, body, key) })),
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

/**
 * Known answers for whoever implements docs/protocol.md, made from the synthetic organisation. What is expected of a
 * bad one is written down here by hand, not asked of the code.
 */
import { toHex } from "../bytes/hex.ts"
import { fingerprint } from "../charter/fingerprint.ts"
import { verifyCharterChain } from "../charter/verify.ts"
import { encodeDelegation, encodeDelegationBody } from "../delegation/delegation.ts"
import type { UnverifiedBulletin } from "../edition/bulletin.ts"
import { signTermGrant, signTermRequest } from "../edition/term.ts"
import { makePayload, toCodeLines, toQrText } from "../forward/payload.ts"
import { textBlock } from "../forward/text-block.ts"
import { type Compartment, hashCell, sealCell, splitEntry } from "../log/cell.ts"
import { encodeEntry } from "../log/entry.ts"
import { SKEW_SECONDS } from "../parameters.ts"
import { must } from "../result.ts"
import { reveal, Secret } from "../secret.ts"
import { signBody } from "../signature/signed.ts"
import { DAY_SECONDS, HOUR_SECONDS, type Instant, plusSeconds, WEEK_SECONDS } from "../time/instant.ts"
import { encodeWarning, encodeWarningCore } from "../warning/codec.ts"
import type { SignedWarning, Warning, WarningCore } from "../warning/warning.ts"
import { hotlineVectors } from "./hotline-vectors.ts"
import {
  approvedCore,
  delegationAt,
  extendChain,
  freeCore,
  makeOrganisation,
  type Organisation,
  revocationBytes,
  SAMPLE_NOW,
  sampleTexts,
  signaturesOf,
  signEdition,
  signedBy,
  verified,
  vetoBy,
} from "./organisation.ts"
import { seededRandom } from "./seeded-random.ts"
import { turned, type Vector, type VectorFile, vector } from "./vector.ts"

/** Every file under vectors/core/, by name. The same in every run. */
export async function allVectors(): Promise<Readonly<Record<string, VectorFile>>> {
  const organisation = await makeOrganisation({ seed: "kunak vectors" })
  const other = await makeOrganisation({ seed: "kunak vectors, another organisation" })
  return {
    "plain-text": plainText(),
    "charter-chain": await charterChains(organisation, other),
    delegation: await delegations(organisation, other),
    revocation: await revocations(organisation),
    warning: await warnings(organisation, other),
    standing: await standing(organisation),
    edition: await editions(organisation),
    term: await terms(organisation),
    forward: await forwards(organisation, other),
    "log-cell": await logCells(organisation),
    ...(await hotlineVectors(organisation)),
  }
}

function plainText(): VectorFile {
  const utf8 = (text: string): string => toHex(new TextEncoder().encode(text))
  const bad: Readonly<Record<string, string>> = {
    "zero-width space": utf8("a\u200bb"),
    "right-to-left override": utf8("a\u202eb"),
    "byte order mark": utf8("\ufeffa"),
    "variation selector": utf8("1\ufe0f"),
    "tag letter": utf8("a\u{e0041}"),
    "Hangul filler": utf8("a\u3164b"),
    "soft hyphen": utf8("a\u00adb"),
    "not composed (NFD)": utf8("и\u0306"),
    tab: utf8("a\tb"),
    "carriage return": utf8("a\r\nb"),
    "null letter": utf8("a\u0000"),
    "line separator": utf8("a\u2028b"),
    "private use": utf8("\ue000"),
    "overlong form": "c080",
    "half a letter": "d0",
    surrogate: "eda080",
    "beyond Unicode": "f4908080",
  }
  const good = ["", "Уезжайте\nсейчас", "— «да»… 👍", "é", "Ӏаьржа"]
  return {
    what: "Bytes of a text, without its length: plain or not.",
    shared: {},
    vectors: [
      ...good.map((text) => vector("B3", "plain", { utf8: utf8(text) }, { text })),
      ...Object.entries(bad).map(([what, bytes]) =>
        vector(/form|half|surrogate|beyond/.test(what) ? "B2" : "B3", what, { utf8: bytes }, "not-plain"),
      ),
    ],
  }
}

async function charterChains(organisation: Organisation, other: Organisation): Promise<VectorFile> {
  const { chain } = organisation
  const id = toHex(chain.organisationId)
  const longer = await extendChain(organisation)
  const good = async (rule: string, what: string, bytes: Uint8Array) => {
    const { links, current } = must(await verifyCharterChain(bytes, chain.organisationId))
    return vector(
      rule,
      what,
      { chain: toHex(bytes), pinned: id },
      {
        organisationId: id,
        fingerprint: fingerprint(chain.organisationId),
        links: links.length,
        newest: toHex(current.hash),
      },
    )
  }
  const bad = (rule: string, what: string, bytes: Uint8Array, error: string) =>
    vector(rule, what, { chain: toHex(bytes), pinned: id }, error)
  return {
    what: "A charter chain and the pinned organisation id (§3).",
    shared: {},
    vectors: [
      await good("C1", "a first charter", chain.bytes),
      await good("C5", "a second charter, signed by old and new quorum", longer),
      bad("C1", "another organisation", other.chain.bytes, "wrong-organisation"),
      bad(
        "C3",
        "one of its own signers only",
        await extendChain(organisation, undefined, { own: 1 }),
        "charter-not-signed",
      ),
      bad(
        "C5",
        "one of the old signers only",
        await extendChain(organisation, undefined, { old: 1 }),
        "charter-not-signed",
      ),
      bad("C3", "a bit of the last signature turned", turned(chain.bytes, -1), "charter-not-signed"),
      bad("B1", "a byte too many", Uint8Array.from([...chain.bytes, 0]), "malformed-charter"),
      bad("B1", "a byte too few", chain.bytes.slice(0, -1), "malformed-charter"),
      bad(
        "C4",
        "a sequence left out",
        await extendChain(organisation, (all) => ({ ...all, sequence: 2 })),
        "broken-charter-chain",
      ),
      bad(
        "C4",
        "a demonstration after a real charter",
        await extendChain(organisation, (all) => ({ ...all, demonstration: true })),
        "broken-charter-chain",
      ),
      bad(
        "C4",
        "issued no later than the one before",
        await extendChain(organisation, (all) => ({ ...all, issued: organisation.charter.issued })),
        "broken-charter-chain",
      ),
      bad(
        "C2",
        "one signer alone would suffice",
        await extendChain(organisation, (all) => ({ ...all, threshold: 1 })),
        "malformed-charter",
      ),
      bad(
        "C2",
        "a relay without TLS",
        await extendChain(organisation, (all) => ({
          ...all,
          relays: [{ ...all.relays[0], web: "http://relay.example" }, all.relays[1]],
        })),
        "malformed-charter",
      ),
    ],
  }
}

async function delegations(organisation: Organisation, other: Organisation): Promise<VectorFile> {
  const { chain, signers } = organisation
  const plain = delegationAt(organisation, SAMPLE_NOW)
  const make = async (
    change: Partial<typeof plain>,
    count = 2,
    domain: "delegation" | "warning" = "delegation",
  ) => {
    const body = encodeDelegationBody({ ...plain, ...change })
    return encodeDelegation({ body, signatures: await signaturesOf(domain, body, signers, count) })
  }
  const bad = (rule: string, what: string, bytes: Uint8Array, error: string) =>
    vector(rule, what, { delegation: toHex(bytes) }, error)
  return {
    what: "A delegation under a charter chain (§4).",
    shared: { chain: toHex(chain.bytes) },
    vectors: [
      vector(
        "D1",
        "a week from Monday 2019-01-14",
        { delegation: toHex(plain.bytes) },
        {
          hash: toHex(plain.hash),
          week: plain.week,
          officers: plain.officers.map(toHex),
          duties: plain.duties.map(toHex),
        },
      ),
      bad("D1", "one signature where two are needed", await make({}, 1), "delegation-not-signed"),
      bad("B4", "signed as a warning", await make({}, 2, "warning"), "delegation-not-signed"),
      bad("D1", "a bit of the body turned", turned(plain.bytes, 90), "delegation-not-signed"),
      bad(
        "D2",
        "an officer's key as a duty's too",
        await make({ duties: [plain.officers[0] as never] }),
        "malformed-delegation",
      ),
      bad("D2", "week 0", await make({ week: 0 as never }), "malformed-delegation"),
      bad("D1", "another organisation's", delegationAt(other, SAMPLE_NOW).bytes, "wrong-organisation"),
    ],
  }
}

async function revocations(organisation: Organisation): Promise<VectorFile> {
  const { chain, amina, boris, vera, duties, signers } = organisation
  const keys = [duties[0].publicKey]
  const good = await revocationBytes(organisation, keys, [amina, boris])
  const bySigners = await revocationBytes(
    organisation,
    [amina.publicKey, boris.publicKey],
    signers.slice(0, 2),
  )
  const one = (rule: string, what: string, bytes: readonly Uint8Array[], expect: Vector["expect"] | string) =>
    vector(rule, what, { revocations: bytes.map(toHex) }, expect)
  const lastWeek = plusSeconds(SAMPLE_NOW, -2 * WEEK_SECONDS + WEEK_SECONDS)
  return {
    what: "Revocations, and whose keys are taken back by all of them together (§5).",
    shared: { chain: toHex(chain.bytes), delegations: [toHex(delegationAt(organisation, SAMPLE_NOW).bytes)] },
    vectors: [
      one("V2", "two officers take a duty back", [good], { revoked: keys.map(toHex) }),
      one("V1", "charter signers take two officers back", [bySigners], {
        revoked: [amina, boris].map((key) => toHex(key.publicKey)).sort(),
      }),
      one(
        "V4",
        "charter signers take back the officers who did: the duty is a duty again",
        [good, bySigners],
        {
          revoked: [amina, boris].map((key) => toHex(key.publicKey)).sort(),
        },
      ),
      one(
        "V2",
        "one officer alone",
        [await revocationBytes(organisation, keys, [amina])],
        "revocation-not-signed",
      ),
      one(
        "V2",
        "an officer against herself",
        [await revocationBytes(organisation, [vera.publicKey], [amina, vera])],
        "revocation-not-signed",
      ),
      one(
        "V1",
        "one charter signer alone",
        [await revocationBytes(organisation, keys, signers.slice(0, 1))],
        "revocation-not-signed",
      ),
      one(
        "V2",
        "officers of a week whose delegation is not given",
        [await revocationBytes(organisation, keys, [amina, boris], lastWeek)],
        "revocation-not-signed",
      ),
      one("B1", "a byte too few", [good.slice(0, -1)], "malformed-revocation"),
    ],
  }
}

async function warnings(organisation: Organisation, other: Organisation): Promise<VectorFile> {
  const { chain, amina, boris, signers } = organisation
  const signed = (
    core: WarningCore,
    keys: Parameters<typeof signedBy>[2],
    texts: SignedWarning["texts"] = [],
  ) => signedBy(organisation, core, keys, texts)
  const approved = approvedCore(organisation)
  const free = freeCore(organisation)
  const freeSigned = await signed(free, [amina, boris], sampleTexts)
  const approvedSigned = await signed(approved, [amina])
  const good = async (rule: string, what: string, warning: SignedWarning) => {
    const { hash, texts, signatures } = await verified(organisation, warning)
    return vector(
      rule,
      what,
      { warning: toHex(encodeWarning(warning)) },
      { hash: toHex(hash), signatures, texts },
    )
  }
  const bad = (rule: string, what: string, warning: SignedWarning | Uint8Array, error: string, more = {}) =>
    vector(
      rule,
      what,
      { warning: toHex(warning instanceof Uint8Array ? warning : encodeWarning(warning)), ...more },
      error,
    )
  const against = (rule: string, what: string, warning: SignedWarning) =>
    vector(rule, what, { warning: toHex(encodeWarning(warning)) }, { error: "against-rule", rule })
  const stolen = await signBody("warning", encodeWarningCore(free), amina)
  const [english, russian] = sampleTexts as [(typeof sampleTexts)[0], (typeof sampleTexts)[0]]
  const revocation = await revocationBytes(organisation, [amina.publicKey], signers.slice(0, 2))
  const nextWeek = delegationAt(organisation, plusSeconds(SAMPLE_NOW, WEEK_SECONDS))
  const otherWeek = { ...approved, delegationHash: nextWeek.hash }
  const otherWeekBody = encodeWarningCore(otherWeek)
  const allClear = freeCore(organisation, sampleTexts, {
    kind: "all-clear",
    sequence: 2,
    supersedes: (await verified(organisation, approvedSigned)).hash,
  })
  return {
    what: "A warning under chain, delegations and revocations (§6).",
    shared: {
      chain: toHex(chain.bytes),
      delegations: [delegationAt(organisation, SAMPLE_NOW), nextWeek].map(({ bytes }) => toHex(bytes)),
      revocations: [],
    },
    vectors: [
      await good("W3", "an approved wording by one officer", approvedSigned),
      await good("W3", "a free text by two officers", freeSigned),
      await good(
        "W3",
        "an all-clear by two charter signers",
        await signed(allClear, signers.slice(0, 2) as never, sampleTexts),
      ),
      bad("W3", "a free text by one officer", await signed(free, [amina], sampleTexts), "too-few-signatures"),
      bad(
        "W3",
        "an all-clear by one charter signer",
        await signed(allClear, signers.slice(0, 1) as never, sampleTexts),
        "too-few-signatures",
      ),
      bad(
        "W3",
        "the same officer in two places",
        { ...freeSigned, signatures: [0, 1].map((index) => ({ index, signature: stolen })) },
        "bad-signature",
      ),
      bad(
        "B5",
        "the same officer twice in one place",
        { ...freeSigned, signatures: [0, 0].map((index) => ({ index, signature: stolen })) },
        "malformed-warning",
      ),
      bad(
        "W4",
        "an officer of this week under next week's delegation",
        {
          body: otherWeekBody,
          signatures: [{ index: 0, signature: await signBody("warning", otherWeekBody, amina) }],
          texts: [],
        },
        "unknown-authority",
      ),
      bad(
        "W2",
        "an altered text",
        { ...freeSigned, texts: [{ ...english, instruction: "Go there." }, russian] },
        "altered-text",
      ),
      bad("W2", "no text at all", { ...freeSigned, texts: [] }, "altered-text"),
      bad(
        "B5",
        "a bit of the core turned",
        { ...approvedSigned, body: turned(approvedSigned.body, 130) },
        "bad-signature",
      ),
      bad("V3", "an officer taken back", approvedSigned, "revoked", { revocations: [toHex(revocation)] }),
      bad(
        "W4",
        "another organisation's",
        await signedBy(other, approvedCore(other), [other.amina]),
        "unknown-organisation",
      ),
      against(
        "W5",
        "two weeks and a second",
        await signed(
          { ...free, expires: plusSeconds(SAMPLE_NOW, 14 * DAY_SECONDS + 1) },
          [amina, boris],
          sampleTexts,
        ),
      ),
      against(
        "W6",
        "an approved wording with a lower severity",
        await signed({ ...approved, severity: "Minor" }, [amina]),
      ),
      against(
        "W6",
        "an approved wording for longer than its hours",
        await signed({ ...approved, expires: plusSeconds(SAMPLE_NOW, 169 * HOUR_SECONDS) }, [amina]),
      ),
      against(
        "W7",
        "a danger that says AllClear",
        await signed({ ...free, responses: ["AllClear"] }, [amina, boris], sampleTexts),
      ),
    ],
  }
}

async function standing(organisation: Organisation): Promise<VectorFile> {
  const { chain, amina, boris, signers } = organisation
  const approved = await verified(
    organisation,
    await signedBy(organisation, approvedCore(organisation), [amina]),
  )
  const free = await verified(
    organisation,
    await signedBy(
      organisation,
      freeCore(organisation, sampleTexts, { severity: "Extreme" }),
      [amina, boris],
      sampleTexts,
    ),
  )
  const next = (before: Warning, at = plusSeconds(SAMPLE_NOW, HOUR_SECONDS)) => ({
    id: before.core.id,
    sequence: before.core.sequence + 1,
    supersedes: before.hash,
    signedAt: at,
    effective: at,
    expires: before.core.expires,
  })
  const update = async (before: Warning, change: Partial<WarningCore>, keys = [amina]) =>
    await signedBy(organisation, approvedCore(organisation, { ...next(before), ...change } as never), keys)
  const withdrawal = await signedBy(
    organisation,
    { ...approved.core, ...next(approved), content: { kind: "withdrawal" } },
    [amina, boris],
  )
  const clear = async (kind: "all-clear-proposal" | "all-clear", before: Warning, at: Instant, change = {}) =>
    await verified(
      organisation,
      await signedBy(
        organisation,
        freeCore(organisation, sampleTexts, {
          kind,
          ...next(before, at),
          expires: plusSeconds(at, 5 * DAY_SECONDS),
          ...change,
        }),
        signers.slice(0, 2) as never,
        sampleTexts,
      ),
    )
  const proposal = await clear("all-clear-proposal", approved, SAMPLE_NOW)
  const day = plusSeconds(SAMPLE_NOW, DAY_SECONDS)
  const allClear = await clear("all-clear", proposal, day)
  const tooEarly = await clear("all-clear", proposal, plusSeconds(day, -1))
  const wider = await clear("all-clear", proposal, day, { areas: [1] })
  const veto = await vetoBy(organisation, proposal, 2)
  const hex = (...all: readonly SignedWarning[]) => all.map((warning) => toHex(encodeWarning(warning)))
  const one = (
    rule: string,
    what: string,
    given: readonly string[],
    states: readonly string[],
    vetoes: readonly Uint8Array[] = [],
  ) => vector(rule, what, { warnings: given, vetoes: vetoes.map(toHex) }, { states })
  return {
    what: "What becomes of each danger among several warnings, in the order given (§7).",
    shared: {
      chain: toHex(chain.bytes),
      delegations: [toHex(delegationAt(organisation, SAMPLE_NOW).bytes)],
    },
    vectors: [
      one(
        "W8",
        "the same wording for a larger area",
        hex(approved.signed, await update(approved, { areas: [2, 3] })),
        ["superseded", "stands"],
      ),
      one(
        "W8",
        "for a smaller area: both stand",
        hex(approved.signed, await update(approved, { areas: [5] })),
        ["stands", "stands"],
      ),
      one(
        "W8",
        "an earlier end: both stand",
        hex(approved.signed, await update(approved, { expires: plusSeconds(approved.core.expires, -1) })),
        ["stands", "stands"],
      ),
      one("W8", "one officer does not replace a free text", hex(free.signed, await update(free, {})), [
        "stands",
        "stands",
      ]),
      one("W8", "two officers do", hex(free.signed, await update(free, {}, [amina, boris])), [
        "superseded",
        "stands",
      ]),
      one("W10", "withdrawn", hex(approved.signed, withdrawal), ["withdrawn"]),
      one("W9", "a proposal and its confirmation", hex(approved.signed, proposal.signed, allClear.signed), [
        "cleared",
      ]),
      one("W9", "a proposal alone", hex(approved.signed, proposal.signed), ["stands"]),
      one("W9", "confirmed a second too early", hex(approved.signed, proposal.signed, tooEarly.signed), [
        "stands",
      ]),
      one("W9", "confirmed for another area", hex(approved.signed, proposal.signed, wider.signed), [
        "stands",
      ]),
      one("W9", "vetoed", hex(approved.signed, proposal.signed, allClear.signed), ["stands"], [veto.bytes]),
      one(
        "W10",
        "withdrawn and cleared: withdrawn is said",
        hex(approved.signed, proposal.signed, allClear.signed, withdrawal),
        ["withdrawn"],
      ),
    ],
  }
}

async function editions(organisation: Organisation): Promise<VectorFile> {
  const { chain, amina, boris, signers, duties } = organisation
  const approved = await verified(
    organisation,
    await signedBy(organisation, approvedCore(organisation), [amina]),
  )
  const free = await verified(
    organisation,
    await signedBy(organisation, freeCore(organisation), [amina, boris], sampleTexts),
  )
  const ahead = await verified(
    organisation,
    await signedBy(
      organisation,
      approvedCore(organisation, { signedAt: plusSeconds(SAMPLE_NOW, SKEW_SECONDS + 1) }),
      [amina],
    ),
  )
  const byOfficers = await revocationBytes(organisation, [duties[0].publicKey], [amina, boris])
  const bySigners = await revocationBytes(organisation, [boris.publicKey], signers.slice(0, 2))
  type Options = Parameters<typeof signEdition>[1]
  const one = async (
    rule: string,
    what: string,
    options: Options,
    expect: Vector["expect"] | string,
    alter = (header: Uint8Array) => header,
  ) => {
    const { header, bulletinBytes } = await signEdition(organisation, options)
    return vector(rule, what, { header: toHex(alter(header)), bulletin: toHex(bulletinBytes) }, expect)
  }
  const bulletin = (
    change: (given: UnverifiedBulletin) => Partial<UnverifiedBulletin>,
    warnings = [approved, free],
  ): Options => ({
    warnings,
    changeBulletin: (given) => ({ ...given, ...change(given) }),
  })
  const good = (attendance: string, shown: readonly Warning[], setAside: readonly Warning[] = []) => ({
    attendance,
    warnings: shown.map(({ hash }) => toHex(hash)),
    setAside: setAside.map(({ hash }) => toHex(hash)),
  })
  const vouched = [{ hash: free.hash, until: free.core.expires }]
  return {
    what: "An edition: header and bulletin, under a pinned organisation id (§8–§11).",
    shared: { pinned: toHex(chain.organisationId) },
    vectors: [
      await one(
        "E1",
        "two warnings, attended",
        { warnings: [approved, free] },
        good("attended", [approved, free]),
      ),
      await one("R1", "no receipt", { warnings: [approved], vouched: null }, good("unattended", [approved])),
      await one(
        "R2",
        "a warning left out that an officer vouches for",
        { warnings: [approved], vouched },
        good("something-left-out", [approved]),
      ),
      await one(
        "R3",
        "a receipt of tomorrow",
        { warnings: [approved], receiptTime: plusSeconds(SAMPLE_NOW, DAY_SECONDS) },
        good("unattended", [approved]),
      ),
      await one(
        "E7",
        "a warning signed ahead",
        { warnings: [approved, ahead] },
        good("attended", [approved], [ahead]),
      ),
      await one(
        "N3",
        "a warning of an officer taken back",
        bulletin(() => ({ revocations: [bySigners] })),
        good("attended", [approved], [free]),
      ),
      await one("E1", "a bit of the padding turned", {}, "malformed-edition", (header) =>
        turned(header, 4000),
      ),
      await one("E3", "a bit of the signature turned", {}, "bad-signature", (header) => turned(header, -1)),
      await one("E3", "signed by an officer", { dutyKey: amina as never }, "bad-signature"),
      await one("E3", "the other duty's place", { duty: 0, dutyKey: duties[1] }, "bad-signature"),
      await one(
        "E4",
        "a duty taken back, known from the bulletin",
        bulletin(() => ({ revocations: [byOfficers] })),
        "duty-revoked",
      ),
      await one(
        "E5",
        "a header over another bulletin",
        { changeHeader: (header) => ({ ...header, bulletinHash: new Uint8Array(32) }) },
        "bulletin-mismatch",
      ),
      await one(
        "E6",
        "a revocation in the header alone",
        { changeHeader: (header) => ({ ...header, revocations: [bySigners] }) },
        "bulletin-mismatch",
      ),
      await one(
        "E2",
        "half an hour and a second",
        { changeHeader: (header) => ({ ...header, expires: plusSeconds(SAMPLE_NOW, 1801) }) },
        "malformed-edition",
      ),
      await one(
        "N1",
        "a free text with one signature",
        bulletin(() => ({ warnings: [{ ...free.signed, signatures: free.signed.signatures.slice(0, 1) }] })),
        "too-few-signatures",
      ),
      await one(
        "N2",
        "a free text without its Russian",
        bulletin(() => ({ warnings: [{ ...free.signed, texts: free.signed.texts.slice(0, 1) }] })),
        "altered-text",
      ),
      await one(
        "N1",
        "without the delegation of its officers",
        bulletin(() => ({ delegations: [] })),
        "unknown-authority",
      ),
      await one(
        "B5",
        "one core twice",
        bulletin(() => ({ warnings: [approved.signed, { ...approved.signed, signatures: [] }] })),
        "malformed-bulletin",
      ),
    ],
  }
}

async function terms(organisation: Organisation): Promise<VectorFile> {
  const { duties, relayA, charter } = organisation
  const [duty, otherDuty] = duties
  const request = await signTermRequest(duty, 6)
  const grant = await signTermGrant(7, duty.publicKey, relayA)
  const swapped = request.slice()
  swapped.set(otherDuty.publicKey)
  const granted = { term: 7, duty: toHex(duty.publicKey) }
  return {
    what: "Requests for a term and grants of it (§13).",
    shared: { termKey: toHex(charter.relays[0].termKey) },
    vectors: [
      vector("P2", "a request", { request: toHex(request) }, { expected: 6, duty: toHex(duty.publicKey) }),
      vector("P2", "a request under another duty's key", { request: toHex(swapped) }, "not-signed"),
      vector("P2", "a grant", { grant: toHex(grant) }, granted),
      vector(
        "P2",
        "a grant by a duty",
        { grant: toHex(await signTermGrant(7, duty.publicKey, duty as never)) },
        "not-signed",
      ),
      vector("P2", "a grant with a bit turned", { grant: toHex(turned(grant, 3)) }, "not-signed"),
    ],
  }
}

async function forwards(organisation: Organisation, other: Organisation): Promise<VectorFile> {
  const { chain, amina, boris, signers } = organisation
  const known = [delegationAt(organisation, SAMPLE_NOW)]
  const approved = await verified(
    organisation,
    await signedBy(organisation, approvedCore(organisation), [amina]),
  )
  const free = await verified(
    organisation,
    await signedBy(organisation, freeCore(organisation), [amina, boris], sampleTexts),
  )
  const foreign = await verified(other, await signedBy(other, approvedCore(other), [other.amina]))
  const block = must(textBlock(free, "ru", chain, known))
  const qr = toQrText(makePayload(approved, "ru", known))
  const revocation = await revocationBytes(organisation, [amina.publicKey], signers.slice(0, 2))
  const one = (rule: string, what: string, text: string, expect: Vector["expect"], more = {}) =>
    vector(rule, what, { text, now: SAMPLE_NOW, revocations: [], ...more }, expect)
  const genuine = { kind: "genuine", compared: true, scheduled: false }
  const changed = (how: string) => ({ kind: "changed", how })
  const unknown = (why: string) => ({ kind: "unknown", why })
  return {
    what: "Text as it was pasted or scanned, checked at a time by a page that has the charter and, perhaps, revocations (§14).",
    shared: { chain: toHex(chain.bytes) },
    vectors: [
      one("F1", "a text block", block, genuine),
      one("F1", "in English", must(textBlock(approved, "en", chain, known)), genuine),
      one("F4", "quoted", block.replace(/^/gm, "> "), genuine),
      one("F4", "all in one line", block.replaceAll("\n", " "), genuine),
      one("F4", "CR LF and spaces at line ends", block.replaceAll("\n", " \r\n"), genuine),
      one("F1", "the code alone", toCodeLines(makePayload(free, "ru", known)), {
        ...genuine,
        compared: false,
      }),
      one("F5", "a QR code", qr, { ...genuine, compared: false }),
      one("F5", "words beside a QR code", `Отбой! ${qr}`, changed("words")),
      one("F1", "one letter changed", block.replace("незнакомых", "знакомых"), changed("words")),
      one(
        "F1",
        "a Latin letter for a Cyrillic one",
        block.replace("Не отвечайте", "Нe отвечайте"),
        changed("words"),
      ),
      one("F1", "words added", `Ложная тревога!\n\n${block}`, changed("added")),
      one(
        "F2",
        "a letter of the code changed",
        block.replace(/[a-z](?=\n\]KUNAK1)/, (letter) => (letter === "a" ? "b" : "a")),
        changed("code"),
      ),
      one("F2", "a line of the code lost", block.replace(/(?<=KUNAK1\[\n).*\n/, ""), changed("code")),
      one("F6", "at its end", block, { kind: "expired", compared: true }, { now: free.core.expires }),
      one("F6", "a second before it", block, genuine, { now: free.core.expires - 1 }),
      one(
        "F3",
        "another organisation's",
        toCodeLines(makePayload(foreign, "ru", other.delegations)),
        unknown("other-organisation"),
      ),
      one("F3", "no code", "Уезжайте!", unknown("no-code")),
      one("F7", "an officer taken back", block, unknown("key-revoked"), { revocations: [toHex(revocation)] }),
      one(
        "W3",
        "a signature taken off",
        toCodeLines({
          ...makePayload(free, "ru", known),
          warning: {
            ...free.signed,
            texts: free.signed.texts.filter(({ language }) => language === "ru"),
            signatures: free.signed.signatures.slice(0, 1),
          },
        }),
        unknown("newer-or-forged"),
      ),
    ],
  }
}

async function logCells(organisation: Organisation): Promise<VectorFile> {
  const { organisationId } = organisation.chain
  const random = seededRandom("kunak vectors, log")
  const keys = { staff: new Secret(random(32)), line: new Secret(random(32)) }
  const { body } = await signedBy(organisation, approvedCore(organisation), [])
  const entry = encodeEntry({
    kind: "lease",
    duty: organisation.duties[0].publicKey,
    term: 4,
    until: plusSeconds(SAMPLE_NOW, 600),
  })
  const seal = async (
    bytes: Uint8Array,
    position: number,
    previousHash: Uint8Array,
    compartment: Compartment,
  ) => {
    const [part] = splitEntry(bytes, random)
    if (!part) throw new RangeError("an entry has a part")
    return await sealCell(
      part,
      { organisationId, position, previousHash },
      compartment,
      keys[compartment],
      random,
    )
  }
  const zeros = new Uint8Array(32)
  const first = await seal(entry, 0, zeros, "line")
  const second = await seal(
    encodeEntry({ kind: "draft-discarded", draftId: body.slice(105, 121) }),
    1,
    hashCell(first),
    "staff",
  )
  const at = (cell: Uint8Array, position: number, previousHash: Uint8Array) => ({
    cell: toHex(cell),
    position,
    previousHash: toHex(previousHash),
  })
  return {
    what: "Cells of the staff log at their places, opened with both keys (§15).",
    shared: {
      organisationId: toHex(organisationId),
      staffKey: toHex(reveal(keys.staff)),
      lineKey: toHex(reveal(keys.line)),
    },
    vectors: [
      vector("L1", "a lease at the beginning", at(first, 0, zeros), {
        compartment: "line",
        entry: toHex(entry),
      }),
      vector("L1", "a draft discarded after it", at(second, 1, hashCell(first)), {
        compartment: "staff",
        entry: toHex(encodeEntry({ kind: "draft-discarded", draftId: body.slice(105, 121) })),
      }),
      vector("L2", "at another position", at(first, 1, zeros), "cannot-open"),
      vector("L2", "after another cell", at(second, 1, zeros), "cannot-open"),
      vector("L2", "a bit turned", at(turned(first, 2000), 0, zeros), "cannot-open"),
      vector("L1", "a byte too few", at(first.slice(1), 0, zeros), "cannot-open"),
    ],
  }
}

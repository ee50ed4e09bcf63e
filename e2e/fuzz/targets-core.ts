/** Every decoder and verifier of core: what it takes it gives back byte for byte, what it refuses it refuses without a word thrown. */

import { fromBase32, toBase32 } from "@kunak/core/bytes/base32"
import { fromBase45, toBase45 } from "@kunak/core/bytes/base45"
import { fromBase64, toBase64 } from "@kunak/core/bytes/base64"
import { equalBytes } from "@kunak/core/bytes/equal"
import { fromHex, toHex } from "@kunak/core/bytes/hex"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { verifyDelegation } from "@kunak/core/delegation/delegation"
import { verifyBulletin } from "@kunak/core/edition/bulletin"
import { signTermGrant, signTermRequest, verifyTermGrant, verifyTermRequest } from "@kunak/core/edition/term"
import { verifyEdition } from "@kunak/core/edition/verify"
import { decodeEnrolment, encodeEnrolment } from "@kunak/core/enrolment/enrolment"
import { openEnvelope, parseEnvelope, sealEnvelope } from "@kunak/core/envelope/envelope"
import type { Letter } from "@kunak/core/envelope/letter"
import { checkForward } from "@kunak/core/forward/check"
import { encodePayload, makePayload } from "@kunak/core/forward/payload"
import { textBlock } from "@kunak/core/forward/text-block"
import { signIntakeKey, verifyIntakeKey, windowOf } from "@kunak/core/intake/intake-key"
import { signReceiveKeys, verifyReceiveKeys } from "@kunak/core/intake/receive-keys"
import { decodeNote, encodeNote } from "@kunak/core/log/note"
import { readPhrase } from "@kunak/core/phrase/read"
import { verifyReceipt } from "@kunak/core/receipt/receipt"
import { must } from "@kunak/core/result"
import { verifyRevocation } from "@kunak/core/revocation/revocation"
import { Secret } from "@kunak/core/secret"
import { kemOpener, makeKemKey, sha256 } from "@kunak/core/suite"
import { allDecoders } from "@kunak/core/testing/decoders"
import {
  approvedWarning,
  delegationAt,
  freeWarning,
  makeEdition,
  makeOrganisation,
  revocationBy,
  SAMPLE_NOW,
  vetoBy,
} from "@kunak/core/testing/organisation"
import { isPlainText, toPlainText } from "@kunak/core/text/plain-text"
import { decodeScsu, encodeScsu } from "@kunak/core/text/scsu"
import type { ThreadId, WeekKey } from "@kunak/core/thread/keys"
import { decodeTickAnswer, encodeTickAnswer, tickAnswerBytes } from "@kunak/core/tick/codec"
import { weekOf } from "@kunak/core/time/instant"
import { decodeWarning, encodeWarning } from "@kunak/core/warning/codec"
import { verifyWarning } from "@kunak/core/warning/verify"
import { verifyVeto } from "@kunak/core/warning/veto"
import { type Group, mustHold, type Target } from "./target.ts"

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** A payload's checksum would refuse every bent one before anything else is read: it is made to fit again. */
const refit = (bytes: Uint8Array): Uint8Array => {
  const body = bytes.slice(0, Math.max(0, bytes.length - 4))
  return Uint8Array.of(...body, ...sha256(body).slice(0, 4))
}

export async function coreGroup(): Promise<Group> {
  const organisation = await makeOrganisation()
  const { amina, boris, vera, chain, delegations, duties, random } = organisation
  const week = delegationAt(organisation, SAMPLE_NOW)
  const targets: Target[] = []
  const add = (
    name: string,
    form: Target["form"],
    samples: readonly Uint8Array[],
    take: Target["take"],
    weight = 1,
  ): void => {
    targets.push({ name, form, samples, take, weight })
  }

  for (const { name, sample, again } of await allDecoders(organisation))
    add(`decode ${name}`, "bytes", [sample], (input) => {
      const bytes = name === "payload" && input.length > 4 ? refit(input) : input
      const encoded = again(bytes)
      if (encoded) mustHold(equalBytes(encoded, bytes), "it was taken and has another form")
    })

  const letter: Letter = {
    edition: { term: 1, number: 1 },
    threadId: random(16) as ThreadId,
    week: weekOf(SAMPLE_NOW),
    weekKeys: [0, 1, 2].map(() => new Secret(random(32)) as WeekKey),
    read: [16, 32],
    message: { id: random(8), text: "Help, помогите" },
  }
  const officer = amina.publicKey
  const note = { threadId: letter.threadId, officer }
  add(
    "decode note",
    "bytes",
    [
      encodeNote({ kind: "letters", letters: [{ relay: "A", position: 7, letter }] }),
      encodeNote({
        kind: "reply",
        ...note,
        replyId: random(8),
        written: SAMPLE_NOW,
        expires: SAMPLE_NOW,
        sequences: [1, 2],
        text: "Мы здесь",
      }),
      encodeNote({ kind: "fact", ...note, time: SAMPLE_NOW, field: "note", value: utf8("tall") }),
    ],
    (input) => {
      const decoded = decodeNote(input)
      if (decoded) mustHold(equalBytes(encodeNote(decoded), input), "a note of another form")
    },
  )
  add(
    "decode tick answer",
    "bytes",
    [encodeTickAnswer({ hasRoom: true, rows: [random(1_312), random(1_312)], header: null })],
    (input) => {
      for (const wantsHeader of [true, false]) {
        const answer = decodeTickAnswer(input, 9, wantsHeader)
        if (answer) mustHold(input.length === tickAnswerBytes(9, wantsHeader), "an answer of another size")
      }
    },
  )
  add(
    "decode SCSU",
    "bytes",
    [utf8("Help"), encodeScsu("Помогите, 帮助 مساعدة ñ — 😀") ?? new Uint8Array()],
    (input) => {
      const decoded = decodeScsu(input)
      if (decoded !== null)
        mustHold(equalBytes(encodeScsu(decoded) ?? new Uint8Array(), input), "a second form")
    },
  )
  add("plain text", "text", [utf8("Не ездите через Аргун: пост.\nWhy?")], (input) => {
    const plain = toPlainText(text(input))
    mustHold(isPlainText(plain), "made plain, and is not")
  })
  for (const [name, from, to] of [
    ["base32", fromBase32, toBase32],
    ["base45", fromBase45, toBase45],
    ["base64", fromBase64, toBase64],
    ["hexadecimal", fromHex, toHex],
  ] as const)
    add(`decode ${name}`, "text", [utf8(to(random(40))), utf8(to(random(3)))], (input) => {
      const letters = text(input)
      const bytes = from(letters)
      if (bytes) mustHold(to(bytes).toLowerCase() === letters.toLowerCase(), "a second form")
    })
  const enrolment = encodeEnrolment({
    role: "duty",
    label: "duty 1",
    charterChain: chain.bytes,
    delegations: delegations.slice(0, 1).map(({ bytes }) => bytes),
    seed: new Secret(random(32)),
    staffKey: null,
    lineKey: new Secret(random(32)),
    relays: [
      {
        read: new Secret(random(32)),
        append: new Secret(random(32)),
        acknowledge: null,
        publish: new Secret(random(32)),
      },
      {
        read: new Secret(random(32)),
        append: new Secret(random(32)),
        acknowledge: null,
        publish: new Secret(random(32)),
      },
    ],
  })
  add("decode enrolment", "json", [utf8(enrolment)], (input) => {
    const decoded = decodeEnrolment(text(input))
    if (decoded.ok) mustHold(decodeEnrolment(encodeEnrolment(decoded.value)).ok, "taken once and not again")
  })
  for (const language of ["ru", "en"] as const)
    add(
      `read phrase ${language}`,
      "text",
      [
        utf8("abandon ability able about above absent absorb abstract absurd abuse"),
        utf8("абзац абонент абрикос"),
      ],
      (input) => {
        readPhrase(language, text(input))
      },
      0.2,
    )

  const approved = await approvedWarning(organisation)
  const free = await freeWarning(organisation)
  const revocations = [await revocationBy(organisation, [vera.publicKey], [amina, boris])]
  const vetoes = [await vetoBy(organisation, free, 1)]
  const authority = { chain, delegations, revocations: [] }
  const { header, bulletinBytes } = await makeEdition(organisation, {
    warnings: [approved, free],
    revocations,
    vetoes,
  })
  const { publicKey, seed } = await makeKemKey(random)
  const intakeBytes = await signIntakeKey(publicKey, windowOf(SAMPLE_NOW), amina, week)
  const intake = must(await verifyIntakeKey(intakeBytes, delegations, []))

  /** Only what was signed verifies: a bent one does not, unless it is the sound one again. */
  const signed = (
    name: string,
    samples: readonly Uint8Array[],
    verify: (input: Uint8Array) => Promise<boolean>,
    weight = 0.05,
  ): void =>
    add(
      `verify ${name}`,
      "bytes",
      samples,
      async (input) => {
        const holds = await verify(input)
        const isSound = samples.some((sample) => equalBytes(sample, input))
        mustHold(holds === isSound, holds ? "a bent one verifies" : "a sound one does not verify")
      },
      weight,
    )

  signed("charter chain", [chain.bytes], async (input) => (await verifyCharterChain(input, null)).ok)
  signed("delegation", [week.bytes], async (input) => (await verifyDelegation(input, chain)).ok)
  signed(
    "revocation",
    revocations.map(({ bytes }) => bytes),
    async (input) => (await verifyRevocation(input, chain, delegations)).ok,
  )
  signed(
    "veto",
    vetoes.map(({ bytes }) => bytes),
    async (input) => (await verifyVeto(input, chain)).ok,
  )
  signed("bulletin", [bulletinBytes], async (input) => (await verifyEdition(header, input, null)).ok)
  add(
    "verify bulletin's form",
    "bytes",
    [bulletinBytes],
    async (input) => {
      await verifyBulletin(input, null)
    },
    0.05,
  )
  signed("header", [header], async (input) => (await verifyEdition(input, bulletinBytes, null)).ok)
  signed("intake key", [intakeBytes], async (input) => (await verifyIntakeKey(input, delegations, [])).ok)
  signed(
    "receive keys",
    [await signReceiveKeys([{ window: windowOf(SAMPLE_NOW), publicKey }], amina)],
    async (input) => (await verifyReceiveKeys(input, delegations, [])) !== null,
  )
  signed(
    "term request",
    [await signTermRequest(duties[0], 3)],
    async (input) => (await verifyTermRequest(input)) !== null,
  )
  const relayA = organisation.relayA
  signed(
    "term grant",
    [await signTermGrant(3, duties[0].publicKey, relayA)],
    async (input) => (await verifyTermGrant(input, relayA.publicKey)) !== null,
  )
  signed("envelope", [await sealEnvelope(intake, chain.organisationId, letter)], async (input) => {
    const envelope = parseEnvelope(input)
    return (
      envelope !== null &&
      (await openEnvelope(envelope, await kemOpener(seed), chain.organisationId)) !== null
    )
  })
  add(
    "verify warning",
    "bytes",
    [encodeWarning(approved.signed), encodeWarning(free.signed)],
    async (input) => {
      const decoded = decodeWarning(input)
      if (decoded) await verifyWarning(decoded, authority)
    },
    0.1,
  )
  add(
    "verify receipt",
    "bytes",
    [(await makeEdition(organisation, {})).header.slice(0, 174)],
    async (input) => {
      await verifyReceipt(input, delegations, [])
    },
    0.1,
  )

  const known = { chain, delegations, revocations: [], warnings: [approved, free], vetoes: [] }
  const payload = makePayload(free, "ru", delegations)
  const block = must(textBlock(free, "ru", chain, delegations))
  add(
    "check forward",
    "text",
    [utf8(block), encodePayload(payload)].map((sample) => sample.slice()),
    async (input) => {
      const outcome = await checkForward(text(input), known, SAMPLE_NOW)
      if (outcome.kind === "genuine" && outcome.compared)
        mustHold(text(input).includes(outcome.genuine.text.headline.slice(0, 5)), "genuine without its words")
    },
    0.2,
  )
  return { targets, close: async () => {} }
}

import { expect, test } from "vitest"
import { toBase32 } from "../bytes/base32.ts"
import { verifyCharterChain } from "../charter/verify.ts"
import { MAX_QR_BYTES, MAX_TEXT_BLOCK } from "../parameters.ts"
import { must } from "../result.ts"
import {
  approvedCore,
  approvedWarning,
  extendChain,
  freeCore,
  freeWarning,
  makeOrganisation,
  revocationBy,
  SAMPLE_NOW,
  sampleTexts,
  signedBy,
  verified,
  vetoBy,
} from "../testing/organisation.ts"
import { DAY_SECONDS, HOUR_SECONDS, type Instant, plusSeconds } from "../time/instant.ts"
import { encodeWarningCore } from "../warning/codec.ts"
import type { Warning } from "../warning/warning.ts"
import { type CheckerKnowledge, checkForward } from "./check.ts"
import { decodePayload, encodePayload, makePayload, toCodeLines, toQrText } from "./payload.ts"
import { readableText, textBlock } from "./text-block.ts"
import { frameWords } from "./words.ts"

const organisation = await makeOrganisation()
const { chain, charter, delegations, amina, boris, signers } = organisation
const [signer1, signer2] = signers as [(typeof signers)[0], (typeof signers)[0]]
/** A page that has nothing but its charter: a saved copy from before the warning. */
const known: CheckerKnowledge = { chain, delegations: [], revocations: [], warnings: [], vetoes: [] }
const approved = await approvedWarning(organisation)
const free = await freeWarning(organisation)
const block = (warning: Warning, language = "ru") => must(textBlock(warning, language, chain, delegations))

async function verdict(text: string, knowledge = known, now: Instant = SAMPLE_NOW) {
  const outcome = await checkForward(text, knowledge, now)
  if (outcome.kind === "changed") return `changed ${outcome.how}`
  return outcome.kind === "unknown" ? `unknown ${outcome.why}` : outcome.kind
}

test("[F1] a text block is genuine as it is, offline, in both languages, and says its words again", async () => {
  for (const warning of [approved, free]) {
    for (const language of ["ru", "en"]) {
      const outcome = await checkForward(block(warning, language), known, SAMPLE_NOW)
      expect(outcome).toMatchObject({ kind: "genuine", compared: true, scheduled: false })
      expect(
        outcome.kind === "genuine" && block(warning, language).startsWith(outcome.genuine.readable),
      ).toBe(true)
    }
  }
})

test("[F1] any one letter of the words changed, dropped or added: changed", { timeout: 20_000 }, async () => {
  const text = block(free)
  const words = text.slice(0, text.indexOf("KUNAK1["))
  let tried = 0
  for (let i = 0; i < words.length; i++) {
    if (/\s/.test(words[i] ?? "")) continue
    const letter = ["", "Ж", `${words[i]}${words[i]}`][i % 3] ?? ""
    const altered = text.slice(0, i) + letter + text.slice(i + 1)
    expect(await verdict(altered), `${i}: ${JSON.stringify(letter)}`).toMatch(/^changed/)
    tried++
  }
  expect(tried).toBeGreaterThan(300)
})

test("[F2] any one letter of the code changed, dropped or doubled: changed, never another warning", {
  timeout: 20_000,
}, async () => {
  const text = block(approved)
  const start = text.indexOf("KUNAK1[")
  for (let i = start; i < text.length; i++) {
    const letter = text[i] ?? ""
    if (letter === "\n") continue
    const other = letter === "x" ? "y" : "x"
    for (const altered of [other, "", letter + letter]) {
      const outcome = await verdict(text.slice(0, i) + altered + text.slice(i + 1))
      // The marks themselves gone: words without a code.
      expect(outcome, `${i} ${letter} ${altered}`).toMatch(/^changed|^unknown no-code/)
    }
  }
})

test("[F1] letters that only look alike are another text", async () => {
  const text = block(free, "en")
  expect(await verdict(text.replace("Do not", "Dо not"))).toMatch(/^changed/)
  expect(await verdict(text.replace("Do not", "Do\u200b not"))).toMatch(/^changed/)
  expect(await verdict(text.replace("not go", "\u202eog ton\u202c"))).toMatch(/^changed/)
})

test("[F4] what messengers do to a text leaves it genuine", async () => {
  const text = block(free)
  const forms: Readonly<Record<string, string>> = {
    "lines wrapped": text.replace(/(.{20}) /g, "$1\n"),
    "lines joined": text.replaceAll("\n", " "),
    "spaces at line ends": text.replaceAll("\n", "  \n"),
    "CR LF": text.replaceAll("\n", "\r\n"),
    quoted: text.replace(/^/gm, "> "),
    "quoted twice": text.replace(/^/gm, ">> "),
    "quoted without a space": text.replace(/^/gm, ">"),
    "blank lines before and after": `\n\n  ${text}\n\n `,
    "no-break spaces": text.replaceAll(" ", "\u00a0"),
    decomposed: text.normalize("NFD"),
    "the code in one line": text.replace(/(?<=KUNAK1\[[^\]]*)\n/g, ""),
    "the code in capital letters": text.replace(/KUNAK1\[[^\]]*/, (code) => code.toUpperCase()),
  }
  for (const [what, form] of Object.entries(forms)) expect(await verdict(form), what).toBe("genuine")
})

test("[F1] words added before or after the genuine ones are pointed out", async () => {
  expect(await verdict(`False alarm, come home!\n\n${block(free)}`)).toBe("changed added")
  expect(await verdict(`${block(free)}\nP.S. Call +7 000 000 00 00`)).toBe("changed added")
  expect(await verdict(`Everything is over.\n${toCodeLines(makePayload(free, "ru", delegations))}`)).toBe(
    "changed words",
  )
})

test("[F1] a code alone is genuine, and says that no words were compared", async () => {
  const code = toCodeLines(makePayload(free, "ru", delegations))
  expect(await checkForward(code, known, SAMPLE_NOW)).toMatchObject({ kind: "genuine", compared: false })
})

test("[F5] a scanned QR text is genuine; words pasted beside it are compared", async () => {
  const qr = toQrText(makePayload(approved, "ru", delegations))
  expect(qr).toMatch(/^KUNAK1:[0-9A-Z $%*+\-./:]+$/)
  expect(encodePayload(makePayload(approved, "ru", delegations)).length).toBeLessThanOrEqual(MAX_QR_BYTES)
  expect(await checkForward(qr, known, SAMPLE_NOW)).toMatchObject({ kind: "genuine", compared: false })
  expect(await checkForward(`${qr}\n`, known, SAMPLE_NOW)).toMatchObject({ kind: "genuine", compared: false })
  expect(await verdict(`${qr} `)).toBe("genuine")
  expect(await verdict(`All clear, come home!\n${qr}`)).toBe("changed words")
  expect(await verdict(`${qr}\nвсё спокойно`)).toBe("changed words")
  for (let i = 7; i < qr.length; i += 9) {
    const altered = qr.slice(0, i) + (qr[i] === "A" ? "B" : "A") + qr.slice(i + 1)
    expect(await verdict(altered), `${i}`).toBe("changed code")
  }
})

test("[F6] past its time expired, before its time scheduled", async () => {
  expect(await verdict(block(approved), known, plusSeconds(approved.core.expires, -1))).toBe("genuine")
  expect(await verdict(block(approved), known, approved.core.expires)).toBe("expired")
  const tomorrow = await approvedWarning(organisation, { effective: plusSeconds(SAMPLE_NOW, DAY_SECONDS) })
  expect(await checkForward(block(tomorrow), known, SAMPLE_NOW)).toMatchObject({
    kind: "genuine",
    scheduled: true,
  })
})

test("[F3] another organisation's warning is unknown, and so is a forger's own organisation", async () => {
  const other = await makeOrganisation({ seed: "another organisation" })
  const text = must(textBlock(await freeWarning(other), "ru", other.chain, other.delegations))
  expect(await verdict(text)).toBe("unknown other-organisation")
  expect(await verdict("Уезжайте!")).toBe("unknown no-code")
  expect(await verdict("")).toBe("unknown no-code")
})

test("[F3] under a charter that the checker does not know yet: newer, or forged", async () => {
  const issued = plusSeconds(SAMPLE_NOW, -HOUR_SECONDS)
  const longer = await extendChain(organisation, (all) => ({ ...all, issued }))
  const newer = must(await verifyCharterChain(longer, chain.organisationId))
  const core = { ...approvedCore(organisation), charterHash: newer.current.hash }
  const text = toCodeLines({
    ...makePayload(approved, "ru", delegations),
    warning: await signedBy(organisation, core, [amina]),
  })
  expect(await verdict(text)).toBe("unknown newer-or-forged")
  expect(await verdict(text, { ...known, chain: newer })).toBe("genuine")
})

test("[F3] one officer's free text, and a free text with a signature taken off, are not genuine", async () => {
  const payload = makePayload(free, "ru", delegations)
  const stripped = { ...payload.warning, signatures: payload.warning.signatures.slice(0, 1) }
  expect(await verdict(toCodeLines({ ...payload, warning: stripped }))).toBe("unknown newer-or-forged")
})

test("[V3] a warning of an officer taken back is not genuine where that is known", async () => {
  const revocation = await revocationBy(organisation, [amina.publicKey], [signer1, signer2])
  expect(await verdict(block(approved), { ...known, revocations: [revocation] })).toBe("unknown key-revoked")
})

test("[F7] replaced and withdrawn where the checker knows, genuine where it can't", async () => {
  const ended = {
    id: approved.core.id,
    sequence: 1,
    supersedes: approved.hash,
    signedAt: plusSeconds(SAMPLE_NOW, HOUR_SECONDS),
    effective: plusSeconds(SAMPLE_NOW, HOUR_SECONDS),
    expires: approved.core.expires,
  }
  const update = await verified(
    organisation,
    await signedBy(organisation, approvedCore(organisation, ended), [amina]),
  )
  const withdrawal = await verified(
    organisation,
    await signedBy(organisation, { ...approved.core, ...ended, content: { kind: "withdrawal" } }, [
      amina,
      boris,
    ]),
  )
  const state = async (warnings: readonly Warning[]) => {
    const outcome = await checkForward(
      block(approved),
      { ...known, warnings },
      plusSeconds(SAMPLE_NOW, DAY_SECONDS),
    )
    return outcome.kind === "replaced" ? outcome.state : outcome.kind
  }
  expect([await state([]), await state([update]), await state([withdrawal])]).toEqual([
    "genuine",
    "superseded",
    "withdrawn",
  ])
})

async function allClearOf(before: Warning, signedAt = plusSeconds(SAMPLE_NOW, DAY_SECONDS)) {
  const make = async (kind: "all-clear-proposal" | "all-clear", previous: Warning, at: Instant) =>
    await verified(
      organisation,
      await signedBy(
        organisation,
        freeCore(organisation, sampleTexts, {
          kind,
          id: before.core.id,
          sequence: previous.core.sequence + 1,
          supersedes: previous.hash,
          signedAt: at,
          effective: at,
          expires: plusSeconds(at, 3 * DAY_SECONDS),
        }),
        [signer1, signer2],
        sampleTexts,
      ),
    )
  const proposal = await make("all-clear-proposal", before, SAMPLE_NOW)
  return [proposal, await make("all-clear", proposal, signedAt)] as const
}

test("[W9] an all-clear is forwarded with its proposal, and is nothing without it, too early, or vetoed", async () => {
  const [proposal, allClear] = await allClearOf(approved)
  const text = must(textBlock(allClear, "ru", chain, delegations, proposal))
  const tomorrow = allClear.core.signedAt
  expect(await verdict(text, known, tomorrow)).toBe("genuine")
  expect(await verdict(text, known, SAMPLE_NOW)).toBe("unknown newer-or-forged")
  expect(await verdict(block(allClear), known, tomorrow)).toBe("unknown newer-or-forged")
  expect(await verdict(block(proposal), known, tomorrow)).toBe("unknown newer-or-forged")
  const vetoes = [await vetoBy(organisation, proposal, 2)]
  expect(await verdict(text, { ...known, vetoes }, tomorrow)).toBe("unknown newer-or-forged")
  const [early, tooEarly] = await allClearOf(approved, plusSeconds(SAMPLE_NOW, DAY_SECONDS - 1))
  const forged = must(textBlock(tooEarly, "ru", chain, delegations, early))
  expect(await verdict(forged, known, tomorrow)).toBe("unknown newer-or-forged")
})

test("[F7] an all-clear is overtaken by a later danger for any of its area, and by no other", async () => {
  const [proposal, allClear] = await allClearOf(approved)
  const text = must(textBlock(allClear, "ru", chain, delegations, proposal))
  const after = plusSeconds(allClear.core.signedAt, HOUR_SECONDS)
  const given = async (signedAt: Instant, areas: readonly number[]) =>
    await verdict(
      text,
      { ...known, warnings: [await approvedWarning(organisation, { signedAt, areas })] },
      plusSeconds(after, HOUR_SECONDS),
    )
  for (const areas of [[2], [1], [6]]) expect(await given(after, areas), String(areas)).toBe("replaced")
  expect(await given(after, [3])).toBe("genuine")
  expect(await given(SAMPLE_NOW, [2])).toBe("genuine")
})

test("[F8] a block that messengers would refuse is not made, and says by how much", async () => {
  const [english] = sampleTexts as [(typeof sampleTexts)[0]]
  const texts = [{ ...english, description: "я".repeat(1400), instruction: "ю".repeat(1400) }]
  const long = await freeWarning(organisation, texts)
  const made = textBlock(long, "en", chain, delegations)
  expect(made.ok).toBe(false)
  expect(!made.ok && made.error.letters).toBeGreaterThan(MAX_TEXT_BLOCK)
  expect(block(free).length).toBeLessThanOrEqual(MAX_TEXT_BLOCK)
  expect(() => textBlock(free, "de", chain, delegations)).toThrow(RangeError)
})

test("[F9] a demonstration says so in the words that are signed for", async () => {
  const demo = await makeOrganisation({ demonstration: true })
  const warning = await approvedWarning(demo)
  const [russian] = warning.texts as [(typeof warning.texts)[0]]
  expect(readableText(warning.core, russian, demo.charter)).toMatch(
    /^ДЕМОНСТРАЦИЯ – не настоящее предупреждение\n/,
  )
  const text = must(textBlock(warning, "ru", demo.chain, demo.delegations))
  const hidden = text.replace(/^.*\n/, "")
  expect(await verdict(hidden, { ...known, chain: demo.chain })).toBe("changed words")
})

test("[F2] a payload has one form, and its checksum finds what typing loses", () => {
  for (const payload of [makePayload(approved, "ru", delegations), makePayload(free, "en", delegations)]) {
    const bytes = encodePayload(payload)
    const decoded = decodePayload(bytes)
    expect(decoded && encodePayload(decoded)).toEqual(bytes)
    for (let i = 0; i < bytes.length; i++) {
      const altered = bytes.slice()
      altered[i] = (altered[i] as number) ^ (1 << (i % 8))
      expect(decodePayload(altered), `byte ${i}`).toBeNull()
    }
  }
  expect(decodePayload(new Uint8Array(3))).toBeNull()
})

test("[F2] no pasted text stops the checker", async () => {
  const nasty = [
    "KUNAK1[".repeat(10_000),
    `KUNAK1[${"\n".repeat(200_000)}`,
    `KUNAK1[${"a".repeat(200_000)}]KUNAK1`,
    `KUNAK1:${"A".repeat(200_000)}`,
    "> ".repeat(100_000),
    `KUNAK1[${toBase32(encodeWarningCore(approved.core))}]KUNAK1`,
    "]KUNAK1",
    "kunak1[]kunak1",
  ]
  const begun = performance.now()
  for (const text of nasty) expect(await verdict(text)).toMatch(/^changed code|^unknown no-code/)
  expect(performance.now() - begun).toBeLessThan(3000)
})

test("[F1] words of the frame in a language without them are English, whatever its name", () => {
  for (const language of ["ce", "constructor", "toString", "__proto__"]) {
    expect(frameWords(language, "codeBegins")).toBe("Do not change anything below")
  }
  expect(charter.languages.length).toBe(2)
})

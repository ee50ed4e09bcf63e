/** From a filled-in form to what would be signed, and every reason why it can't be yet. */
import type { Charter, CharterChain } from "@kunak/core/charter/charter"
import type { Delegation } from "@kunak/core/delegation/delegation"
import { encodePayload, toCodeLines } from "@kunak/core/forward/payload"
import { blockText, checkAddress } from "@kunak/core/forward/text-block"
import { SIGNATURE_BYTES } from "@kunak/core/keys"
import { MAX_QR_BYTES, MAX_TEXT_BLOCK } from "@kunak/core/parameters"
import { toPlainText } from "@kunak/core/text/plain-text"
import { HOUR_SECONDS, type Instant, instant } from "@kunak/core/time/instant"
import { MAX_AREAS, MAX_TEXT_BYTES } from "@kunak/core/warning/codec"
import { relaxes } from "@kunak/core/warning/resolve"
import { draftWarning, textHashes } from "@kunak/core/warning/sign"
import { brokenRule } from "@kunak/core/warning/verify"
import {
  NO_HASH,
  type SignedWarning,
  type Warning,
  type WarningContent,
  type WarningCore,
  type WarningId,
  type WarningText,
} from "@kunak/core/warning/warning"
import { fillWording, wordingById } from "@kunak/core/warning/wording"
import { type DraftForm, type FormText, isEmptyText } from "./form.ts"
import { lettersOver } from "./letters-over.ts"
import { MOST_HOURS, MOST_NOTE_BYTES } from "./limits.ts"
import { parseLocal } from "./local-time.ts"

/** Why a draft can't be signed as it is. `field` is where the editor shows it. */
export type Problem =
  | { readonly kind: "no-wording"; readonly field: "wording" }
  | { readonly kind: "no-area"; readonly field: "areas" }
  | { readonly kind: "too-many-areas"; readonly field: "areas"; readonly most: number }
  | { readonly kind: "since-missing" | "since-in-future"; readonly field: "since" }
  | { readonly kind: "start-malformed" | "start-in-past"; readonly field: "starts" }
  | { readonly kind: "hours-out-of-range"; readonly field: "hours"; readonly most: number }
  | { readonly kind: "no-text"; readonly field: "texts" }
  | { readonly kind: "language-missing"; readonly field: "texts"; readonly language: string }
  | { readonly kind: "no-headline"; readonly field: "texts"; readonly language: string }
  | {
      readonly kind: "field-too-long"
      readonly field: "texts"
      readonly language: string
      readonly part: keyof FormText
      readonly over: number
    }
  | {
      readonly kind: "block-too-long"
      readonly field: "texts"
      readonly language: string
      readonly count: number
    }
  | { readonly kind: "note-too-long"; readonly field: "note"; readonly count: number }
  | { readonly kind: "replaced-missing"; readonly field: "form" }
  | { readonly kind: "relaxes"; readonly field: "form" }
  | { readonly kind: "no-delegation"; readonly field: "form" }
  | { readonly kind: "charter-expired"; readonly field: "form" }
  | { readonly kind: "organisation-closed"; readonly field: "form" }
  | { readonly kind: "against-rule"; readonly field: "form"; readonly rule: string }

/** Letters of the message to forward, in one language. */
export interface BlockLength {
  readonly language: string
  readonly letters: number
  readonly limit: number
  /** Bytes by which the code is too long for a poster's QR; 0 or less when it fits. The text can still go out. */
  readonly qrOver: number
}

export interface Composed {
  readonly core: WarningCore
  readonly texts: readonly WarningText[]
  readonly unsigned: SignedWarning
  readonly problems: readonly Problem[]
  readonly blocks: readonly BlockLength[]
  readonly signaturesNeeded: 1 | 2
}

export interface Standing {
  readonly chain: CharterChain
  /** This week's, if it names this desk's officer. */
  readonly delegation: Delegation | null
  /** The warning that the form replaces, if it does. */
  readonly replaced: Warning | null
  /** A new warning's id. */
  readonly id: WarningId
  readonly now: Instant
}

export function compose(form: DraftForm, standing: Standing): Composed {
  const { chain, now, replaced } = standing
  const { charter } = chain.current
  const wording = form.kind === "approved" ? wordingById(charter, form.wording) : undefined
  const start = form.starts === "" ? now : parseLocal(form.starts, charter)
  const effective = instant(Math.max(start ?? now, now))
  const since = parseLocal(form.since, charter)
  const texts = form.kind === "free" ? freeTexts(form, charter) : []
  const areas =
    form.kind === "withdrawal" ? (replaced?.core.areas ?? []) : [...form.areas].sort((a, b) => a - b)
  const scale = form.kind === "withdrawal" && replaced ? replaced.core : (wording ?? form)
  const core: WarningCore = {
    organisationId: chain.organisationId,
    charterHash: chain.current.hash,
    delegationHash: standing.delegation?.hash ?? NO_HASH,
    id: replaced?.core.id ?? standing.id,
    sequence: replaced ? replaced.core.sequence + 1 : 0,
    supersedes: replaced?.hash ?? NO_HASH,
    signedAt: now,
    effective,
    expires: expiry(form, effective, replaced),
    severity: scale.severity,
    urgency: scale.urgency,
    certainty: scale.certainty,
    responses: scale.responses,
    areas,
    content: content(form, texts, since ?? now),
  }
  const shown = wording ? fillWording(charter, wording, { areas, since: since ?? now }) : texts
  const unsigned = draftWarning(core, texts)
  const signaturesNeeded = form.kind === "approved" ? 1 : 2
  const blocks = shown.map((text) => measure(core, unsigned, text, signaturesNeeded, standing))
  const problems: readonly Problem[] = [
    ...formProblems(form, charter, standing),
    ...textProblems(form, texts, charter),
    ...blocks.flatMap(({ language, letters, limit }): readonly Problem[] =>
      letters > limit ? [{ kind: "block-too-long", field: "texts", language, count: letters - limit }] : [],
    ),
  ]
  const isRelaxing = replaced !== null && form.kind !== "withdrawal" && relaxes(replaced.core, core, charter)
  if (problems.length === 0 && isRelaxing) {
    return {
      core,
      texts: shown,
      unsigned,
      problems: [{ kind: "relaxes", field: "form" }],
      blocks,
      signaturesNeeded,
    }
  }
  const rule = problems.length === 0 ? brokenRule(core, charter) : null
  return {
    core,
    texts: shown,
    unsigned,
    problems: rule ? [{ kind: "against-rule", field: "form", rule }] : problems,
    blocks,
    signaturesNeeded,
  }
}

/** A withdrawal is shown for as long as what it withdraws would have been. */
function expiry(form: DraftForm, effective: Instant, replaced: Warning | null): Instant {
  if (form.kind === "withdrawal" && replaced && replaced.core.expires > effective)
    return replaced.core.expires
  return instant(effective + Math.max(1, Math.min(form.hours, MOST_HOURS)) * HOUR_SECONDS)
}

function content(form: DraftForm, texts: readonly WarningText[], since: Instant): WarningContent {
  if (form.kind === "approved") return { kind: "approved", wording: form.wording, since }
  return form.kind === "free" ? { kind: "free", texts: textHashes(texts) } : { kind: "withdrawal" }
}

/** Plain (rule B3) and without the languages that are empty. */
function freeTexts(form: DraftForm, charter: Charter): readonly WarningText[] {
  return charter.languages.flatMap(({ tag }) => {
    const typed = form.texts[tag]
    if (!typed || isEmptyText(typed)) return []
    const plain = {
      language: tag,
      headline: toPlainText(typed.headline).replaceAll("\n", " "),
      description: toPlainText(typed.description),
      instruction: toPlainText(typed.instruction),
    }
    return isEmptyText(plain) ? [] : [plain]
  })
}

function formProblems(form: DraftForm, charter: Charter, standing: Standing): readonly Problem[] {
  const problems: Problem[] = []
  const { now, replaced } = standing
  if (now >= charter.expires) problems.push({ kind: "charter-expired", field: "form" })
  else if (!standing.delegation) problems.push({ kind: "no-delegation", field: "form" })
  if (form.replaces !== "" && !replaced) problems.push({ kind: "replaced-missing", field: "form" })
  const noteOver = lettersOver(toPlainText(form.note), MOST_NOTE_BYTES)
  if (noteOver > 0) problems.push({ kind: "note-too-long", field: "note", count: noteOver })
  if (form.kind === "withdrawal") return problems
  // Nobody watches over a new one; what stands can still be taken down while the week lasts.
  if (charter.closed) return [...problems, { kind: "organisation-closed", field: "form" }]
  const wording = wordingById(charter, form.wording)
  if (form.kind === "approved" && !wording) problems.push({ kind: "no-wording", field: "wording" })
  if (form.areas.length === 0) problems.push({ kind: "no-area", field: "areas" })
  if (form.areas.length > MAX_AREAS)
    problems.push({ kind: "too-many-areas", field: "areas", most: MAX_AREAS })
  const start = form.starts === "" ? now : parseLocal(form.starts, charter)
  if (start === null) problems.push({ kind: "start-malformed", field: "starts" })
  else if (start < now) problems.push({ kind: "start-in-past", field: "starts" })
  if (form.kind === "approved") {
    const since = parseLocal(form.since, charter)
    if (since === null) problems.push({ kind: "since-missing", field: "since" })
    else if (since > (start ?? now)) problems.push({ kind: "since-in-future", field: "since" })
  }
  const most = form.kind === "approved" && wording ? wording.maxHours : hoursLeft(start ?? now, now)
  if (!(form.hours >= 1 && form.hours <= most))
    problems.push({ kind: "hours-out-of-range", field: "hours", most })
  return problems
}

/** The two weeks count from signing, not from the start. */
const hoursLeft = (start: Instant, now: Instant): number =>
  Math.max(1, Math.floor(MOST_HOURS - (start - now) / HOUR_SECONDS))

function textProblems(form: DraftForm, texts: readonly WarningText[], charter: Charter): readonly Problem[] {
  if (form.kind !== "free") return []
  if (texts.length === 0) return [{ kind: "no-text", field: "texts" }]
  const problems: Problem[] = []
  for (const { tag: language } of charter.languages) {
    const text = texts.find((candidate) => candidate.language === language)
    if (!text) {
      problems.push({ kind: "language-missing", field: "texts", language })
      continue
    }
    if (text.headline === "") problems.push({ kind: "no-headline", field: "texts", language })
    for (const part of ["headline", "description", "instruction"] as const) {
      const over = lettersOver(text[part], MAX_TEXT_BYTES[part])
      if (over > 0) problems.push({ kind: "field-too-long", field: "texts", language, part, over })
    }
  }
  return problems
}

/** The exact length that the signed message will have: signatures count by their size alone. */
function measure(
  core: WarningCore,
  unsigned: SignedWarning,
  text: WarningText,
  signatures: number,
  { chain, delegation }: Standing,
): BlockLength {
  const { language } = text
  const payload = {
    language,
    warning: {
      ...unsigned,
      signatures: Array.from({ length: signatures }, (_, index) => ({
        index,
        signature: new Uint8Array(SIGNATURE_BYTES),
      })),
      texts: unsigned.texts.filter((one) => one.language === language),
    },
    delegation: delegation?.bytes ?? null,
    proposal: null,
  }
  const block = `${blockText(core, text, chain.current.charter, checkAddress(chain))}\n\n${toCodeLines(payload)}`
  return {
    language,
    letters: block.length,
    limit: MAX_TEXT_BLOCK,
    qrOver: encodePayload(payload).length - MAX_QR_BYTES,
  }
}

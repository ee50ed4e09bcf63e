/** What an unlocked desk knows of warnings. */

import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import { delegationByHash } from "@kunak/core/delegation/delegation"
import { decodeEntry } from "@kunak/core/log/entry"
import { isRevoked } from "@kunak/core/revocation/revocation"
import { decodeWarningCore } from "@kunak/core/warning/codec"
import { phaseAt, type ResolvedWarning, resolveWarnings } from "@kunak/core/warning/resolve"
import { verifyWarning } from "@kunak/core/warning/verify"
import type { SignedWarning, Warning } from "@kunak/core/warning/warning"
import { areasOf } from "@kunak/core/warning/wording"
import type { OpenDesk } from "../open-desk.ts"
import { outbox } from "../sync/outbox.ts"
import { sql } from "../vault/sql.ts"
import { compose, type Standing } from "./compose.ts"
import { allDrafts, draftById, type KeptDraft, noteOf } from "./draft-store.ts"
import type { DraftForm } from "./form.ts"
import type { DraftCheck, Publication, WarningDetail, WarningItem } from "./model.ts"
import { headlineOf, show, showCore } from "./show.ts"

/** Signed by enough: from the log, and those of this desk that have not reached it yet. */
export async function signedWarnings(desk: OpenDesk): Promise<readonly Warning[]> {
  const line = desk.sync.line()
  const all = [...line.warnings]
  for (const { bytes } of outbox(desk.vault)) {
    const entry = decodeEntry(bytes)
    if (entry?.kind !== "warning") continue
    const warning = await verifyWarning(entry.warning, line)
    if (warning.ok && !all.some(({ hash }) => equalBytes(hash, warning.value.hash))) all.push(warning.value)
  }
  return all
}

export async function resolvedWarnings(desk: OpenDesk): Promise<readonly ResolvedWarning[]> {
  return resolveWarnings(await signedWarnings(desk), desk.sync.line().vetoes, desk.chain())
}

/** Those that wait for me first, then by what they are and when they changed. */
export async function listWarnings(desk: OpenDesk): Promise<readonly WarningItem[]> {
  const { language } = desk.settings()
  const drafts = allDrafts(desk.vault).map((draft): WarningItem => draftItem(desk, draft))
  const resolved = await resolvedWarnings(desk)
  const signed = resolved.map(
    ({ warning, state }): WarningItem => ({
      kind: "signed",
      id: toHex(warning.hash),
      headline: headlineOf(show(warning.signed, desk.chain(), language)),
      areas: areasOf(warning.core, desk.chain().current.charter, language),
      phase: phaseAt(warning.core, desk.now()),
      outcome: state,
      expires: warning.core.expires,
      signedAt: warning.core.signedAt,
      publication: publication(desk, warning),
    }),
  )
  const newestFirst = [...signed].sort((a, b) => ageOf(b) - ageOf(a))
  return [...drafts, ...newestFirst]
}

const ageOf = (item: WarningItem): number => (item.kind === "signed" ? item.signedAt : item.changed)

function draftItem(desk: OpenDesk, draft: KeptDraft): WarningItem {
  const { id, changed } = draft
  const { language } = desk.settings()
  if (draft.form) {
    const { core, texts } = compose(draft.form, standingFor(desk, draft, null))
    const text = texts.find((one) => one.language === language && one.headline !== "") ?? texts[0]
    const areas = areasOf(core, desk.chain().current.charter, language)
    return { kind: "draft", id, changed, headline: text?.headline ?? "", areas }
  }
  const shown = draft.signed && show(draft.signed, desk.chain(), language)
  const mine = draft.signed !== null && !hasSigned(desk, draft.signed)
  return { kind: "waiting", id, changed, headline: headlineOf(shown), areas: shown?.areas ?? "", mine }
}

export function hasSigned(desk: OpenDesk, signed: SignedWarning): boolean {
  const core = decodeWarningCore(signed.body)
  const delegation = core && delegationByHash(desk.sync.line().delegations, core.delegationHash)
  const own = delegation?.officers.findIndex((key) => equalBytes(key, desk.officer.key.publicKey)) ?? -1
  return signed.signatures.some(({ index }) => index === own)
}

export function publication(desk: OpenDesk, warning: Warning): Publication {
  const hash = toHex(warning.hash)
  const published = desk.vault.first(sql`select term, number from published where hash = ${hash}`, (row) => ({
    kind: "on-the-page" as const,
    term: row.number("term"),
    number: row.number("number"),
  }))
  if (published) return published
  if (!desk.sync.line().warnings.some((one) => equalBytes(one.hash, warning.hash)))
    return { kind: "waiting-to-leave" }
  const every = desk.chain().current.charter.editionSeconds
  const last = desk.sync.watch.edition()?.header.issued ?? desk.now()
  const nextEditionInSeconds = Math.max(0, Math.min(every, last + every - desk.now()))
  return { kind: "handed-over", nextEditionInSeconds }
}

export function standingFor(desk: OpenDesk, draft: KeptDraft, replaced: Warning | null): Standing {
  const now = desk.now()
  return { chain: desk.chain(), delegation: desk.sync.delegation(now), replaced, id: draft.warningId, now }
}

export async function replacedBy(desk: OpenDesk, form: DraftForm): Promise<Warning | null> {
  if (form.replaces === "") return null
  const all = await signedWarnings(desk)
  return all.find(({ hash }) => toHex(hash) === form.replaces) ?? null
}

export async function checkDraft(desk: OpenDesk, draft: KeptDraft, form: DraftForm): Promise<DraftCheck> {
  const composed = compose(form, standingFor(desk, draft, await replacedBy(desk, form)))
  const { core, texts, unsigned, problems, blocks } = composed
  return { problems, blocks, shown: showCore(core, texts, unsigned, desk.chain(), desk.settings().language) }
}

export async function warningDetail(desk: OpenDesk, id: string): Promise<WarningDetail | null> {
  const { language } = desk.settings()
  const draft = draftById(desk.vault, id)
  if (draft?.form) {
    const { form } = draft
    const replaced = await replacedBy(desk, form)
    return {
      kind: "draft",
      id,
      form,
      check: await checkDraft(desk, draft, form),
      replaces: replaced && show(replaced.signed, desk.chain(), language),
    }
  }
  if (draft?.signed) return waitingDetail(desk, draft, draft.signed)
  const resolved = await resolvedWarnings(desk)
  const found = resolved.find(({ warning }) => toHex(warning.hash) === id)
  return found ? signedDetail(desk, found) : null
}

function waitingDetail(desk: OpenDesk, draft: KeptDraft, signed: SignedWarning): WarningDetail | null {
  const { language } = desk.settings()
  const shown = show(signed, desk.chain(), language)
  if (!shown) return null
  const earlier = draft.earlier && show(draft.earlier, desk.chain(), language)
  return {
    kind: "waiting",
    id: draft.id,
    shown,
    note: draft.note,
    mine: !hasSigned(desk, signed),
    earlier: earlier && earlier.digest !== shown.digest ? earlier : null,
    problem: whyNotSignable(desk, signed),
  }
}

export function whyNotSignable(
  desk: OpenDesk,
  signed: SignedWarning,
): "organisation-closed" | "delegation-over" | "past-its-time" | "key-not-delegated" | null {
  const core = decodeWarningCore(signed.body)
  const line = desk.sync.line()
  const delegation = core && delegationByHash(line.delegations, core.delegationHash)
  if (!core || !delegation) return "delegation-over"
  if (line.chain.current.charter.closed && core.content.kind !== "withdrawal") return "organisation-closed"
  const { publicKey } = desk.officer.key
  const isNamed = delegation.officers.some((key) => equalBytes(key, publicKey))
  if (!isNamed || isRevoked(publicKey, line.revocations)) return "key-not-delegated"
  return core.expires <= desk.now() ? "past-its-time" : null
}

function signedDetail(desk: OpenDesk, { warning, state, by }: ResolvedWarning): WarningDetail | null {
  const { language } = desk.settings()
  const shown = show(warning.signed, desk.chain(), language)
  return (
    shown && {
      kind: "signed",
      id: toHex(warning.hash),
      shown,
      phase: phaseAt(warning.core, desk.now()),
      outcome: state,
      publication: publication(desk, warning),
      endedBy: by && show(by.signed, desk.chain(), language),
      languages: warning.texts.map((text) => text.language),
      note: noteOf(desk.vault, warning.signed),
    }
  )
}

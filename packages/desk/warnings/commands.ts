/** What an officer does with warnings. Each command is one change of the vault; what leaves waits in the outbox. */
import { fromHex, toHex } from "@kunak/core/bytes/hex"
import { delegationByHash } from "@kunak/core/delegation/delegation"
import { DRAFT_ID_BYTES } from "@kunak/core/log/entry"
import { err, ok, type Result } from "@kunak/core/result"
import { toPlainText } from "@kunak/core/text/plain-text"
import { decodeWarningCore } from "@kunak/core/warning/codec"
import { signWarning } from "@kunak/core/warning/sign"
import { verifyWarning } from "@kunak/core/warning/verify"
import {
  type SignedWarning,
  WARNING_ID_BYTES,
  type Warning,
  type WarningId,
} from "@kunak/core/warning/warning"
import type { OpenDesk } from "../open-desk.ts"
import { enqueue } from "../sync/outbox.ts"
import { sql } from "../vault/sql.ts"
import type { VaultWriteError } from "../vault/unlocked-vault.ts"
import { compose, type Problem } from "./compose.ts"
import { bodyKey, draftById, dropDraftsOf, type KeptDraft, putDraft, removeDraft } from "./draft-store.ts"
import { type DraftForm, EMPTY_TEXT } from "./form.ts"
import { localDay } from "./local-time.ts"
import type { DraftCheck, ShownWarning } from "./model.ts"
import { checkDraft, replacedBy, signedWarnings, standingFor, whyNotSignable } from "./queries.ts"
import { digestOf, show } from "./show.ts"
import { sourcesById } from "./sources.ts"

export type CommandError =
  | VaultWriteError
  | { readonly kind: "not-found" }
  /** The screen showed something else than what stands now: look again. */
  | { readonly kind: "shown-something-else" }
  | { readonly kind: "not-ready"; readonly count: number }
  | { readonly kind: "organisation-closed" | "delegation-over" | "past-its-time" | "key-not-delegated" }

export type DraftStart =
  | { readonly from: "nothing" }
  | { readonly from: "sources"; readonly ids: readonly string[] }
  | { readonly from: "update"; readonly hash: string }
  | { readonly from: "withdrawal"; readonly hash: string }

/** Begins a draft. @returns its id. */
export async function startDraft(desk: OpenDesk, start: DraftStart): Promise<Result<string, CommandError>> {
  if (desk.chain().current.charter.closed && start.from !== "withdrawal")
    return err({ kind: "organisation-closed" })
  const before = "hash" in start ? await signedByHash(desk, start.hash) : null
  if ("hash" in start && !before) return err({ kind: "not-found" })
  const form = before ? formOf(desk, before, start.from === "withdrawal") : emptyForm(desk)
  const sources = start.from === "sources" ? sourcesById(desk.vault, start.ids) : []
  const noted =
    sources.length === 0
      ? form
      : {
          ...form,
          sources: sources.map(({ id }) => id),
          note: sources
            .map((one) => `${one.id}: ${one.source}, ${one.saidOn}. ${one.claim}`)
            .join("\n")
            .slice(0, MOST_NOTE),
        }
  const id = toHex(desk.random(DRAFT_ID_BYTES))
  const draft = newDraft(desk, id, noted)
  const written = desk.vault.change((change) => putDraft(change, draft))
  return written.ok ? ok(id) : written
}

/** UTF-16 units; in UTF-8 it stays within what an entry of the log takes. */
export const MOST_NOTE = 660

const newDraft = (desk: OpenDesk, id: string, form: DraftForm): KeptDraft => ({
  id,
  form,
  signed: null,
  note: form.note,
  changed: desk.now(),
  earlier: null,
  warningId: desk.random(WARNING_ID_BYTES) as WarningId,
})

async function signedByHash(desk: OpenDesk, hash: string): Promise<Warning | null> {
  return (await signedWarnings(desk)).find((warning) => toHex(warning.hash) === hash) ?? null
}

function emptyForm(desk: OpenDesk): DraftForm {
  const { charter } = desk.chain().current
  const [wording] = charter.wordings
  return {
    kind: wording ? "approved" : "free",
    wording: wording?.id ?? 0,
    areas: [],
    since: localDay(desk.now(), charter),
    starts: "",
    hours: Math.min(48, wording?.maxHours ?? 48),
    severity: "Severe",
    urgency: "Immediate",
    certainty: "Likely",
    responses: ["Avoid"],
    texts: Object.fromEntries(charter.languages.map(({ tag }) => [tag, EMPTY_TEXT])),
    note: "",
    sources: [],
    replaces: "",
  }
}

/** The form that an update starts from: what stands now. */
function formOf(desk: OpenDesk, { core, signed, hash }: Warning, isWithdrawal: boolean): DraftForm {
  return {
    ...formFromSigned(desk, signed),
    kind: isWithdrawal ? "withdrawal" : kindOf(core.content.kind),
    replaces: toHex(hash),
  }
}

const kindOf = (kind: string): DraftForm["kind"] =>
  kind === "approved" ? "approved" : kind === "withdrawal" ? "withdrawal" : "free"

function formFromSigned(desk: OpenDesk, signed: SignedWarning): DraftForm {
  const empty = emptyForm(desk)
  const core = decodeWarningCore(signed.body)
  if (!core) return empty
  const { charter } = desk.chain().current
  return {
    ...empty,
    kind: kindOf(core.content.kind),
    wording: core.content.kind === "approved" ? core.content.wording : empty.wording,
    areas: core.areas,
    since: localDay(core.content.kind === "approved" ? core.content.since : core.effective, charter),
    starts: "",
    hours: Math.max(1, Math.ceil((core.expires - Math.max(core.effective, desk.now())) / 3600)),
    severity: core.severity,
    urgency: core.urgency,
    certainty: core.certainty,
    responses: core.responses,
    texts: {
      ...empty.texts,
      ...Object.fromEntries(signed.texts.map(({ language, ...text }) => [language, text])),
    },
    replaces: core.sequence > 0 ? toHex(core.supersedes) : "",
  }
}

/** Keeps what is typed; says what is still missing. */
export async function saveDraft(
  desk: OpenDesk,
  id: string,
  form: DraftForm,
): Promise<Result<DraftCheck, CommandError>> {
  const draft = draftById(desk.vault, id)
  if (!draft) return err({ kind: "not-found" })
  const saved = { ...draft, form, note: form.note, changed: desk.now() }
  const written = desk.vault.change((change) => putDraft(change, saved))
  return written.ok ? ok(await checkDraft(desk, saved, form)) : written
}

/** Removes a draft here and, if colleagues have it, for them too. */
export function discardDraft(desk: OpenDesk, id: string): Result<null, CommandError> {
  const draft = draftById(desk.vault, id)
  if (!draft) return err({ kind: "not-found" })
  return desk.vault.change((change) => {
    removeDraft(change, id)
    if (draft.signed) enqueue(change, { kind: "draft-discarded", draftId: fromHex(id) ?? new Uint8Array() })
    return null
  })
}

/** Opens a waiting draft for writing: other words need both signatures again. */
export function reopenDraft(desk: OpenDesk, id: string): Result<null, CommandError> {
  const draft = draftById(desk.vault, id)
  if (!draft?.signed) return err({ kind: "not-found" })
  const form = { ...formFromSigned(desk, draft.signed), note: draft.note }
  return desk.vault.change((change) => {
    putDraft(change, { ...draft, form })
    return null
  })
}

/** What exactly would be signed, to the second: the screen shows it, and the signature is bound to it. */
export async function prepareSignature(
  desk: OpenDesk,
  id: string,
): Promise<Result<ShownWarning, CommandError | (Problem & { readonly kind: string })>> {
  const draft = draftById(desk.vault, id)
  if (!draft?.form) return err({ kind: "not-found" })
  const composed = compose(draft.form, standingFor(desk, draft, await replacedBy(desk, draft.form)))
  if (composed.problems.length > 0) return err({ kind: "not-ready", count: composed.problems.length })
  const shown = show(composed.unsigned, desk.chain(), desk.settings().language)
  if (!shown) throw new TypeError("a composed warning can't be read back")
  desk.prepared.clear()
  desk.prepared.set(shown.digest, { draft: id, unsigned: composed.unsigned })
  return ok(shown)
}

/** Signs what was prepared. Enough signatures send it to the page, else it goes to colleagues. */
export async function signDraft(
  desk: OpenDesk,
  id: string,
  digest: string,
): Promise<Result<"published" | "waiting", CommandError>> {
  const draft = draftById(desk.vault, id)
  const prepared = desk.prepared.get(digest)
  if (!draft) return err({ kind: "not-found" })
  if (prepared?.draft !== id) return err({ kind: "shown-something-else" })
  const done = await signAndSend(desk, draft, prepared.unsigned)
  if (done.ok) desk.prepared.clear()
  return done
}

/** The second signature, on exactly what the screen showed. */
export async function signWaiting(
  desk: OpenDesk,
  id: string,
  digest: string,
): Promise<Result<"published" | "waiting", CommandError>> {
  const draft = draftById(desk.vault, id)
  if (!draft?.signed) return err({ kind: "not-found" })
  if (digestOf(draft.signed) !== digest) return err({ kind: "shown-something-else" })
  const problem = whyNotSignable(desk, draft.signed)
  return problem ? err({ kind: problem }) : signAndSend(desk, draft, draft.signed)
}

async function signAndSend(
  desk: OpenDesk,
  draft: KeptDraft,
  unsigned: SignedWarning,
): Promise<Result<"published" | "waiting", CommandError>> {
  const core = decodeWarningCore(unsigned.body)
  const line = desk.sync.line()
  const delegation = core && delegationByHash(line.delegations, core.delegationHash)
  if (!delegation) return err({ kind: "delegation-over" })
  const signed = await signWarning(unsigned, desk.officer.key, delegation)
  if (!signed.ok) return err({ kind: "key-not-delegated" })
  const warning = await verifyWarning(signed.value, line)
  const note = toPlainText(draft.note)
  const isComplete = warning.ok
  if (!isComplete && warning.error.kind !== "too-few-signatures") return err({ kind: "shown-something-else" })
  const written = desk.vault.change((change) => {
    if (isComplete) {
      enqueue(change, { kind: "warning", warning: signed.value })
      change.run(sql`insert or ignore into warning_note values (${bodyKey(signed.value)}, ${note})`)
      removeDraft(change, draft.id)
      dropDraftsOf(change, signed.value)
    } else {
      const kept = { ...draft, form: null, signed: signed.value, note, changed: desk.now(), earlier: null }
      putDraft(change, kept)
      const draftId = fromHex(draft.id) ?? new Uint8Array()
      enqueue(change, { kind: "draft", draftId, warning: signed.value, note })
    }
  })
  if (!written.ok) return written
  return ok(isComplete ? "published" : "waiting")
}

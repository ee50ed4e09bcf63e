/** Drafts in the vault: what is being written here, and what waits for another signature. */

import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import { delegationByHash } from "@kunak/core/delegation/delegation"
import type { Entry } from "@kunak/core/log/entry"
import { verifiedSigners, withSignature } from "@kunak/core/signature/signed"
import type { Instant } from "@kunak/core/time/instant"
import { decodeWarning, decodeWarningCore, encodeWarning } from "@kunak/core/warning/codec"
import type { SignedWarning, WarningId } from "@kunak/core/warning/warning"
import type { LineState } from "@kunak/duty/line/line-state"
import type { Row } from "../vault/row.ts"
import { sql } from "../vault/sql.ts"
import type { VaultChange, VaultReader } from "../vault/unlocked-vault.ts"
import type { DraftForm } from "./form.ts"

export interface KeptDraft {
  readonly id: string
  /** While it is being written at this desk. */
  readonly form: DraftForm | null
  /** Once somebody has signed it. */
  readonly signed: SignedWarning | null
  readonly note: string
  readonly changed: Instant
  /** What this desk's officer last signed or saw of it, when it has changed since. */
  readonly earlier: SignedWarning | null
  /** The id that the warning will have. */
  readonly warningId: WarningId
}

const toDraft = (row: Row): KeptDraft => {
  const form = row.textOrNull("form")
  const signed = row.bytesOrNull("signed")
  const earlier = row.bytesOrNull("own_earlier")
  return {
    id: row.text("id"),
    form: form === null ? null : (JSON.parse(form) as DraftForm),
    signed: signed && decodeWarning(signed),
    note: row.text("note"),
    changed: row.number("changed") as Instant,
    earlier: earlier && decodeWarning(earlier),
    warningId: row.bytes("subject") as WarningId,
  }
}

export const draftById = (vault: VaultReader, id: string): KeptDraft | null =>
  vault.first(sql`select * from draft where id = ${id}`, toDraft)

/** Last changed first. */
export const allDrafts = (vault: VaultReader): readonly KeptDraft[] =>
  vault.all(sql`select * from draft order by changed desc, id`, toDraft)

export function putDraft(change: VaultChange, draft: KeptDraft): void {
  const { id, form, signed, note, changed, earlier, warningId } = draft
  change.run(sql`insert into draft (id, form, signed, note, changed, own_earlier, subject) values (${id},
    ${form && JSON.stringify(form)}, ${signed && encodeWarning(signed)}, ${note}, ${changed},
    ${earlier && encodeWarning(earlier)}, ${warningId})
    on conflict (id) do update set form = excluded.form, signed = excluded.signed, note = excluded.note,
      changed = excluded.changed, own_earlier = excluded.own_earlier`)
}

export const removeDraft = (change: VaultChange, id: string): void =>
  change.run(sql`delete from draft where id = ${id}`)

/**
 * A colleague's draft, from the log: signatures to the same words are united, other words replace.
 * @param entry already found sound by `isSoundDraft`.
 */
export function takeInDraft(change: VaultChange, entry: Entry & { kind: "draft" }, now: Instant): void {
  const id = toHex(entry.draftId)
  const before = draftById(change, id)
  const core = decodeWarningCore(entry.warning.body)
  if (!core) return
  const same = before?.signed && equalBytes(before.signed.body, entry.warning.body)
  const signed = same ? united(before.signed, entry.warning) : entry.warning
  putDraft(change, {
    id,
    form: before?.form ?? null,
    signed,
    note: entry.note,
    changed: same ? before.changed : now,
    earlier: same ? before.earlier : (before?.signed ?? before?.earlier ?? null),
    warningId: before?.warningId ?? core.id,
  })
}

const united = (a: SignedWarning, b: SignedWarning): SignedWarning => ({
  ...a,
  signatures: b.signatures.reduce(withSignature, a.signatures),
})

/** Whether every signature on a draft is an officer's: whoever holds the staff key alone can't fill the list. */
export async function isSoundDraft(warning: SignedWarning, line: LineState): Promise<boolean> {
  const core = decodeWarningCore(warning.body)
  const delegation = core && delegationByHash(line.delegations, core.delegationHash)
  if (!delegation || warning.signatures.length === 0) return false
  return (await verifiedSigners("warning", warning.body, delegation.officers, warning.signatures)) !== null
}

/** A draft whose words have come as a finished warning is done. */
export function dropDraftsOf(change: VaultChange, warning: SignedWarning): void {
  for (const draft of allDrafts(change)) {
    if (draft.signed && draft.form === null && equalBytes(draft.signed.body, warning.body)) {
      change.run(sql`insert or ignore into warning_note values (${bodyKey(warning)}, ${draft.note})`)
      removeDraft(change, draft.id)
    }
  }
}

/** Notes are kept by the signed words, not by a name of their own. */
export const bodyKey = (warning: SignedWarning): string => Buffer.from(warning.body).toString("base64")

export const noteOf = (vault: VaultReader, warning: SignedWarning): string =>
  vault.first(sql`select note from warning_note where hash = ${bodyKey(warning)}`, (row) =>
    row.text("note"),
  ) ?? ""

/** The phone frame: the public page as it would be with this draft in it. */
import { err, ok, type Result } from "@kunak/core/result"
import { objectHash } from "@kunak/core/signature/signed"
import { decodeWarningCore } from "@kunak/core/warning/codec"
import { resolveWarnings } from "@kunak/core/warning/resolve"
import type { SignedWarning, Warning, WarningCore, WarningText } from "@kunak/core/warning/warning"
import { previewPage } from "@kunak/page/document/preview"
import type { OpenDesk } from "../open-desk.ts"
import { compose } from "./compose.ts"
import { draftById, type KeptDraft } from "./draft-store.ts"
import { replacedBy, signedWarnings, standingFor } from "./queries.ts"
import { textsOf } from "./show.ts"

export type PreviewError = { readonly kind: "not-found" } | { readonly kind: "no-template" }

/** @returns the name under which the frame may load it. */
export async function previewOf(desk: OpenDesk, id: string): Promise<Result<string, PreviewError>> {
  const template = desk.pageTemplate()
  if (!template) return err({ kind: "no-template" })
  const draft = draftById(desk.vault, id)
  if (!draft) return err({ kind: "not-found" })
  const candidate = await asIfSigned(desk, draft)
  const signed = await signedWarnings(desk)
  const warnings = candidate ? [candidate, ...signed] : signed
  const resolved = resolveWarnings(warnings, desk.sync.line().vetoes, desk.chain())
  return ok(desk.previews.put(previewPage(template, { chain: desk.chain(), resolved, issued: desk.now() })))
}

/**
 * Note: the one place where something unsigned takes a warning's form. It goes into the sandboxed frame, which
 * has no address and no script, and nowhere else.
 *
 * @returns null while there is no word to show.
 */
async function asIfSigned(desk: OpenDesk, draft: KeptDraft): Promise<Warning | null> {
  if (draft.form) {
    const composed = compose(draft.form, standingFor(desk, draft, await replacedBy(desk, draft.form)))
    return asWarning(composed.core, composed.texts, composed.unsigned)
  }
  const core = draft.signed && decodeWarningCore(draft.signed.body)
  return draft.signed && core && asWarning(core, textsOf(draft.signed, core, desk.chain()), draft.signed)
}

function asWarning(core: WarningCore, texts: readonly WarningText[], signed: SignedWarning): Warning | null {
  if (texts.length === 0 && core.content.kind !== "withdrawal") return null
  const hash = objectHash("warning", signed.body)
  return { hash, core, texts, signed, signatures: signed.signatures.length } as unknown as Warning
}

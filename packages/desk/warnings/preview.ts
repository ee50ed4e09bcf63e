/** The phone frame: the public page as it would be with this draft in it. */
import { err, ok, type Result } from "@kunak/core/result"
import { objectHash } from "@kunak/core/signature/signed"
import { decodeWarningCore } from "@kunak/core/warning/codec"
import { resolveWarnings } from "@kunak/core/warning/resolve"
import type { SignedWarning, Warning } from "@kunak/core/warning/warning"
import { previewPage } from "@kunak/page/document/preview"
import type { OpenDesk } from "../open-desk.ts"
import { compose } from "./compose.ts"
import { draftById } from "./draft-store.ts"
import { replacedBy, signedWarnings, standingFor } from "./queries.ts"
import { textsOf } from "./show.ts"

export type PreviewError = { readonly kind: "not-found" } | { readonly kind: "no-template" }

/** @returns the name under which the frame may load it. */
export async function previewOf(desk: OpenDesk, id: string): Promise<Result<string, PreviewError>> {
  const template = desk.pageTemplate()
  if (!template) return err({ kind: "no-template" })
  const draft = draftById(desk.vault, id)
  const candidate =
    draft?.form != null
      ? compose(draft.form, standingFor(desk, draft, await replacedBy(desk, draft.form))).unsigned
      : draft?.signed
  const signed = await signedWarnings(desk)
  const asIf = candidate ? asIfVerified(candidate, desk) : null
  if (draft && !asIf) return err({ kind: "not-found" })
  const warnings = asIf ? [asIf, ...signed] : signed
  const resolved = resolveWarnings(warnings, desk.sync.line().vetoes, desk.chain())
  return ok(desk.previews.put(previewPage(template, { chain: desk.chain(), resolved, issued: desk.now() })))
}

/**
 * Note: the one place where something unsigned takes a warning's form. It goes into the sandboxed frame, which
 * has no address and no script, and nowhere else.
 */
function asIfVerified(signed: SignedWarning, desk: OpenDesk): Warning | null {
  const core = decodeWarningCore(signed.body)
  if (!core) return null
  const warning = {
    hash: objectHash("warning", signed.body),
    core,
    texts: textsOf(signed, core, desk.chain()),
    signed,
    signatures: signed.signatures.length,
  }
  return warning as Warning
}

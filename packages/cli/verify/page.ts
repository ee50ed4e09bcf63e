import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import { fingerprint } from "@kunak/core/charter/fingerprint"
import { attendance, freshness } from "@kunak/core/edition/attendance"
import { type Edition, verifyEdition } from "@kunak/core/edition/verify"
import { formatTime } from "@kunak/core/time/format"
import { instantFromMs } from "@kunak/core/time/instant"
import { extractEdition } from "@kunak/page/document/extract"
import { renderPage } from "@kunak/page/document/render"
import type { PageTemplate } from "@kunak/page/document/template"
import { loadTemplate } from "@kunak/page/template-file"
import { fetchPage } from "../charter/fetch-page.ts"
import { isPinned } from "./knowledge.ts"
import type { VerifyReport } from "./report.ts"

export type PageSource = { readonly address: string; readonly socks?: string } | { readonly html: string }

/**
 * Verifies a page: the edition in it, and that the whole document is what this release's template makes of
 * that edition, byte for byte. So a script that somebody slipped in is found, not only an altered warning.
 */
export async function verifyPage(
  source: PageSource,
  typed: string | undefined,
  nowMs: number,
): Promise<VerifyReport> {
  const html = "html" in source ? source.html : await fetchPage(source.address, source.socks)
  const found = extractEdition(html)
  if (!found)
    return refusal(
      "no-edition",
      "NOT GENUINE. There is no edition in this page: it is none of Kunak's, or cut off.",
    )
  const verified = await verifyEdition(found.header, found.bulletin, null)
  if (!verified.ok)
    return refusal(verified.error.kind, `NOT GENUINE. The edition does not verify: ${verified.error.kind}.`)
  const edition = verified.value
  const pinned = isPinned(edition.bulletin.chain, typed)
  const template = await loadTemplate()
  const document = compare(html, edition, template)
  return report(edition, document, pinned, nowMs)
}

type DocumentVerdict = "same" | "differs" | "other-release"

function compare(html: string, edition: Edition, template: PageTemplate): DocumentVerdict {
  if (!equalBytes(edition.header.templateHash, template.hash)) return "other-release"
  const { bulletin, headerBytes, header } = edition
  const given = new TextEncoder().encode(html)
  const made = (["web", "onion"] as const).map((variant) =>
    renderPage(template, { header: headerBytes, bulletin, issued: header.issued }, variant),
  )
  return made.some((bytes) => equalBytes(bytes, given)) ? "same" : "differs"
}

function report(edition: Edition, document: DocumentVerdict, pinned: boolean, nowMs: number): VerifyReport {
  const { header, bulletin } = edition
  const { charter } = bulletin.chain.current
  const organisation = fingerprint(bulletin.chain.organisationId)
  const isAllowed = charter.templates.some((hash) => equalBytes(hash, header.templateHash))
  const age = freshness(header, instantFromMs(nowMs), [])
  const attended = attendance(edition)
  const genuine = document === "same" && isAllowed
  const id = `${header.id.term}.${header.id.number}`
  const documentLine = {
    same: "The whole document is what this release makes of that edition, byte for byte.",
    differs: "NOT THE RELEASE'S PAGE: something in the document was changed or added. Do not use it.",
    "other-release": `Made by another release (template ${toHex(header.templateHash).slice(0, 16)}…): compare with that release.`,
  }[document]
  const lines = [
    genuine ? "GENUINE." : "NOT SHOWN TO BE GENUINE.",
    `Edition ${id}, issued ${formatTime(header.issued, "en", charter)}, signed by a delegated duty; ${bulletin.warnings.length} warnings verified.`,
    documentLine,
    isAllowed ? "The charter names this template." : "The charter does NOT name this template.",
    age.kind === "fresh"
      ? "It is fresh."
      : age.kind === "stale"
        ? `It is ${Math.floor(age.ageSeconds / 60)} minutes old: the line may be unattended.`
        : "This machine's clock is behind the edition: check the clock.",
    attended.kind === "attended"
      ? "An officer vouches for it."
      : attended.kind === "unattended"
        ? "No officer has vouched for it lately."
        : `${attended.missing} things that an officer vouched for are missing from it.`,
    charter.demonstration ? "It is a DEMONSTRATION." : "",
    pinned
      ? "The fingerprint is the one that you gave."
      : `Fingerprint ${organisation}: compare it with the printed one.`,
  ]
  return {
    genuine,
    text: lines.filter((line) => line !== "").join("\n"),
    json: {
      verdict: genuine ? "genuine" : "not-genuine",
      edition: id,
      issued: header.issued,
      document,
      templateInCharter: isAllowed,
      freshness: age.kind,
      attendance: attended.kind,
      warnings: bulletin.warnings.length,
      demonstration: charter.demonstration,
      organisation,
      pinned,
    },
  }
}

const refusal = (kind: string, text: string): VerifyReport => ({
  genuine: false,
  text,
  json: { verdict: "not-genuine", why: kind },
})

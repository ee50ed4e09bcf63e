/** Markup that is made in one place only: every text that goes into it is escaped on the way. */
import type { Brand } from "@kunak/core/brand"

export type Html = Brand<string, "Html">

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

/** A text as it stands inside an element or a quoted attribute (rule G5). */
export const escapeText = (text: string): Html => text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? "") as Html

type Part = Html | readonly Html[] | Slot
/** A text to be escaped; wrapped, so that no plain string slips into markup unseen by the compiler. */
type Slot = { readonly text: string }

export const text = (value: string): Slot => ({ text: value })

/** Fills a literal of ours; its slots are markup already made, or texts. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return literals.reduce((whole, literal, i) => {
    const part = parts[i - 1] as Part
    if (typeof part === "string") return whole + part + literal
    if ("text" in part) return whole + escapeText(part.text) + literal
    return whole + part.join("") + literal
  }) as Html
}

export const NOTHING = "" as Html

/** Paragraphs of a text: line breaks are kept, empty lines part. */
export const paragraphs = (value: string): readonly Html[] =>
  value
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== "")
    .map((part) => {
      const lines = part.split("\n").map(escapeText)
      return `<p>${lines.join("<br>")}</p>` as Html
    })

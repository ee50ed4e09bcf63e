/** The release's template: skeleton, style, script and words, with marks where an edition goes. */
import { err, ok, type Result } from "@kunak/core/result"
import { sha256 } from "@kunak/core/suite"
import { missingWords, type Words } from "@kunak/core/text/words"
import type { WordsByLanguage } from "./words.ts"

/** Marks, each exactly once, in this order. They occur in no script, style or words: `build.ts` refuses. */
export const MARKS = {
  language: "kunak:language",
  relays: "kunak:relays",
  title: "kunak:title",
  content: "<!--kunak:content-->",
  data: "<!--kunak:data-->",
  soon: "<!--kunak:soon-->",
  later: "<!--kunak:later-->",
} as const

/** After the document, since no reader needs it: words of every language as JSON with `>` escaped. */
export const WORDS_BEGIN = "<!--kunak:words "
export const WORDS_END = "-->"

export interface PageTemplate {
  /** The whole file. */
  readonly html: string
  /** SHA-256 of the file: what charters list and headers name. */
  readonly hash: Uint8Array
  /** The document's fixed bytes, between the marks: one more than there are marks. */
  readonly parts: readonly string[]
  readonly style: string
  readonly words: WordsByLanguage
}

export type TemplateError = { readonly kind: "malformed-template" }

/** @param html a template file, any content: one from another release may have another form. */
export function parseTemplate(html: string): Result<PageTemplate, TemplateError> {
  const malformed = err({ kind: "malformed-template" } as const)
  const at = html.lastIndexOf(WORDS_BEGIN)
  const words = at < 0 ? null : parseWords(html.slice(at + WORDS_BEGIN.length))
  const parts = at < 0 ? null : splitAtMarks(html.slice(0, at))
  const style = /<style>([^<]*)<\/style>/.exec(parts?.join("") ?? "")?.[1]
  if (!words || !parts || style === undefined) return malformed
  return ok({ html, hash: sha256(new TextEncoder().encode(html)), parts, style, words })
}

function splitAtMarks(document: string): readonly string[] | null {
  const parts: string[] = []
  let rest = document
  for (const mark of Object.values(MARKS)) {
    const [before, after, ...more] = rest.split(mark)
    if (before === undefined || after === undefined || more.length > 0) return null
    parts.push(before)
    rest = after
  }
  return [...parts, rest]
}

function parseWords(tail: string): WordsByLanguage | null {
  if (!tail.trimEnd().endsWith(WORDS_END)) return null
  try {
    const words: unknown = JSON.parse(tail.trimEnd().slice(0, -WORDS_END.length))
    return isWordsByLanguage(words) ? words : null
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isPhrase = (value: unknown): boolean =>
  typeof value === "string" ||
  (isRecord(value) && Object.values(value).every((form) => typeof form === "string"))

const isWords = (value: unknown): value is Words => isRecord(value) && Object.values(value).every(isPhrase)

/** Every language has every word: a page never meets a missing one. */
function isWordsByLanguage(value: unknown): value is WordsByLanguage {
  if (!isRecord(value) || !isWords(value.en)) return false
  const { en } = value
  return Object.values(value).every((words) => isWords(words) && missingWords(en, words).length === 0)
}

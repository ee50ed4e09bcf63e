/** Words in a language: one flat JSON file each, so that a translator needs no code. docs/glossary.md. */

/** A text with {slots}, or its forms by plural category (Unicode CLDR) of the slot {count}. */
export type Phrase = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>
export type Words = Readonly<Record<string, Phrase>>
export type Slots = Readonly<Record<string, string | number>>

/**
 * Fills in a phrase. An unknown key is a programmer's mistake: completeness of every language is tested.
 * @throws RangeError for it.
 */
export function phrase(words: Words, language: string, key: string, slots: Slots = {}): string {
  const entry = words[key]
  if (entry === undefined) throw new RangeError(`no words for ${key}`)
  const text = typeof entry === "string" ? entry : pluralForm(entry, language, Number(slots.count))
  return text.replace(/\{(\w+)\}/g, (whole, slot: string) => String(slots[slot] ?? whole))
}

function pluralForm(forms: Exclude<Phrase, string>, language: string, count: number): string {
  return forms[new Intl.PluralRules(language).select(count)] ?? forms.other ?? ""
}

/** Keys that `other` lacks or has beyond `reference`: for the tests of completeness. */
export function missingWords(reference: Words, other: Words): readonly string[] {
  const keys = new Set([...Object.keys(reference), ...Object.keys(other)])
  return [...keys].filter((key) => !(key in reference) || !(key in other))
}

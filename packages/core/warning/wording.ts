import { type Charter, languageIndex, type Wording } from "../charter/charter.ts"
import { formatDay } from "../time/format.ts"
import type { Instant } from "../time/instant.ts"
import type { WarningCore, WarningText } from "./warning.ts"

export const wordingById = (charter: Charter, id: number): Wording | undefined =>
  charter.wordings.find((wording) => wording.id === id)

/** Names of the areas in one language, as the charter has them: "Chechnya, Ingushetia". */
export const areaNames = (charter: Charter, areas: readonly number[], language: number): string =>
  areas
    .map((id) => charter.areas.find((area) => area.id === id)?.names[language] ?? "")
    .filter((name) => name !== "")
    .join(", ")

/**
 * An approved wording with its slots filled, in every language of the charter. The text is not signed as such:
 * the charter's quorum signed the wording, the officer the slots.
 */
export function fillWording(
  charter: Charter,
  wording: Wording,
  slots: { readonly areas: readonly number[]; readonly since: Instant },
): readonly WarningText[] {
  return wording.texts.map((text, i) => {
    const language = charter.languages[i]?.tag ?? ""
    const values: Readonly<Record<string, string>> = {
      area: areaNames(charter, slots.areas, i),
      since: formatDay(slots.since, language, charter),
    }
    const fill = (template: string): string =>
      template.replace(/\{(area|since)\}/g, (_, slot: string) => values[slot] ?? "")
    return {
      language,
      headline: fill(text.headline),
      description: fill(text.description),
      instruction: fill(text.instruction),
    }
  })
}

/** The text in the language wanted, else in the charter's first language, else the first there is. */
export function textIn(texts: readonly WarningText[], charter: Charter, language: string): WarningText {
  const fallback = charter.languages.map(({ tag }) => texts.find((text) => text.language === tag))
  return (texts.find((text) => text.language === language) ??
    fallback.find(Boolean) ??
    texts[0]) as WarningText
}

/** Every area that `ids` name, with the areas that lie in them. */
export function areaClosure(charter: Charter, ids: readonly number[]): ReadonlySet<number> {
  const inside = new Set(ids)
  // Parents stand before their children (rule C2).
  for (const area of charter.areas) if (inside.has(area.parent)) inside.add(area.id)
  return inside
}

/** How a core's own areas read in a language; "" when it names none. */
export const areasOf = (core: WarningCore, charter: Charter, language: string): string =>
  areaNames(charter, core.areas, Math.max(0, languageIndex(charter, language)))

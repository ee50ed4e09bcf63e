/** A warning in free words that is begun and never signed, as the desk's window saves it. */
import type { DraftForm } from "@kunak/desk/warnings/form"
import { type TypedWords, wordsOf } from "../canaries/typed.ts"

export const warningForm = (typed: TypedWords): DraftForm => {
  const text = {
    headline: wordsOf(typed, "warning begun: headline"),
    description: wordsOf(typed, "warning begun: description"),
    instruction: wordsOf(typed, "warning begun: instruction"),
  }
  return {
    kind: "free",
    wording: 0,
    areas: [2],
    since: "",
    starts: "",
    hours: 48,
    severity: "Severe",
    urgency: "Immediate",
    certainty: "Likely",
    responses: ["Avoid"],
    texts: { ru: text, en: text },
    note: wordsOf(typed, "warning begun: note"),
    sources: [],
    replaces: "",
  }
}

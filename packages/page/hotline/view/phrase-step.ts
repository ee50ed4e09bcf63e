/** Ten words, shown once. */
import { phraseWords } from "@kunak/core/phrase/phrase"
import { labelled, privateField } from "./field.ts"
import { button, buttons, type Hub, type Opening, paragraph, type Step } from "./hub.ts"
import { openingOf } from "./opening.ts"
import { practiceStep } from "./practice.ts"
import { signView } from "./sign-view.ts"

export function phraseStep(hub: Hub, opening: Opening): Step {
  const field = privateField({ id: "ask-phrase", rows: 10, readOnly: true, className: "words" })
  field.value = phraseWords(opening.phrase)
    .map((word, i) => `${String(i + 1).padStart(2, "\u2007")}  ${word}`)
    .join("\n")
  return {
    heading: () => hub.place().speech.say("live.phrase"),
    draw: () => {
      const { speech } = hub.place()
      const how = paragraph("", speech.say("live.phraseHow"))
      const [label, ...rest] = labelled(field, speech.say("live.phrase"), how)
      // The heading says it to who sees.
      if (label) label.className = "unseen"
      return [
        ...(label ? [label] : []),
        ...rest,
        signView(hub, opening, "ask-sign"),
        paragraph("", speech.say("live.signHow")),
        buttons(
          button(speech.say("live.phraseKnown"), "", () => {
            field.value = ""
            hub.go(practiceStep(hub, opening))
          }),
          button(speech.say("live.phraseOther"), "quiet", () => hub.go(phraseStep(hub, openingOf(hub)))),
        ),
      ]
    },
  }
}

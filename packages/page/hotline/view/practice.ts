/** The words typed back before anything is written: whoever does not know them yet learns it now. */
import { element } from "../../view/element.ts"
import { enterTalk } from "./enter.ts"
import { button, buttons, type Hub, type Opening, paragraph, type Step } from "./hub.ts"
import { openingOf } from "./opening.ts"
import { phraseStep } from "./phrase-step.ts"
import { signView } from "./sign-view.ts"
import { wordsForm } from "./words-form.ts"

export function practiceStep(hub: Hub, opening: Opening): Step {
  const form = wordsForm(hub)
  const result = element("div", "")
  return {
    heading: () => hub.place().speech.say("live.practice"),
    draw: () => {
      const { speech } = hub.place()
      const wanted = String(opening.phrase.indices)
      return [
        ...form.draw(speech.say("live.practiceHow"), (typed) => {
          if (typed.language === opening.phrase.language && String(typed.indices) === wanted) {
            void enterTalk(hub, opening, false)
            return
          }
          const wrong = paragraph("means", speech.say("live.practiceWrong"))
          result.replaceChildren(wrong, signView(hub, openingOf(hub, typed), "ask-sign"))
          hub.announce(speech.say("live.practiceWrong"))
        }),
        result,
        buttons(button(speech.say("live.practiceAgain"), "quiet", () => hub.go(phraseStep(hub, opening)))),
      ]
    },
  }
}

/** Coming back: ten words, then their sign, which its owner alone can tell from another. There is no wrong phrase (rule J1). */

import { enterTalk } from "./enter.ts"
import { button, buttons, type Hub, type Opening, paragraph, type Step } from "./hub.ts"
import { openingOf } from "./opening.ts"
import { signView } from "./sign-view.ts"
import { type WordsForm, wordsForm } from "./words-form.ts"

export function backStep(hub: Hub, form: WordsForm = wordsForm(hub)): Step {
  return {
    heading: () => hub.place().speech.say("live.back"),
    draw: () =>
      form.draw(hub.place().speech.say("live.backHow"), (phrase) =>
        hub.go(signStep(hub, openingOf(hub, phrase), form)),
      ),
  }
}

const signStep = (hub: Hub, opening: Opening, form: WordsForm): Step => ({
  heading: () => hub.place().speech.say("live.signAsk"),
  draw: () => {
    const { speech } = hub.place()
    return [
      signView(hub, opening, "ask-sign"),
      paragraph("", speech.say("live.signAskHow")),
      buttons(
        button(speech.say("live.signYes"), "", () => void enterTalk(hub, opening, true)),
        button(speech.say("live.signNo"), "quiet", () => hub.go(backStep(hub, form))),
      ),
    ]
  },
})

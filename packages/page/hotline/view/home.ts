/** What happens, who reads, how long it takes, when somebody last read: before anything is asked of anybody. */
import { formatTime } from "@kunak/core/time/format"
import { backStep } from "./back.ts"
import { button, buttons, type Hub, paragraph, type Step } from "./hub.ts"
import { lastReading } from "./last-reading.ts"
import { openingOf } from "./opening.ts"
import { phraseStep } from "./phrase-step.ts"

export const homeStep = (hub: Hub): Step => ({
  heading: null,
  draw: () => {
    const { speech, index } = hub.place()
    const { charter } = hub.own.bulletin.chain.current
    if (hub.isSavedCopy) return [paragraph("", speech.say("live.askSaved", { address: hub.address }))]
    const organisation = charter.languages[index]?.organisation ?? ""
    const read = lastReading(hub.own)
    return [
      paragraph("", speech.say("live.askWho", { organisation })),
      paragraph("", speech.say("live.askHow")),
      paragraph("", speech.say("live.askLong")),
      read === null
        ? paragraph("means", speech.say("live.lastReadLong"))
        : paragraph(
            "",
            speech.say("live.lastRead", {
              time: formatTime(read, charter.languages[index]?.tag ?? "", charter),
            }),
          ),
      paragraph("", speech.say("live.askLeave")),
      buttons(
        button(speech.say("live.askNew"), "", () => hub.go(phraseStep(hub, openingOf(hub)))),
        button(speech.say("live.askBack"), "quiet", () => hub.go(backStep(hub))),
      ),
    ]
  },
})

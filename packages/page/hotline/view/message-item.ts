/** One message of a conversation: the field in which it was written, and how far it got. */
import { instantFromMs } from "@kunak/core/time/instant"
import { element } from "../../view/element.ts"
import type { MessageProgress } from "../visit-state.ts"
import { labelled } from "./field.ts"
import { button, type Hub, paragraph } from "./hub.ts"
import { type Item, setText } from "./item.ts"
import { spanIn } from "./span-in.ts"

/** @param field in which it was written. @param restore gets the text of a message that was taken back. */
export function messageItem(
  hub: Hub,
  id: string,
  field: HTMLTextAreaElement,
  restore: (text: string) => void,
): Item {
  const view = element("div", "item mine")
  const status = paragraph("told", "")
  const back = button("", "quiet", () => {
    const text = field.value
    if (!hub.visit.takeBack(id)) return hub.announce(hub.place().speech.say("live.tooLate"))
    field.value = ""
    restore(text)
  })
  let before: MessageProgress | null = null

  const draw = (): void => {
    const { speech } = hub.place()
    back.textContent = speech.say("live.takeBack")
    view.replaceChildren(...labelled(field, speech.say("live.sent")), status, back)
  }
  draw()
  return {
    view,
    isMine: true,
    time: instantFromMs(Date.now()),
    draw,
    update: (state) => {
      const { messages, nextSendSeconds } = state
      const progress = messages.find((one) => one.id === id)?.progress
      if (!progress) return
      const { speech } = hub.place()
      const span = spanIn(speech, nextSendSeconds ?? 0)
      const sentence =
        hub.soon()?.told(state, id, span, speech.language) ??
        speech.say(nextSendSeconds === null ? "live.waitingOver" : "live.waiting", { span })
      setText(status, sentence)
      back.hidden = progress !== "waiting"
      if (before !== progress) hub.announce(sentence)
      before = progress
    },
  }
}

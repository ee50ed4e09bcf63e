/** One message of a conversation: the field in which it was written, and how far it got. */
import { instantFromMs } from "@kunak/core/time/instant"
import { element } from "../../view/element.ts"
import type { MessageProgress, VisitState } from "../visit-state.ts"
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
    if (!hub.visit.takeBack(id)) {
      refusedAt = hub.visit.state().tick
      return hub.announce(show(hub.visit.state()))
    }
    field.value = ""
    restore(text)
  })
  let before: MessageProgress | null = null
  /** The tick after which it could not be taken back: what was closed then has left or come back by the next. */
  let refusedAt: number | null = null

  const draw = (): void => {
    const { speech } = hub.place()
    back.textContent = speech.say("live.takeBack")
    view.replaceChildren(...labelled(field, speech.say("live.sent")), status, back)
  }
  const show = (state: VisitState): string => {
    const { speech } = hub.place()
    const { progress, leavesInSeconds = null } = state.messages.find((one) => one.id === id) ?? {}
    const isRefused = progress === "waiting" && refusedAt === state.tick
    const span = spanIn(speech, leavesInSeconds ?? 0)
    const sentence =
      hub.soon()?.told(state, id, span, speech.language) ??
      speech.say(
        isRefused ? "live.tooLate" : leavesInSeconds === null ? "live.waitingOver" : "live.waiting",
        { span },
      )
    setText(status, sentence)
    back.hidden = progress !== "waiting" || isRefused
    return sentence
  }
  draw()
  return {
    view,
    isMine: true,
    time: instantFromMs(Date.now()),
    draw,
    update: (state) => {
      const progress = state.messages.find((one) => one.id === id)?.progress
      if (!progress) return
      const sentence = show(state)
      if (before !== progress) hub.announce(sentence)
      before = progress
    },
  }
}

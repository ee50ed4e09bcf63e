/** One conversation: answers as they come, messages with how far they got, and room to write. */
import { THREAD_SLOTS } from "@kunak/core/parameters"
import { formatTime } from "@kunak/core/time/format"
import type { Instant } from "@kunak/core/time/instant"
import { element } from "../../view/element.ts"
import { isCutOff } from "../../view/whole.ts"
import { composer } from "./composer.ts"
import { endingSeconds } from "./ending.ts"
import { button, buttons, type Hub, paragraph, type Step } from "./hub.ts"
import type { Item } from "./item.ts"
import { messageItem } from "./message-item.ts"
import { spanIn } from "./span-in.ts"
import { lessThan } from "./wait.ts"

/** @param isReturn there may be answers, which are looked for. */
export function talkStep(hub: Hub, isReturn: boolean): Step {
  const { visit, own } = hub
  const { tickMs } = own.bulletin.chain.current.charter
  const items = new Map<string, Item>()
  const list = element("div", "talk")
  const trouble = element("div", "trouble")
  trouble.setAttribute("role", "status")
  const looking = paragraph("", "")
  const ending = paragraph("means", "")
  const write = composer(hub, (id, field) => {
    items.set(
      id,
      messageItem(hub, id, field, (text) => write.takeBack(text)),
    )
  })
  const timeOf = (time: Instant): string => {
    const { charter } = own.bulletin.chain.current
    return formatTime(time, charter.languages[hub.place().index]?.tag ?? "", charter)
  }
  const seconds = (ticks: number): string => spanIn(hub.place().speech, (ticks * tickMs) / 1000)

  const show = (sentences: readonly string[], within: HTMLElement): void => {
    const shown = Array.from(within.children, ({ textContent }) => textContent)
    if (shown.join("\n") !== sentences.join("\n"))
      within.replaceChildren(...sentences.map((one) => paragraph("", one)))
  }

  function update(): void {
    const state = visit.state()
    const { speech } = hub.place()
    const soon = hub.soon()
    const cutOff = isCutOff() ? [speech.say("live.cutOff")] : []
    show([...cutOff, ...(soon?.troubles(state, speech.language) ?? [])], trouble)
    for (const reply of state.replies) {
      if (soon && !items.has(reply.id)) items.set(reply.id, soon.replyItem(hub, reply))
    }
    const gone = [...items].filter(
      ([id, { isMine }]) => isMine && !state.messages.some((one) => one.id === id),
    )
    for (const [id, { view }] of gone) {
      view.remove()
      items.delete(id)
    }
    const ordered = [...items.values()].sort((a, b) => a.time - b.time)
    ordered.forEach(({ view }, i) => {
      if (list.children[i] !== view) list.insertBefore(view, list.children[i] ?? null)
    })
    for (const item of items.values()) item.update(state)
    const { rounds, isOver, openedAt, nextSendSeconds, lastSendSeconds } = state
    const isEmpty = isReturn && state.replies.length === 0 && !isOver
    looking.hidden = !isEmpty
    looking.textContent = !isEmpty
      ? ""
      : rounds === 0
        ? speech.say("live.talkLooking", { span: seconds(THREAD_SLOTS + 1) })
        : openedAt !== null && soon
          ? soon.say(speech.language, "soon.reached", { time: timeOf(openedAt) })
          : speech.say("live.talkNothing")
    ending.hidden = isOver || lastSendSeconds > endingSeconds(own)
    ending.textContent = ending.hidden
      ? ""
      : nextSendSeconds === null
        ? (soon?.say(speech.language, "soon.closing") ?? "")
        : speech.say("live.ending", { span: spanIn(speech, lessThan(lastSendSeconds)) })
    write.update(state)
  }

  return {
    heading: () => hub.place().speech.say("live.talk"),
    draw: () => {
      list.replaceChildren()
      for (const item of items.values()) item.draw()
      return [
        trouble,
        looking,
        list,
        ...write.draw(),
        ending,
        buttons(button(hub.place().speech.say("live.forget"), "quiet", () => hub.forget())),
      ]
    },
    update,
  }
}

/** One conversation: answers as they come, messages with how far they got, and room to write. */
import { THREAD_SLOTS, TICKS } from "@kunak/core/parameters"
import type { WordsByLanguage } from "../../document/words.ts"
import { element } from "../../view/element.ts"
import { speechOf } from "../../view/live-speech.ts"
import type { Visit } from "../visit-state.ts"
import { composer } from "./composer.ts"
import { button, buttons, type Carried, paragraph, type Step, type TalkHub } from "./hub.ts"
import { type Item, messageItem, replyItem } from "./items.ts"
import { spanIn } from "./span-in.ts"
import { troubles } from "./trouble.ts"

/** From so many ticks before the last on, the page says that it will stop. */
const ENDING_TICKS = 5

/** @param words of the second script, in every language of the page. */
export const talkIn =
  (visit: Visit, words: WordsByLanguage): Carried["talk"] =>
  (hub, isReturn) =>
    talkStep({ ...hub, visit, speech: () => speechOf(words, hub.place().root.lang) }, isReturn)

function talkStep(hub: TalkHub, isReturn: boolean): Step {
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
  const seconds = (ticks: number): string => spanIn(hub.speech(), (ticks * tickMs) / 1000)

  const show = (sentences: readonly string[], within: HTMLElement): void => {
    const shown = Array.from(within.children, ({ textContent }) => textContent)
    if (shown.join("\n") !== sentences.join("\n"))
      within.replaceChildren(...sentences.map((one) => paragraph("", one)))
  }

  function update(): void {
    const state = visit.state()
    const speech = hub.speech()
    show(
      troubles(state).map((key) => speech.say(key)),
      trouble,
    )
    for (const reply of state.replies) {
      if (!items.has(reply.id)) items.set(reply.id, replyItem(hub, reply))
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
    const { tick, rounds, isOver } = state
    const isEmpty = isReturn && state.replies.length === 0 && !isOver
    looking.hidden = !isEmpty
    looking.textContent = isEmpty
      ? speech.say(rounds > 0 ? "later.talkNothing" : "later.talkLooking", {
          span: seconds(THREAD_SLOTS + 1),
        })
      : ""
    const left = TICKS - 1 - tick
    ending.hidden = isOver || left > ENDING_TICKS
    ending.textContent = ending.hidden ? "" : speech.say("later.ending", { span: seconds(left) })
    write.update(state)
  }

  return {
    heading: () => hub.speech().say("later.talk"),
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

/** One answer of a conversation, as its parts come. */
import { formatTime } from "@kunak/core/time/format"
import type { Instant } from "@kunak/core/time/instant"
import { element } from "../../view/element.ts"
import type { SoonSpeech } from "../../view/live-speech.ts"
import type { Reply } from "../visit-state.ts"
import { endingSeconds } from "./ending.ts"
import { grow, labelled, privateField, put } from "./field.ts"
import { button, buttons, type Hub, paragraph } from "./hub.ts"
import { type Item, setText } from "./item.ts"
import { toldOfReply } from "./told-reply.ts"

/** @param speak in the language of the page, which may change. */
export function replyItem(hub: Hub, first: Reply, speak: () => SoonSpeech): Item {
  const field = privateField({ id: `ask-reply-${first.id}`, rows: 3, readOnly: true })
  const view = element("div", "item")
  const status = paragraph("told", "")
  const read = button("", "quiet", () => {
    hub.visit.markRead(first.id)
    field.focus()
  })
  const how = paragraph("hint", "")
  let had = 0

  const timeOf = (time: number): string => {
    const { charter } = hub.own.bulletin.chain.current
    return formatTime(time as Instant, charter.languages[hub.place().index]?.tag ?? "", charter)
  }
  /** Above a long text, how much of it is here: what is said below is out of sight. */
  const titleOf = ({ written, parts }: Reply): string => {
    const title = speak().say("soon.reply", { time: timeOf(written) })
    return parts.includes(null) ? `${title} (${hereOf(parts)}/${parts.length})` : title
  }
  const draw = (): void => {
    how.textContent = speak().say("soon.replyReadHow")
    view.replaceChildren(...labelled(field, titleOf(first)), status, buttons(read), how)
  }
  draw()
  return {
    view,
    isMine: false,
    time: first.written,
    draw,
    update: (state) => {
      const reply = state.replies.find(({ id }) => id === first.id)
      if (!reply) return
      const speech = speak()
      const here = hereOf(reply.parts)
      const { key, canMark } = toldOfReply(reply, state, endingSeconds(hub.own))
      const sentence = speech.say(key, { time: timeOf(reply.expires), count: here, all: reply.parts.length })
      setText(status, sentence)
      setText(field.labels[0] as HTMLElement, titleOf(reply))
      setText(read, speech.say(here < reply.parts.length ? "soon.replyReadParts" : "soon.replyRead"))
      read.hidden = how.hidden = !canMark
      if (here > had) {
        put(field, textOf(reply.parts))
        hub.announce(`${titleOf(reply)}. ${sentence}`)
      }
      had = here
      grow(field)
    },
  }
}

const hereOf = (parts: Reply["parts"]): number => parts.filter((part) => part !== null).length

/** Parts in their places; a gap shows where one is missing. */
export const textOf = (parts: readonly (string | null)[]): string =>
  parts
    .reduce<string>(
      (text, part, i) => (part === null ? (parts[i - 1] === null ? text : `${text}\n[ … ]\n`) : text + part),
      "",
    )
    .trimStart()

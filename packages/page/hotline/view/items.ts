/** One message or one answer of a conversation. */
import { formatTime } from "@kunak/core/time/format"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"
import { element } from "../../view/element.ts"
import type { LaterKey } from "../../view/live-speech.ts"
import type { MessageProgress, Reply, VisitState } from "../visit-state.ts"
import { grow, labelled, privateField, put } from "./field.ts"
import { button, buttons, paragraph, type TalkHub } from "./hub.ts"
import { spanIn } from "./span-in.ts"

export interface Item {
  readonly view: HTMLElement
  readonly isMine: boolean
  /** By which a conversation is ordered: seconds since 1970. */
  readonly time: number
  /** In the page's language, which may have changed. */
  draw(): void
  update(state: VisitState): void
}

const setText = (where: HTMLElement, text: string): void => {
  if (where.textContent !== text) where.textContent = text
}

/** @param field in which it was written. @param restore gets the text of a message that was taken back. */
export function messageItem(
  hub: TalkHub,
  id: string,
  field: HTMLTextAreaElement,
  restore: (text: string) => void,
): Item {
  const view = element("div", "item mine")
  const status = paragraph("told", "")
  const back = button("", "quiet", () => {
    const text = field.value
    if (!hub.visit.takeBack(id)) return hub.announce(hub.speech().say("later.tooLate"))
    field.value = ""
    restore(text)
  })
  let before: MessageProgress | null = null

  const draw = (): void => {
    const speech = hub.speech()
    back.textContent = speech.say("later.takeBack")
    view.replaceChildren(...labelled(field, speech.say("later.sent")), status, back)
  }
  draw()
  return {
    view,
    isMine: true,
    time: instantFromMs(Date.now()),
    draw,
    update: ({ messages, nextSendSeconds }) => {
      const progress = messages.find((one) => one.id === id)?.progress
      if (!progress) return
      const speech = hub.speech()
      const sentence =
        progress !== "waiting"
          ? speech.say(`later.${progress}`)
          : nextSendSeconds === null
            ? speech.say("later.waitingOver")
            : speech.say("later.waiting", { span: spanIn(speech, nextSendSeconds) })
      setText(status, sentence)
      back.hidden = progress !== "waiting"
      if (before !== progress) hub.announce(sentence)
      before = progress
    },
  }
}

export function replyItem(hub: TalkHub, first: Reply): Item {
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
  const draw = (): void => {
    const speech = hub.speech()
    read.textContent = speech.say("later.replyRead")
    how.textContent = speech.say("later.replyReadHow")
    view.replaceChildren(
      ...labelled(field, speech.say("later.reply", { time: timeOf(first.written) })),
      status,
      buttons(read),
      how,
    )
  }
  draw()
  return {
    view,
    isMine: false,
    time: first.written,
    draw,
    update: ({ replies }) => {
      const reply = replies.find(({ id }) => id === first.id)
      if (!reply) return
      const speech = hub.speech()
      const here = reply.parts.filter((part) => part !== null).length
      const isWhole = here === reply.parts.length
      const sentence = reply.isRead
        ? speech.say("later.replyIsRead")
        : isWhole
          ? speech.say("later.replyUntil", { time: timeOf(reply.expires) })
          : speech.say("later.replyParts", { count: here, all: reply.parts.length })
      setText(status, sentence)
      read.hidden = how.hidden = !isWhole || reply.isRead
      if (here > had) {
        put(field, textOf(reply.parts))
        const key: LaterKey = "later.reply"
        hub.announce(`${speech.say(key, { time: timeOf(reply.written) })}. ${sentence}`)
      }
      had = here
      grow(field)
    },
  }
}

/** Parts in their places; a gap shows where one is missing. */
export const textOf = (parts: readonly (string | null)[]): string =>
  parts
    .reduce<string>(
      (text, part, i) => (part === null ? (parts[i - 1] === null ? text : `${text}\n[ … ]\n`) : text + part),
      "",
    )
    .trimStart()

/** Where a message is written: how much room is left, and by how much it is too long. */
import type { VisitState } from "../visit-state.ts"
import { grow, labelled, privateField, put } from "./field.ts"
import { button, buttons, type Hub, paragraph } from "./hub.ts"
import { roomLeft } from "./room.ts"

export interface Composer {
  draw(): readonly HTMLElement[]
  update(state: VisitState): void
  /** A message that was taken back can be written on. */
  takeBack(text: string): void
}

/** Below so many letters the room is said at every letter. */
const TIGHT = 300

/** @param sent gets the field in which the message was written: its text stays there and nowhere else. */
export function composer(hub: Hub, sent: (id: string, field: HTMLTextAreaElement) => void): Composer {
  let count = 0
  const room = paragraph("told", "")
  const fault = paragraph("told", "")
  fault.setAttribute("role", "status")
  const send = button("", "", () => submit())
  const reload = button("", "", () => location.reload())
  let field = fresh()

  function fresh(): HTMLTextAreaElement {
    const made = privateField({ id: `ask-message-${count++}`, rows: 6, className: "draft" })
    made.addEventListener("input", () => {
      fault.textContent = ""
      tellRoom()
    })
    return made
  }

  function tellRoom(): void {
    const left = roomLeft(field.value)
    const { speech } = hub.place()
    room.classList.toggle("means", left < TIGHT)
    room.textContent =
      left < 0 ? speech.say("live.over", { count: -left }) : speech.say("live.left", { count: left })
  }

  function submit(): void {
    const { speech } = hub.place()
    const given = hub.visit.send(field.value)
    if (!given.ok) {
      // By how much it is too long stands there already: for a screen reader once more.
      if (given.error.kind === "empty") fault.textContent = speech.say("live.empty")
      else hub.announce(speech.say("live.over", { count: given.error.over }))
      field.focus()
      return
    }
    const [written, next] = [field, fresh()]
    written.readOnly = true
    written.removeAttribute("aria-describedby")
    written.replaceWith(next)
    field = next
    describe()
    sent(given.id, written)
    fault.textContent = ""
    tellRoom()
    // Focus stays at hand: on what was written, whose state stands below it.
    setTimeout(() => written.focus())
  }

  function describe(): void {
    for (const label of field.parentElement?.querySelectorAll<HTMLLabelElement>("label.write") ?? [])
      label.htmlFor = field.id
    field.setAttribute("aria-describedby", "ask-write-hint")
  }

  return {
    draw: () => {
      const { speech } = hub.place()
      send.textContent = speech.say("live.send")
      reload.textContent = speech.say("live.reload")
      const [label, hint, control] = labelled(
        field,
        speech.say("live.write"),
        paragraph("", speech.say("live.writeHow")),
      )
      if (label) label.className = "write"
      if (hint) hint.id = "ask-write-hint"
      field.setAttribute("aria-describedby", "ask-write-hint")
      tellRoom()
      setTimeout(() => grow(field))
      return [label, hint, control, room, fault, buttons(send, reload)].filter((part) => part !== undefined)
    },
    update: ({ isOver, nextSendSeconds }) => {
      send.hidden = isOver || nextSendSeconds === null
      reload.hidden = !isOver
    },
    takeBack: (text) => {
      put(field, [text, field.value].filter((part) => part !== "").join("\n\n"))
      tellRoom()
      field.focus()
    },
  }
}

/** One person's way through the hotline: which step is shown, in which language, and that nothing is left of it. */
import type { Edition } from "@kunak/core/edition/verify"
import { all, element } from "../../view/element.ts"
import type { LivePlace } from "../../view/place.ts"
import type { Visit } from "../visit-state.ts"
import { homeStep } from "./home.ts"
import { type Hub, paragraph, type Soon, type Step } from "./hub.ts"
import { dropPending } from "./pending.ts"

export interface SessionParts {
  readonly visit: Visit
  readonly soon: Promise<Soon>
  readonly own: Edition
  readonly isSavedCopy: boolean
  readonly address: string
}

export interface Session {
  /** Into the place whose language is shown. */
  show(place: LivePlace): void
  /** Everything that was typed or has come, at once. */
  forget(): void
}

const SECOND = 1000

export function openSession(
  { visit, soon, own, isSavedCopy, address }: SessionParts,
  first: LivePlace,
): Session {
  let place = first
  let brought: Soon | null = null
  const region = element("div", "hotline")
  const announced = paragraph("unseen", "")
  announced.setAttribute("role", "status")
  const hub: Hub = {
    visit,
    soon: () => brought,
    own,
    isSavedCopy,
    address,
    pending: new Set(),
    place: () => place,
    go: (next) => {
      step = next
      const heading = draw()
      region.closest("section")?.scrollIntoView()
      heading?.focus({ preventScroll: true })
    },
    announce: (sentence) => {
      announced.textContent = sentence
    },
    forget: () => {
      const wasUsed = step.heading !== null
      dropPending(hub)
      visit.enter(null)
      clearControls(region)
      announced.textContent = ""
      step = homeStep(hub)
      draw()
      if (wasUsed) region.closest("section")?.focus()
    },
  }
  let step: Step = homeStep(hub)

  /** @returns its heading, where it has one. */
  function draw(): HTMLElement | null {
    const heading = step.heading && element("h3", "", step.heading())
    if (heading) heading.tabIndex = -1
    region.replaceChildren(...(heading ? [heading] : []), ...step.draw(), announced)
    step.update?.()
    return heading || null
  }

  visit.onChange(() => step.update?.())
  void soon.then((come) => {
    brought = come
    step.update?.()
  })
  setInterval(() => step.update?.(), SECOND)
  const show = (next: LivePlace): void => {
    place = next
    place.root.querySelector('section[id^="ask-"] .with-script')?.append(region)
    draw()
  }
  show(first)
  return { show, forget: () => hub.forget() }
}

/** Of a control that is going nothing stays readable, not even to a browser that keeps old documents. */
export function clearControls(within: ParentNode): void {
  for (const control of all<HTMLInputElement | HTMLTextAreaElement>(within, "textarea, input:not(.tab)")) {
    control.value = ""
  }
}

/** "Leave quickly": after GOV.UK's "Exit this page" pattern. Rule G15. */
import { all } from "./element.ts"

const PRESSES = 3
const WITHIN_MS = 5_000

/** Covers the page before the network answers, and takes its place in the history. */
function leave(page: Document, address: string): void {
  page.documentElement.classList.add("left")
  page.title = "…"
  location.replace(address)
}

export function watchExit(page: Document, address: string): void {
  for (const link of all<HTMLAnchorElement>(page, "a.leave")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      leave(page, link.href)
    })
  }
  let presses: readonly number[] = []
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      presses = []
      return
    }
    if (event.repeat) return
    presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp]
    if (presses.length >= PRESSES) leave(page, address)
  })
}

/** Links within the page move the view but leave no entry in the history, so that leaving leaves one step, not five. */
export function keepHistoryShort(page: Document): void {
  for (const link of all<HTMLAnchorElement>(page, 'a[href^="#"]')) {
    link.addEventListener("click", (event) => {
      const target = page.getElementById(link.hash.slice(1))
      if (!target) return
      event.preventDefault()
      target.scrollIntoView()
      target.focus({ preventScroll: true })
    })
  }
}

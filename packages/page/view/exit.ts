/** "Leave quickly": after GOV.UK's "Exit this page" pattern. Rule G15. */
import { all } from "./element.ts"

const PRESSES = 3
const WITHIN_MS = 5_000

/** Empties what was typed, covers the page before the network answers, and takes its place in the history. */
function leave(page: Document, address: string, forget: () => void): void {
  forget()
  page.documentElement.classList.add("left")
  page.title = "…"
  location.replace(address)
}

/** @param forget removes what was typed: also when the page is left in another way, since a browser may keep it whole to go back to. */
export function watchExit(page: Document, address: string, forget: () => void): void {
  addEventListener("pagehide", forget)
  for (const link of all<HTMLAnchorElement>(page, "a.leave")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      leave(page, link.href, forget)
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
    if (presses.length >= PRESSES) leave(page, address, forget)
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

/** Above the keyboard of a phone that lays it over the page. */
export function keepExitInSight(page: Document): void {
  const seen = window.visualViewport
  if (!seen) return
  const follow = (): void => {
    const covered = Math.max(0, Math.round(innerHeight - seen.height - seen.offsetTop))
    for (const link of all(page, "a.leave")) link.style.marginBottom = covered > 0 ? `${covered}px` : ""
  }
  seen.addEventListener("resize", follow)
  seen.addEventListener("scroll", follow)
}

import { all } from "./element.ts"
import type { LivePlace } from "./place.ts"

/** Shows the visitor's first language that the page has, unless one has been chosen; title and `lang` follow. */
export function followLanguage(
  page: Document,
  places: readonly LivePlace[],
  preferred: readonly string[],
  chosen: (index: number) => void,
): void {
  const tabs = all<HTMLInputElement>(page, "input.tab")
  const wanted = preferred
    .map((tag) => places.findIndex(({ root }) => root.lang === tag.toLowerCase().split("-")[0]))
    .find((index) => index >= 0)
  const tab = tabs[wanted ?? 0]
  if (tab) tab.checked = true
  const follow = (): void => {
    const index = Math.max(
      0,
      tabs.findIndex(({ checked }) => checked),
    )
    const root = places[index]?.root
    if (!root) return
    page.documentElement.lang = root.lang
    page.title = root.dataset.title ?? page.title
    chosen(index)
  }
  for (const one of tabs) one.addEventListener("change", follow)
  follow()
}

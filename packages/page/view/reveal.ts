import { all } from "./element.ts"

/** Shows what a section has for the script and hides what it says without one (rule G7). */
export function reveal(place: HTMLElement, section: string): void {
  const within = `section[id^="${section}-"] `
  for (const part of all(place, `${within}.with-script`)) part.hidden = false
  for (const part of all(place, `${within}.without-script`)) part.hidden = true
}

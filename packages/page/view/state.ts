/** What the page says of itself, calmly, in every language of it. */
import { all, element } from "./element.ts"
import type { LiveKey } from "./live-speech.ts"
import type { LivePlace } from "./place.ts"
import { isCutOff } from "./whole.ts"

export function showCalm(places: readonly LivePlace[], key: LiveKey): void {
  for (const place of places) showIn(place, [], [place.speech.say(key)])
}

/** The page's own signatures do not hold, or can't be checked: nothing else is worth saying. */
export function showSpoilt(places: readonly LivePlace[], key: LiveKey): void {
  for (const place of places) showIn(place, [place.speech.say(key)], [])
}

/** Once all has come that comes, and not the whole. What was found out stays; that the relays will be asked is no longer promised. */
export function sayCutOff(places: readonly LivePlace[]): void {
  if (!isCutOff()) return
  for (const place of places) {
    const { root, speech } = place
    const over = [speech.say("live.cutOff"), speech.say("live.comparing")]
    const said = (selector: string): readonly string[] =>
      all(root, `${selector} p`).flatMap(({ textContent }) => textContent ?? [])
    const kept = (selector: string) => said(selector).filter((sentence) => !over.includes(sentence))
    showIn(place, kept(".alarm"), kept(".live"))
  }
}

/** That the page has not come whole stands above all else, whenever the rest is said. */
export function showIn(
  { root, speech }: LivePlace,
  alarming: readonly string[],
  calm: readonly string[],
): void {
  const fill = (selector: string, sentences: readonly string[]): void => {
    for (const region of all(root, selector)) {
      region.replaceChildren(...sentences.map((one) => element("p", "", one)))
    }
  }
  fill(".alarm", isCutOff() ? [speech.say("live.cutOff"), ...alarming] : alarming)
  fill(".live", calm)
}

/**
 * The third script: what the relays' answers mean, for the page and for a conversation, and sealing, with what it needs where the platform
 * lacks it. The relays are first asked seconds after the exchange has begun, and what is sealed leaves a minute after that.
 */
import { type Instant, instantFromMs } from "@kunak/core/time/instant"
import { letterBox } from "../hotline/letter-box.ts"
import { replyItem } from "../hotline/view/reply-item.ts"
import { toldOf } from "../hotline/view/told.ts"
import { troubles } from "../hotline/view/trouble.ts"
import { assess } from "../state/findings.ts"
import type { RelayState } from "../state/relay-state.ts"
import { markExpired, showFindings } from "./findings-view.ts"
import { readLiveWords, readSoonWords, type SoonKey, speechOf } from "./live-speech.ts"
import { bring, judgeFor, type Opened, opened } from "./opened.ts"
import { findPlaces, type LivePlace, type SoonPlace } from "./place.ts"

const now = (): Instant => instantFromMs(Date.now())

async function main(): Promise<void> {
  const words = readSoonWords(document)
  const speechIn = (language: string) => speechOf<SoonKey>(words, language)
  bring({
    troubles: (state, language) => troubles(state).map((key) => speechIn(language).say(key)),
    told: (state, id, span, language) => {
      const key = toldOf(state, id)
      return key && speechIn(language).say(key, { span })
    },
    say: (language, key, slots) => speechIn(language).say(key, slots),
    replyItem: (hub, first) => replyItem(hub, first, () => speechIn(hub.place().speech.language)),
  })
  const all = await opened
  all.core.letterBox = letterBox
  judge(all, findPlaces(document, readLiveWords(document).words), findPlaces(document, words))
}

function judge(
  { own, addresses, isSavedCopy, visit }: Opened,
  live: readonly LivePlace[],
  soon: readonly SoonPlace[],
): void {
  const places = live.map((place, i) => [place, soon[i] as SoonPlace] as const)
  const { charter } = own.bulletin.chain.current
  // Until the relays have answered, the page can only vouch for itself.
  let judged = assess({ own, relays: [], now: now(), isSavedCopy })
  let clockOff = 0
  let heard: readonly RelayState[] | null = null
  const hear = (): void => {
    const { relays } = visit.state()
    if (!relays || relays === heard) return
    heard = relays
    const at = now()
    judged = assess({ own, relays, now: at, isSavedCopy })
    clockOff = at - judged.time
    showFindings(places, judged.findings, charter, addresses[0])
    markExpired(places, judged.time)
  }
  visit.onChange(hear)
  // They may have answered before this script came.
  hear()
  judgeFor({ time: () => (now() - clockOff) as Instant, isFresh: () => judged.isFresh })
}

void main()

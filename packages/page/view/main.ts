/**
 * What the page can do besides being read: verify itself, ask both relays whether it is the newest, carry the hotline.
 * Nothing above depends on it, and nothing is stored.
 */
import "./old-platform.ts"
import { type Edition, verifyEdition } from "@kunak/core/edition/verify"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"
import { fromDataText } from "../document/data-text.ts"
import { BLOCK_IDS } from "../document/extract.ts"
import { type PageVariant, relayAddresses } from "../document/relay-addresses.ts"
import { clearControls, openSession, type Session } from "../hotline/view/session.ts"
import { assess } from "../state/findings.ts"
import type { RelayState } from "../state/relay-state.ts"
import { keepExitInSight, keepHistoryShort, watchExit } from "./exit.ts"
import { followLanguage } from "./language.ts"
import { readLiveWords } from "./live-speech.ts"
import { carried, openFor } from "./opened.ts"
import { findPlaces, type LivePlace } from "./place.ts"
import { reveal } from "./reveal.ts"
import { markExpired, showCalm, showFindings, showSpoilt } from "./state.ts"

const now = (): Instant => instantFromMs(Date.now())

const block = (id: string): Uint8Array =>
  fromDataText(document.getElementById(id)?.textContent ?? "") ?? new Uint8Array()

async function main(): Promise<void> {
  const live = readLiveWords(document)
  const places: readonly LivePlace[] = findPlaces(document, live.words)
  let session: Session | undefined
  let shown = 0
  watchExit(document, places[0]?.speech.say("exit.address") ?? "", () => {
    session?.forget()
    clearControls(document)
  })
  keepHistoryShort(document)
  keepExitInSight(document)
  followLanguage(document, places, navigator.languages, (index) => {
    shown = index
    const place = places[index]
    if (place) session?.show(place)
  })
  // Browsers of 2020 on a plain address: nothing can be checked there, so nothing is said to be wrong.
  if (!globalThis.crypto?.subtle) return showSpoilt(places, "live.insecure")
  showCalm(places, "live.checking")
  const own = await verifyEdition(block(BLOCK_IDS.header), block(BLOCK_IDS.bulletin), null)
  if (!own.ok)
    return showSpoilt(places, own.error.kind === "expired-charter" ? "live.charterExpired" : "live.spoilt")
  const place = places[shown]
  if (place) session = watch(own.value, places, place, live.variant)
}

function watch(own: Edition, places: readonly LivePlace[], shown: LivePlace, variant: PageVariant): Session {
  const { chain } = own.bulletin
  const addresses = relayAddresses(chain.current.charter, variant)
  const isSavedCopy = !location.protocol.startsWith("http")
  // Until the relays have answered, the page can only vouch for itself.
  let judged = assess({ own, relays: [], now: now(), isSavedCopy })
  let clockOff = 0
  showCalm(places, "live.comparing")
  void carried.then(({ visit }) => {
    let heard: readonly RelayState[] | null = null
    visit.onChange(() => {
      const { relays } = visit.state()
      if (!relays || relays === heard) return
      heard = relays
      const at = now()
      judged = assess({ own, relays, now: at, isSavedCopy })
      clockOff = at - judged.time
      showFindings(places, judged.findings, chain.current.charter, addresses[0])
      markExpired(places, judged.time)
    })
  })
  addEventListener("load", () => {
    if (!globalThis.kunakKem) showSpoilt(places, "live.cutOff")
  })
  openFor({ own, addresses, time: () => (now() - clockOff) as Instant, isFresh: () => judged.isFresh })
  for (const { root } of places) for (const name of ["ask", "exit"]) reveal(root, name)
  return openSession({ carried, own, isSavedCopy, address: addresses[0] }, shown)
}

void main()

/**
 * What the page can do besides being read: verify itself, ask both relays whether it is the newest, carry the hotline.
 * Nothing above depends on it, and nothing is stored.
 */
import "./old-platform.ts"
import { type Edition, verifyEdition } from "@kunak/core/edition/verify"
import { unpackLists } from "@kunak/core/phrase/lists"
import { fromDataText } from "../document/data-text.ts"
import { BLOCK_IDS } from "../document/extract.ts"
import { type PageVariant, relayAddresses } from "../document/relay-addresses.ts"
import { browserEdges } from "../hotline/edges.ts"
import { clearControls, openSession, type Session } from "../hotline/view/session.ts"
import { openVisit } from "../hotline/visit.ts"
import { keepExitInSight, keepHistoryShort, watchExit } from "./exit.ts"
import { followLanguage } from "./language.ts"
import { readLiveWords } from "./live-speech.ts"
import { openFor, soon } from "./opened.ts"
import { findPlaces, type LivePlace } from "./place.ts"
import { reveal } from "./reveal.ts"
import { sayCutOff, showCalm, showSpoilt } from "./state.ts"

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

/** Whoever asks for help can do so now; the exchange begins with the next script, the same for everybody. */
function watch(own: Edition, places: readonly LivePlace[], shown: LivePlace, variant: PageVariant): Session {
  const addresses = relayAddresses(own.bulletin.chain.current.charter, variant)
  const isSavedCopy = !location.protocol.startsWith("http")
  showCalm(places, "live.comparing")
  sayCutOff(places)
  const { visit, core } = openVisit({ own, addresses, edges: browserEdges() })
  addEventListener("load", () => sayCutOff(places))
  void unpackLists()
  openFor({ own, addresses, isSavedCopy, visit, core })
  for (const { root } of places) for (const name of ["ask", "exit"]) reveal(root, name)
  return openSession({ visit, soon, own, isSavedCopy, address: addresses[0] }, shown)
}

void main()

/**
 * What the page can do besides being read: verify itself, ask both relays whether it is the newest, check a
 * warning. Nothing above depends on it, and nothing is stored.
 */
import "./old-platform.ts"
import { fromBase64 } from "@kunak/core/bytes/base64"
import { type Edition, verifyEdition } from "@kunak/core/edition/verify"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"
import { BLOCK_IDS } from "../document/extract.ts"
import { type PageVariant, relayAddresses } from "../document/relay-addresses.ts"
import { askForHeader } from "../exchange/headers.ts"
import { assess } from "../state/findings.ts"
import { judgeAnswer } from "../state/relay-state.ts"
import { openCheckForm } from "./check-form.ts"
import { all } from "./element.ts"
import { keepHistoryShort, watchExit } from "./exit.ts"
import { followLanguage } from "./language.ts"
import { liveSpeech, readLiveWords } from "./live-speech.ts"
import { offerMessages } from "./pass-on.ts"
import { findPlaces, type LivePlace } from "./place.ts"
import { markExpired, showChecking, showFindings, showSpoilt } from "./state.ts"

const now = (): Instant => instantFromMs(Date.now())

const block = (id: string): Uint8Array =>
  fromBase64(document.getElementById(id)?.textContent ?? "") ?? new Uint8Array()

async function main(): Promise<void> {
  const live = readLiveWords(document)
  const places = findPlaces(document, live)
  watchExit(document, liveSpeech(live, places[0]?.root.lang ?? "en").say("exit.address"))
  keepHistoryShort(document)
  followLanguage(document, places, navigator.languages)
  showChecking(places)
  const own = await verifyEdition(block(BLOCK_IDS.header), block(BLOCK_IDS.bulletin), null)
  if (!own.ok) return showSpoilt(places, own.error.kind === "expired-charter")
  await watch(own.value, places, live.variant)
}

async function watch(own: Edition, places: readonly LivePlace[], variant: PageVariant): Promise<void> {
  const { chain } = own.bulletin
  const { charter } = chain.current
  const addresses = relayAddresses(charter, variant)
  const isSavedCopy = !location.protocol.startsWith("http")
  // Until the relays have answered, the page can only vouch for itself.
  let judged = assess({ own, relays: [], now: now(), isSavedCopy })
  let clockOff = 0
  reveal(places)
  for (const place of places) {
    openCheckForm(place, {
      knowledge: { ...own.bulletin },
      time: () => (now() - clockOff) as Instant,
      isFresh: () => judged.isFresh,
    })
    offerMessages(place, own)
  }
  const relays = await Promise.all(
    addresses.map(async (address) => await judgeAnswer(await askForHeader(address, fetch), own)),
  )
  const at = now()
  judged = assess({ own, relays, now: at, isSavedCopy })
  clockOff = at - judged.time
  showFindings(places, judged.findings, charter, addresses[0])
  markExpired(places, judged.time)
}

function reveal(places: readonly LivePlace[]): void {
  for (const { root } of places) {
    for (const part of all(root, ".with-script")) part.hidden = false
    for (const part of all(root, ".without-script")) part.hidden = true
  }
}

void main()

/**
 * What the page can do besides being read: verify itself, ask both relays whether it is the newest, check a
 * warning. Nothing above depends on it, and nothing is stored.
 */
import "./old-platform.ts"
import { type Edition, verifyEdition } from "@kunak/core/edition/verify"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"
import { fromDataText } from "../document/data-text.ts"
import { BLOCK_IDS } from "../document/extract.ts"
import { type PageVariant, relayAddresses } from "../document/relay-addresses.ts"
import { askForHeader } from "../exchange/headers.ts"
import { assess } from "../state/findings.ts"
import { judgeAnswer } from "../state/relay-state.ts"
import { keepHistoryShort, watchExit } from "./exit.ts"
import { followLanguage } from "./language.ts"
import { readLiveWords } from "./live-speech.ts"
import { openFor } from "./opened.ts"
import { findPlaces, type LivePlace } from "./place.ts"
import { reveal } from "./reveal.ts"
import { markExpired, showChecking, showFindings, showSpoilt } from "./state.ts"

const now = (): Instant => instantFromMs(Date.now())

const block = (id: string): Uint8Array =>
  fromDataText(document.getElementById(id)?.textContent ?? "") ?? new Uint8Array()

async function main(): Promise<void> {
  const live = readLiveWords(document)
  const places: readonly LivePlace[] = findPlaces(document, live.words)
  watchExit(document, places[0]?.speech.say("exit.address") ?? "")
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
  openFor({ own, time: () => (now() - clockOff) as Instant, isFresh: () => judged.isFresh })
  for (const { root } of places) reveal(root, "exit")
  const relays = await Promise.all(
    addresses.map(async (address) => await judgeAnswer(await askForHeader(address, fetch), own)),
  )
  const at = now()
  judged = assess({ own, relays, now: at, isSavedCopy })
  clockOff = at - judged.time
  showFindings(places, judged.findings, charter, addresses[0])
  markExpired(places, judged.time)
}

void main()

/**
 * The second script: the exchange with both relays, conversations, checking a warning, passing one on, and what sealing needs where
 * the platform lacks it. It stands apart so that the page is verified and ten words are learned before it has arrived; the
 * first message leaves a minute later.
 */
import "../small-kem.ts"
import { browserEdges } from "../hotline/edges.ts"
import { talkIn } from "../hotline/view/talk.ts"
import { makeVisit } from "../hotline/visit.ts"
import { openCheckForm } from "./check-form.ts"
import { readLaterWords } from "./live-speech.ts"
import { carry, opened } from "./opened.ts"
import { offerMessages } from "./pass-on.ts"
import { findPlaces, type LaterPlace } from "./place.ts"
import { reveal } from "./reveal.ts"

async function main(): Promise<void> {
  const { own, addresses, time, isFresh } = await opened
  // The exchange begins at once, the same for everybody.
  const visit = makeVisit({ own, addresses, edges: browserEdges() })
  const words = readLaterWords(document)
  carry({ visit, talk: talkIn(visit, words) })
  const places: readonly LaterPlace[] = findPlaces(document, words)
  for (const place of places) {
    openCheckForm(place, { knowledge: { ...own.bulletin }, time, isFresh })
    offerMessages(place, own)
    for (const name of ["check", "pass"]) reveal(place.root, name)
  }
}

void main()

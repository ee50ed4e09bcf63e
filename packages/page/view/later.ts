/**
 * The second script: checking a warning, passing one on, and what sealing needs where the platform lacks it. It stands apart so
 * that the hotline can be used before it has arrived.
 */
import "../small-kem.ts"
import { openCheckForm } from "./check-form.ts"
import { readLaterWords } from "./live-speech.ts"
import { opened } from "./opened.ts"
import { offerMessages } from "./pass-on.ts"
import { findPlaces, type LaterPlace } from "./place.ts"
import { reveal } from "./reveal.ts"

async function main(): Promise<void> {
  const { own, time, isFresh } = await opened
  const places: readonly LaterPlace[] = findPlaces(document, readLaterWords(document))
  for (const place of places) {
    openCheckForm(place, { knowledge: { ...own.bulletin }, time, isFresh })
    offerMessages(place, own)
    for (const name of ["check", "pass"]) reveal(place.root, name)
  }
}

void main()

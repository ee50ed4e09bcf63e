/** The fourth script: checking a warning, and passing one on. */
import { openCheckForm } from "./check-form.ts"
import { readLaterWords } from "./live-speech.ts"
import { judged, opened } from "./opened.ts"
import { offerMessages } from "./pass-on.ts"
import { findPlaces, type LaterPlace } from "./place.ts"
import { reveal } from "./reveal.ts"

async function main(): Promise<void> {
  const [{ own }, { time, isFresh }] = await Promise.all([opened, judged])
  const places: readonly LaterPlace[] = findPlaces(document, readLaterWords(document))
  for (const place of places) {
    openCheckForm(place, { knowledge: { ...own.bulletin }, time, isFresh })
    offerMessages(place, own)
    for (const name of ["check", "pass"]) reveal(place.root, name)
  }
}

void main()

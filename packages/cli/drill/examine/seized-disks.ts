/** Disks of the organisation and of visitors, once everything has ended. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Holder } from "../canaries/canary.ts"
import type { Place } from "../places/place.ts"
import type { Searcher } from "../search/searcher.ts"
import type { Week } from "../week/week.ts"
import { searchFiles, searchImage } from "./disks.ts"
import { filesIn, strangeColumns, strangeFields, strangeFiles, strayFiles } from "./inventory.ts"
import { momentsInDatabase, momentsInFile, type Span } from "./moments.ts"
import { Gathering, type Section, type SectionId } from "./section.ts"
import { sizesOnDisk } from "./sizes.ts"

const KINDS = ["relay", "duty", "desk"] as const

const DISKS: readonly { readonly id: SectionId; readonly names: RegExp; readonly who: readonly Holder[] }[] =
  [
    { id: "relay-disk", names: /^relay-/, who: ["relay"] },
    { id: "duty-disk", names: /^duty-/, who: ["duty"] },
    { id: "desk-disk", names: /^desk-/, who: [] },
    { id: "visitor-chromium", names: /^phone$/, who: [] },
    { id: "visitor-firefox", names: /^firefox$/, who: [] },
  ]

/** While everything is still mounted: files by name, and what only they can show. */
export function examineFiles(week: Week, searcher: Searcher, span: Span): Map<SectionId, Gathering> {
  const sections = new Map<SectionId, Gathering>()
  for (const { id, names, who } of DISKS) {
    const into = new Gathering(id)
    sections.set(id, into)
    const places = week.places.filter(({ name }) => names.test(name))
    for (const place of places) {
      searchFiles(place, searcher, who, into)
      const kind = KINDS.find((one) => id === `${one}-disk`)
      if (kind) into.findings.push(...strangeFiles(place.folder, kind, place.name))
      if (kind && kind !== "desk") into.findings.push(...strayFiles(place.folder, place.name))
      try {
        into.findings.push(...strangeFields(place.folder, place.name))
      } catch {
        into.notShown.push(`${place.name}: a file that should be JSON is none`)
      }
      if (kind === "relay") examineRelay(place, span, into)
    }
    into.detail = places.map(({ name }) => name).join(", ")
  }
  return sections
}

function examineRelay(place: Place, span: Span, into: Gathering): void {
  const database = join(place.folder, "kunak", "relay.db")
  if (!existsSync(database)) return
  into.findings.push(...strangeColumns(database, place.name))
  into.findings.push(...momentsInDatabase(database, span, place.name))
  into.findings.push(...sizesOnDisk(database, place.name))
  for (const path of filesIn(join(place.folder, "log")))
    into.findings.push(...momentsInFile(path, span, `${place.name}: log`))
}

/** Once nothing is mounted any more. @param whyNoImages where there are none. */
export function examineImages(
  week: Week,
  searcher: Searcher,
  sections: ReadonlyMap<SectionId, Gathering>,
  whyNoImages: string | null,
): readonly Section[] {
  for (const { id, names, who } of DISKS) {
    const into = sections.get(id)
    if (!into) continue
    if (whyNoImages) into.notShown.push(`free blocks of ${into.detail || id}: ${whyNoImages}`)
    else
      for (const place of week.places.filter(({ name }) => names.test(name)))
        searchImage(place, searcher, who, into)
  }
  return [...sections.values()].map((into) => into.section())
}

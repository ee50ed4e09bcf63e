/** A machine's disk: every file by name, then the raw image, where what was deleted still stands. */
import { relative } from "node:path"
import type { Holder } from "../canaries/canary.ts"
import type { Place } from "../places/place.ts"
import type { Searcher } from "../search/searcher.ts"
import { filesIn } from "./inventory.ts"
import type { Gathering } from "./section.ts"

/** While the file system is mounted. */
export function searchFiles(place: Place, searcher: Searcher, who: readonly Holder[], into: Gathering): void {
  for (const path of filesIn(place.folder)) {
    try {
      into.searched(searcher.file(path, who, "file"), `${place.name}: ${relative(place.folder, path)}`)
    } catch {
      into.notShown.push(`${place.name}: ${relative(place.folder, path)} can't be read`)
    }
  }
}

/** Once it is no longer mounted: journal and free blocks are then as a power cut would leave them. */
export function searchImage(place: Place, searcher: Searcher, who: readonly Holder[], into: Gathering): void {
  if (place.image)
    into.searched(searcher.file(place.image, who, "marked"), `${place.name}: the raw disk, free blocks too`)
}

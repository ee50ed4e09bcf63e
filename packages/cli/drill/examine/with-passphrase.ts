/**
 * A locked desk and its passphrase. What stands in the vault can then be read, and the report says so; what was deleted,
 * and keys of hours that are over, must be gone: from its rows, and from the pages that were freed.
 */
import { join } from "node:path"
import type { Canary } from "../canaries/canary.ts"
import type { Harvest } from "../canaries/harvest.ts"
import { decryptedImage } from "../canaries/open-copy.ts"
import { typedCanaries } from "../canaries/typed.ts"
import { makeSearcher } from "../search/searcher.ts"
import { VAULT } from "../week/officer.ts"
import type { Week } from "../week/week.ts"
import { Gathering, type Section } from "./section.ts"

/** Seeds of windows, and one-time keys: a row that is gone has to be gone from the file. */
const ERASED = /^vault\.(intake_seed|receive_seed|week_key)\./

/** Keys that an earlier look found in the vault, and the last one did not. */
export function erasedKeys(harvests: readonly Harvest[]): readonly Canary[] {
  const mark = ({ value }: Canary): string => Buffer.from(value as Uint8Array).toString("hex")
  const last = new Set((harvests.at(-1)?.keys ?? []).map(mark))
  const erased = new Map<string, Canary>()
  for (const { keys } of harvests)
    for (const key of keys) if (ERASED.test(key.field) && !last.has(mark(key))) erased.set(mark(key), key)
  return [...erased.values()]
}

export async function examineWithPassphrase(week: Week, scratch: string): Promise<Section> {
  const into = new Gathering("desk-with-passphrase")
  const deleted = typedCanaries(week.typed).filter(({ field }) => field.includes("deleted conversation"))
  const figures: string[] = []
  for (const [i, { place, passphrase }] of week.officers.entries()) {
    const harvests = week.harvests[i as 0 | 1]
    const erased = erasedKeys(harvests)
    const image = await decryptedImage(join(place.folder, VAULT), passphrase, scratch)
    const searcher = makeSearcher([...deleted, ...erased])
    into.searched(
      searcher.bytes(image, null, "marked"),
      `${place.name}: free pages and rows of the vault, decrypted`,
    )
    const standing = harvests.at(-1)?.arrived ?? new Map()
    figures.push(`${erased.length} / ${[...standing.values()].reduce((sum, { size }) => sum + size, 0)}`)
  }
  into.detail = figures.join(", ")
  return into.section()
}

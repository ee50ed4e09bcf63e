/**
 * A locked desk and its passphrase. What stands in the vault can then be read, and the report says so; what was deleted,
 * and keys of hours that are over, must be gone: from its rows, from the pages that were freed, and from blocks of the disk that
 * vault and write-ahead log gave back.
 */
import { join } from "node:path"
import type { FileKey } from "@kunak/desk/vault/vault-key"
import type { Canary } from "../canaries/canary.ts"
import type { Harvest } from "../canaries/harvest.ts"
import { decryptedImage, fileKeyOf } from "../canaries/open-copy.ts"
import { typedCanaries } from "../canaries/typed.ts"
import type { Place } from "../places/place.ts"
import { decryptedPieces } from "../search/decrypted.ts"
import { makeSearcher, type Searcher } from "../search/searcher.ts"
import { VAULT } from "../week/officer.ts"
import type { Week } from "../week/week.ts"
import type { Gathering } from "./section.ts"

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

/** A desk whose passphrase is known, once its disk can be read as a whole. */
export interface OpenedDesk {
  readonly place: Place
  readonly key: FileKey
  /** What must be gone from it. */
  readonly searcher: Searcher
}

/** While the disks are mounted: every page of the vaults. */
export async function examineWithPassphrase(
  week: Week,
  scratch: string,
  into: Gathering,
): Promise<readonly OpenedDesk[]> {
  const deleted = typedCanaries(week.typed).filter(({ field }) => field.includes("deleted conversation"))
  const figures: string[] = []
  const desks: OpenedDesk[] = []
  for (const [i, { place, passphrase }] of week.officers.entries()) {
    const harvests = week.harvests[i as 0 | 1]
    const erased = erasedKeys(harvests)
    const vault = join(place.folder, VAULT)
    const image = await decryptedImage(vault, passphrase, scratch)
    const searcher = makeSearcher([...deleted, ...erased])
    into.searched(
      searcher.bytes(image, [], "marked"),
      `${place.name}: free pages and rows of the vault, decrypted`,
    )
    desks.push({ place, searcher, key: await fileKeyOf(vault, passphrase) })
    const standing = harvests.at(-1)?.arrived ?? new Map()
    figures.push(`${erased.length} / ${[...standing.values()].reduce((sum, { size }) => sum + size, 0)}`)
  }
  into.detail = figures.join(", ")
  return desks
}

/** Once nothing is mounted: what the vault and its log wrote to blocks that they gave back, under the same key. */
export function examineGivenBack(desks: readonly OpenedDesk[], into: Gathering): void {
  for (const { place, key, searcher } of desks)
    if (place.image)
      into.searched(
        searcher.pieces(decryptedPieces(place.image, key), [], "not"),
        `${place.name}: the raw disk, decrypted with the vault's key`,
      )
    else into.notShown.push(`${place.name}: what its vault wrote and gave back, for want of a raw disk`)
}

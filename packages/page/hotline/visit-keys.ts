/** Keys of a visit's thread, for as long as a tick needs them: docs/protocol.md §18. */
import { WEEKS_HELD } from "@kunak/core/parameters"
import { erase, reveal, Secret } from "@kunak/core/secret"
import {
  type PlacingKeys,
  placingKeysOf,
  replyKeyOf,
  type ThreadId,
  type ThreadRoot,
  threadIdOf,
  type WeekKey,
  weekKeyOf,
} from "@kunak/core/thread/keys"
import type { Week } from "@kunak/core/time/instant"
import type { VisitThread } from "./visit-thread.ts"

export interface VisitKeys {
  readonly id: ThreadId
  /** Of the week and the two after it. */
  readonly weekKeys: readonly WeekKey[]
  /** Of the week and the two before it. */
  readonly replyKeys: readonly Secret<Uint8Array>[]
  readonly placing: PlacingKeys
}

/** Derives a week's keys for as long as they are used. The root may be erased meanwhile: it works on a copy. */
export async function withKeys<T>(
  { root }: VisitThread,
  week: Week,
  use: (keys: VisitKeys) => Promise<T>,
): Promise<T> {
  const copy = new Secret(reveal<Uint8Array>(root).slice()) as ThreadRoot
  const weeks = (step: 1 | -1): Promise<WeekKey[]> =>
    Promise.all(Array.from({ length: WEEKS_HELD }, (_, i) => weekKeyOf(copy, (week + step * i) as Week)))
  const [weekKeys, earlier, id] = [await weeks(1), await weeks(-1), await threadIdOf(copy)]
  const replyKeys = await Promise.all(earlier.map(replyKeyOf))
  const placing = await placingKeysOf(weekKeys[0] as WeekKey)
  try {
    return await use({ id, weekKeys, replyKeys, placing })
  } finally {
    for (const key of [copy, ...weekKeys, ...earlier, ...replyKeys, placing.cell, placing.placement])
      erase(key)
  }
}

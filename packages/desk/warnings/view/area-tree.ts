/** Areas as a list to choose from: each behind the one that it lies in, whatever order the charter names them in. */
import type { DeskContext } from "../model.ts"

type Area = DeskContext["areas"][number]

export interface PlacedArea {
  readonly area: Area
  /** How many it lies in. */
  readonly depth: number
}

/** Further in is not shown further in. */
const DEEPEST = 3

export function inTree(areas: readonly Area[]): readonly PlacedArea[] {
  const known = new Set(areas.map(({ id }) => id))
  const placed = new Map<number, PlacedArea>()
  const place = (area: Area, depth: number): void => {
    if (placed.has(area.id)) return
    placed.set(area.id, { area, depth: Math.min(depth, DEEPEST) })
    for (const within of areas) if (within.parent === area.id) place(within, depth + 1)
  }
  for (const area of areas) if (!known.has(area.parent)) place(area, 0)
  // Two that lie in each other: no charter of ours, but none is left out.
  for (const area of areas) place(area, 0)
  return [...placed.values()]
}

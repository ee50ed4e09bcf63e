/** Places: a name, and the units that it lies in, from `Argun, Shali district, Chechnya` or from a list of units. */
import { foldName, heavyKeys, isPlaceholder } from "../names/fold-name.ts"

export interface Place {
  /** The whole value folded: ASCII words. */
  readonly light: string
  /** Heavy key of each unit, the narrowest first. */
  readonly units: readonly string[]
}

/** Place → the unit that directly contains it, both as heavy keys. Given by the user; empty by default. */
export type PlaceTree = ReadonlyMap<string, string>

/** Words that name a kind of place, not the place: dropped, unless nothing else is left. */
const KINDS = new Set([
  ...[
    "g",
    "gor",
    "gorod",
    "selo",
    "s",
    "aul",
    "poselok",
    "pos",
    "pgt",
    "stanitsa",
    "st",
    "stts",
    "rayon",
    "rn",
    "r",
  ],
  ...["raion", "oblast", "obl", "respublika", "resp", "kray", "ulitsa", "ul", "derevnya", "der", "d", "dom"],
  ...["city", "town", "village", "district", "region", "republic", "county", "of", "the", "kommune", "sogn"],
])

/** Folds a place. Units stand between commas or semicolons, narrowest first as addresses in most languages write. */
export function foldPlace(value: string, tree: PlaceTree = new Map()): Place {
  if (isPlaceholder(value)) return { light: "", units: [] }
  const units: string[] = []
  const words: string[] = []
  for (const part of value.split(/[,;]/)) {
    const all = foldName(part)
      .light.split(" ")
      .filter((word) => word !== "")
    const named = all.filter((word) => !KINDS.has(word))
    const kept = named.length > 0 ? named : all
    if (kept.length === 0) continue
    words.push(...kept)
    units.push(unitKey(kept))
  }
  for (const unit of [...units]) {
    for (let above = tree.get(unit); above !== undefined && !units.includes(above); above = tree.get(above)) {
      units.push(above)
    }
  }
  return { light: words.join(" "), units }
}

const unitKey = (words: readonly string[]): string =>
  words.map((word) => heavyKeys(word)[0] ?? word).join(" ")

/** Reads `place,within` pairs into a tree. A chain that returns to itself is cut where it closes. */
export function placeTree(pairs: Iterable<readonly [place: string, within: string]>): PlaceTree {
  const tree = new Map<string, string>()
  for (const [place, within] of pairs) {
    const [below, above] = [foldPlace(place).units[0], foldPlace(within).units[0]]
    if (below === undefined || above === undefined || below === above) continue
    let cursor: string | undefined = above
    while (cursor !== undefined && cursor !== below) cursor = tree.get(cursor)
    if (cursor === undefined) tree.set(below, above)
  }
  return tree
}

/** The variant table: names that no rule of spelling connects (Magomed, Mukhammad; Robert, Bob; Johann, Hans). */
import { readFileSync } from "node:fs"
import { heavyKeys } from "./fold-name.ts"
import { asciiWord } from "./transliterate.ts"

/** Heavy form of a word → the groups it belongs to. A short form may stand in several (Alex, Sasha). */
export type VariantGroups = ReadonlyMap<string, readonly number[]>

interface VariantFile {
  readonly sections: readonly { readonly source: string; readonly groups: readonly string[] }[]
}

/**
 * Reads `name-variants.json`: sections with their source, each group one line of spellings in any script.
 * Spellings are folded on reading, so the file holds names as people write them.
 */
export function parseNameVariants(file: VariantFile): VariantGroups {
  const groups = new Map<string, number[]>()
  let group = 0
  for (const section of file.sections) {
    for (const line of section.groups) {
      for (const spelling of line.split(" ")) {
        for (const key of heavyKeys(asciiWord(spelling))) {
          const list = groups.get(key) ?? []
          if (!list.includes(group)) list.push(group)
          groups.set(key, list)
        }
      }
      group++
    }
  }
  return groups
}

let loaded: VariantGroups | undefined

/** The table that Kunak ships, read once. */
export function nameVariants(): VariantGroups {
  loaded ??= parseNameVariants(
    JSON.parse(readFileSync(new URL("./name-variants.json", import.meta.url), "utf8")) as VariantFile,
  )
  return loaded
}

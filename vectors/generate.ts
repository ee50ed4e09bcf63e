/** Writes vectors/core/*.json: `node vectors/generate.ts`. The same bytes in every run; a test makes them again. */
import { mkdirSync, writeFileSync } from "node:fs"
import { vectorText } from "../packages/core/testing/vector.ts"
import { allVectors } from "../packages/core/testing/vectors.ts"

const folder = new URL("core/", import.meta.url)
mkdirSync(folder, { recursive: true })
for (const [name, file] of Object.entries(await allVectors())) {
  writeFileSync(new URL(`${name}.json`, folder), vectorText(file))
}

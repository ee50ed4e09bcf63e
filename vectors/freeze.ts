/** `node vectors/freeze.ts 0.2.0`: freezes this version's forms into vectors/forms/0.2.0. docs/forms.md */
import { freeze } from "../packages/cli/forms/freeze.ts"

const version = process.argv[2] ?? ""
if (!/^\d+\.\d+\.\d+$/.test(version)) throw new RangeError("name the version: node vectors/freeze.ts 0.2.0")
await freeze(new URL(`forms/${version}`, import.meta.url).pathname)

import { readFile } from "node:fs/promises"
import type { Check } from "./main.ts"

/** Licences that may be joined with AGPL-3.0-or-later. */
const COMPATIBLE =
  /^(MIT|MIT-0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|MPL-2\.0|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0|Unlicense|Python-2\.0|OFL-1\.1|WTFPL|Zlib)$/

/** "MIT 300, ISC 12": most frequent first. */
function listed(outside: readonly (readonly [string, { readonly license?: string }])[]): string {
  const counts = new Map<string, number>()
  for (const [, { license = "none" }] of outside) counts.set(license, (counts.get(license) ?? 0) + 1)
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`)
    .join(", ")
}

/** Every package of the lock file names a licence that goes with ours, and none needs an install script to work. */
export async function licences(): Promise<Check> {
  const lock = JSON.parse(await readFile(new URL("../package-lock.json", import.meta.url), "utf8")) as {
    readonly packages: Readonly<
      Record<string, { readonly license?: string; readonly link?: boolean; readonly integrity?: string }>
    >
  }
  const outside = Object.entries(lock.packages).filter(
    ([path, { link }]) => path.startsWith("node_modules/") && !link,
  )
  const isCompatible = (licence = ""): boolean =>
    licence
      .replace(/[()]/g, "")
      .split(/ OR /)
      .some((one) => one.split(/ AND /).every((part) => COMPATIBLE.test(part)))
  const wrong = outside
    .filter(([, entry]) => !isCompatible(entry.license))
    .map(([path, { license }]) => `${path} (${license ?? "none named"})`)
  const unpinned = outside.filter(([, { integrity }]) => !integrity).map(([path]) => path)
  const found = [...wrong, ...unpinned.map((path) => `${path} without a hash`)]
  return {
    id: "supply.licences-and-hashes",
    what: "every package has a compatible licence and a hash in the lock file",
    shown: found.length === 0 ? "holds" : "fails",
    detail:
      found.length === 0 ? `${outside.length} packages: ${listed(outside)}` : found.slice(0, 20).join(", "),
  }
}

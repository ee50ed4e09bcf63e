/** Bundles of the page's scripts. Each uses what those before it have brought: inline scripts can't import from each other. */
import { readFile } from "node:fs/promises"
import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { type BuildOptions, build, type Plugin } from "esbuild"
import { quietLibraries } from "./quiet-libraries.ts"

const here = new URL("./", import.meta.url)
const at = (path: string): string => fileURLToPath(new URL(path, here))

/**
 * As it stands in texts that are bundled. Short names are given by how often letters occur, in strings too: a folder's own
 * name in one of them would make other bytes of the same sources.
 */
const fromHere = (path: string): string => {
  const way = relative(at("./"), path).replaceAll("\\", "/")
  return way.startsWith("../") ? way : `./${way}`
}

/** Browsers of 2020: Tor Browser's and the oldest phones' that still get certificates. */
export const TARGET = ["chrome87", "firefox91", "safari15"]

/** Of every bundle: each stands in the page, so libraries are the small ones. */
export const OPTIONS = {
  absWorkingDir: at("./"),
  alias: {
    "@noble/curves/ed25519.js": at("small-ed25519.ts"),
    "@kunak/core/suite/sealing": at("small-sealing.ts"),
    "@noble/hashes/hkdf.js": at("small-hkdf.ts"),
  },
  bundle: true,
  minify: true,
  target: TARGET,
  charset: "utf8",
  legalComments: "none",
  write: false,
  logLevel: "error",
} as const satisfies BuildOptions

/** Where the scripts leave what later ones use of them: one list, to which each adds. */
const SHARED = "globalThis.kunakShared"
/** Stands in a later script's bundle for what it takes, until its place in that list is known. */
const TAKE = "kunakTake"

/** Path from here and name, as `path#name`. */
type Name = string
const TAKEN = new RegExp(`\\b${TAKE}\\("([^"]+)"\\)`, "g")

interface Bundle {
  readonly text: string
  /** How many bytes of the text each file has. */
  readonly bytes: ReadonlyMap<string, number>
  readonly taken: readonly Name[]
}

/**
 * Scripts in the order in which they come. What one defines anyway, those after it take from it. Libraries are not taken, nor files of which
 * the earlier needs less than a later one: so that a script, for which a visitor waits, holds nothing that only later ones need.
 */
export async function bundleTurns(entries: readonly string[]): Promise<readonly string[]> {
  const refused = new Set<string>()
  for (;;) {
    const { alone, heldBy } = await bundleAlone(entries, refused)
    const given = entries.map((_, turn) =>
      [...new Set(alone.flatMap(({ taken }) => taken))].filter((name) => heldBy.get(pathOf(name)) === turn),
    )
    const whole = await Promise.all(
      entries.map((entry, turn) =>
        bundleTurn(entry, heldBefore(heldBy, turn), given[turn] ?? [], turn === 0),
      ),
    )
    const grown = [...heldBy].filter(
      ([path, turn]) => (whole[turn]?.bytes.get(path) ?? 0) > 1.5 * (alone[turn]?.bytes.get(path) ?? 0),
    )
    if (grown.length === 0) return whole.map(({ text }) => withPlaces(text, given.flat()))
    for (const [path, turn] of grown) refused.add(`${turn} ${path}`)
  }
}

/** Each without what others take of it; and which file of ours is held by which turn. */
async function bundleAlone(entries: readonly string[], refused: ReadonlySet<string>) {
  const alone: Bundle[] = []
  const heldBy = new Map<string, number>()
  for (const [turn, entry] of entries.entries()) {
    const one = await bundleTurn(entry, [...heldBy.keys()], [], turn === 0)
    alone.push(one)
    for (const path of one.bytes.keys()) {
      const isOurs = !path.includes("node_modules")
      if (isOurs && !heldBy.has(path) && !refused.has(`${turn} ${path}`)) heldBy.set(path, turn)
    }
  }
  return { alone, heldBy }
}

const pathOf = (name: Name): string => at(name.slice(0, name.indexOf("#")))

const heldBefore = (heldBy: ReadonlyMap<string, number>, turn: number): readonly string[] =>
  [...heldBy].filter(([, holder]) => holder < turn).map(([path]) => path)

/** @param shared all that is shared, in its order. @throws Error for what no earlier script gives. */
const withPlaces = (text: string, shared: readonly Name[]): string =>
  text.replace(TAKEN, (_, name: string) => {
    const place = shared.indexOf(name)
    if (place < 0) throw new Error(`no script gives ${name}`)
    return `${SHARED}[${place}]`
  })

/** @param held files that an earlier script gives. @param given what later ones take of this. */
async function bundleTurn(
  entry: string,
  held: readonly string[],
  given: readonly Name[],
  isFirst: boolean,
): Promise<Bundle> {
  const names = given.map((one, i) => {
    const [path = "", name = ""] = one.split("#")
    return `import {${name} as shared${i}} from ${JSON.stringify(path)}`
  })
  const list = given.map((_, i) => `shared${i}`).join()
  const share = isFirst ? `${SHARED} = [${list}]` : given.length > 0 ? `${SHARED}.push(${list})` : ""
  const contents = [`import ${JSON.stringify(fromHere(at(entry)))}`, ...names, share].join("\n")
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    stdin: { contents, resolveDir: at("./") },
    format: "iife",
    metafile: true,
    plugins: [standIns(held), quietLibraries],
  })
  const text = (outputFiles[0]?.text ?? "").trim()
  const inputs = Object.entries(Object.values(metafile.outputs)[0]?.inputs ?? {})
  const kept = inputs.filter(([path, { bytesInOutput }]) => path !== "<stdin>" && bytesInOutput > 0)
  return {
    text,
    bytes: new Map(
      kept
        .map(([path, { bytesInOutput }]) => [at(path), bytesInOutput] as const)
        .filter(([path]) => !held.includes(path)),
    ),
    taken: [...new Set(Array.from(text.matchAll(TAKEN), ([, name = ""]) => name))],
  }
}

/** In the place of each held file stands one that takes. */
const standIns = (held: readonly string[]): Plugin => ({
  name: "held",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path }) =>
      held.includes(path) ? { contents: await standIn(path), loader: "ts" } : undefined,
    )
  },
})

/** What a file defines is taken; what it only passes on comes from where that is, held or not. */
async function standIn(path: string): Promise<string> {
  const source = await readFile(path, "utf8")
  const defined = source.matchAll(/^export (?:async )?(?:const|let|function|class) (?:\[([\w, ]+)\]|(\w+))/gm)
  const names = Array.from(defined, ([, several, one]) => several?.split(", ") ?? [one ?? ""]).flat()
  const passedOn = source.match(/^export \{[^}]*\} from "[^"]+"$/gm) ?? []
  const taken = names.map(
    (name) =>
      `export const ${name} = /* @__PURE__ */ ${TAKE}(${JSON.stringify(`${fromHere(path)}#${name}`)})`,
  )
  return [...passedOn, ...taken].join("\n")
}

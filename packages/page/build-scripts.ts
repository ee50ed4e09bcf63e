/** Bundles of the page's scripts. The second uses what the first has brought: inline scripts can't import from each other. */
import { readFile } from "node:fs/promises"
import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { type BuildOptions, build } from "esbuild"

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

const OPTIONS = {
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

/** A script that shares nothing. */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({ ...OPTIONS, entryPoints: [at(entry)], format: "iife" })
  return (outputFiles[0]?.text ?? "").trim()
}

/** Where the first script leaves what the second uses of it. */
const SHARED = "globalThis.kunakShared"
/** Stands in the second script's bundle for what it takes, until its place in that list is known. */
const TAKE = "kunakTake"

/**
 * Two scripts: what the first defines anyway is taken from it by the second. Libraries are not, nor files of which the first needs
 * less than the second: so that the first, for which a visitor waits, holds nothing that only the second needs.
 */
export async function bundleTwo(first: string, second: string): Promise<readonly [string, string]> {
  const alone = await bundleFirst(first, [])
  const ours = [...alone.bytes.keys()].filter((path) => !path.includes("node_modules"))
  const tried = await bundleFirst(first, await takenBy(second, ours))
  const held = ours.filter((path) => (tried.bytes.get(path) ?? 0) <= 2 * (alone.bytes.get(path) ?? 0))
  const taken = await takenBy(second, held)
  const { text } = await bundleFirst(first, taken)
  return [
    text,
    (await bundleSecond(second, held)).replace(
      TAKEN,
      (_, name: string) => `${SHARED}[${taken.indexOf(name)}]`,
    ),
  ]
}

/** Path from here and name, as `path#name`. */
type Name = string

const TAKEN = new RegExp(`\\b${TAKE}\\("([^"]+)"\\)`, "g")

async function takenBy(second: string, held: readonly string[]): Promise<readonly Name[]> {
  const text = await bundleSecond(second, held)
  return [...new Set(Array.from(text.matchAll(TAKEN), ([, name = ""]) => name))]
}

/** @returns the text, and how many bytes of it each file has. */
async function bundleFirst(
  entry: string,
  given: readonly Name[],
): Promise<{ readonly text: string; readonly bytes: ReadonlyMap<string, number> }> {
  const names = given.map((one, i) => {
    const [path = "", name = ""] = one.split("#")
    return `import {${name} as shared${i}} from ${JSON.stringify(path)}`
  })
  const list = given.map((_, i) => `shared${i}`).join()
  const contents = [`import ${JSON.stringify(fromHere(at(entry)))}`, ...names, `${SHARED} = [${list}]`].join(
    "\n",
  )
  const stdin = { contents, resolveDir: at("./") }
  const { outputFiles, metafile } = await build({ ...OPTIONS, stdin, format: "iife", metafile: true })
  const inputs = Object.entries(Object.values(metafile.outputs)[0]?.inputs ?? {})
  const kept = inputs.filter(([path, { bytesInOutput }]) => path !== "<stdin>" && bytesInOutput > 0)
  return {
    text: (outputFiles[0]?.text ?? "").trim(),
    bytes: new Map(kept.map(([path, { bytesInOutput }]) => [at(path), bytesInOutput])),
  }
}

/** In the place of each held file stands one that takes. */
async function bundleSecond(entry: string, held: readonly string[]): Promise<string> {
  const { outputFiles } = await build({
    ...OPTIONS,
    entryPoints: [at(entry)],
    format: "iife",
    plugins: [
      {
        name: "held",
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, async ({ path }) =>
            held.includes(path) ? { contents: await standIn(path), loader: "ts" } : undefined,
          )
        },
      },
    ],
  })
  return (outputFiles[0]?.text ?? "").trim()
}

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

/** Bundles of the page's scripts. The second uses what the first has brought: inline scripts can't import from each other. */
import { fileURLToPath } from "node:url"
import { type BuildOptions, build } from "esbuild"

const here = new URL("./", import.meta.url)
const at = (path: string): string => fileURLToPath(new URL(path, here))

/** Browsers of 2020: Tor Browser's and the oldest phones' that still get certificates. */
export const TARGET = ["chrome87", "firefox91", "safari15"]

const OPTIONS = {
  absWorkingDir: at("./"),
  alias: {
    "@noble/curves/ed25519.js": at("small-ed25519.ts"),
    "@kunak/core/suite/sealing": at("small-sealing.ts"),
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

/**
 * Two scripts: modules of ours that the first has anyway are taken from it by the second. Libraries are not: each script has
 * what it uses of them, so that the first one, for which a visitor waits, holds nothing that only the second needs.
 */
export async function bundleTwo(first: string, second: string): Promise<readonly [string, string]> {
  const { metafile } = await build({ ...OPTIONS, entryPoints: [at(first)], format: "iife", metafile: true })
  const inputs = Object.entries(Object.values(metafile.outputs)[0]?.inputs ?? {})
  const held = inputs
    .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && !path.includes("node_modules"))
    .map(([path]) => at(path))
  const { text, taken } = await withoutHeld(second, held)
  const names = taken.map(
    ({ path, name }, i) => `import {${name} as shared${i}} from ${JSON.stringify(path)}`,
  )
  const given = `${SHARED} = [${taken.map((_, i) => `shared${i}`).join()}]`
  const contents = [`import ${JSON.stringify(at(first))}`, ...names, given].join("\n")
  const { outputFiles } = await build({
    ...OPTIONS,
    stdin: { contents, resolveDir: at("./") },
    format: "iife",
  })
  return [(outputFiles[0]?.text ?? "").trim(), text]
}

interface Taken {
  readonly path: string
  readonly name: string
}

/** Bundles as a module whose only imports are those of the held files; these then become one reading of the global. */
async function withoutHeld(
  entry: string,
  held: readonly string[],
): Promise<{ readonly text: string; readonly taken: readonly Taken[] }> {
  const { outputFiles } = await build({
    ...OPTIONS,
    entryPoints: [at(entry)],
    format: "esm",
    plugins: [
      {
        name: "held",
        setup: ({ onResolve, resolve }) => {
          onResolve({ filter: /./ }, async ({ path, pluginData, kind, ...from }) => {
            if (pluginData === "asked" || kind === "entry-point") return
            const found = await resolve(path, { ...from, kind, pluginData: "asked" })
            return held.includes(found.path) ? { path: found.path, external: true } : found
          })
        },
      },
    ],
  })
  const taken: Taken[] = []
  const own: string[] = []
  const rest = (outputFiles[0]?.text ?? "")
    .trim()
    .replace(/\bimport(?:\{([\w$ ,]+)\}from)?("[^"]+");/g, (_, names: string | undefined, path: string) => {
      for (const pair of names?.split(",") ?? []) {
        const [name = "", local = name] = pair.split(" as ")
        taken.push({ path: JSON.parse(path) as string, name })
        own.push(local)
      }
      return ""
    })
  if (/\b(?:im|ex)port\b *[{"*]/.test(rest)) throw new Error(`${entry} still imports or exports`)
  return { text: `(()=>{"use strict";var[${own.join()}]=${SHARED};${rest}})();`, taken }
}

/**
 * Libraries come without the words of their errors: nobody reads them in a page, and every visitor would load them. What is thrown,
 * and when, stays.
 */
import { readFile } from "node:fs/promises"
import type { Plugin } from "esbuild"

const THROWN = /\bnew (?:Error|TypeError|RangeError|SyntaxError)\(/g

/** By path: each script of the page loads the same files anew. */
const known = new Map<string, string>()

export const quietLibraries: Plugin = {
  name: "quiet-libraries",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.js$/ }, async ({ path }) => {
      const contents = known.get(path) ?? withoutWords(await readFile(path, "utf8"))
      known.set(path, contents)
      return { contents, loader: "js" }
    })
  },
}

export function withoutWords(code: string): string {
  let quiet = ""
  let from = 0
  for (const { 0: found, index } of code.matchAll(THROWN)) {
    if (index < from) continue
    const begin = index + found.length
    quiet += code.slice(from, begin)
    from = endOfList(code, begin)
  }
  return quiet + code.slice(from)
}

/** Where the bracket closes that was opened just before `at`. @throws RangeError when it never does. */
function endOfList(code: string, at: number): number {
  const open = [")"]
  for (let i = at; i < code.length; i++) {
    const letter = code[i] as string
    const inside = open.at(-1)
    if (letter === "\\") i++
    else if (inside === "`" && letter === "$" && code[i + 1] === "{") {
      open.push("}")
      i++
    } else if (letter === inside) {
      open.pop()
      if (open.length === 0) return i
    } else if (inside !== "`" && inside !== '"' && inside !== "'") {
      const closing = { "(": ")", "[": "]", "{": "}", "`": "`", '"': '"', "'": "'" }[letter]
      if (closing) open.push(closing)
    }
  }
  throw new RangeError("a bracket is never closed")
}

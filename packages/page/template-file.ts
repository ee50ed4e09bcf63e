import { readFile } from "node:fs/promises"
import { must } from "@kunak/core/result"
import { type PageTemplate, parseTemplate } from "./document/template.ts"

/** The built template. @throws Error when `npm run build` has not been run, or the file is none of this release. */
export async function loadTemplate(): Promise<PageTemplate> {
  const html = await readFile(new URL("dist/template.html", import.meta.url), "utf8")
  return must(parseTemplate(html))
}

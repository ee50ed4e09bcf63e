/** `npm run pictures [-- desk|page] [ru|en]`: every screen in every form, into .cache/pictures, with an index.html each. */
import { join } from "node:path"
import { makeCamera } from "./camera.ts"
import { takeDesk } from "./desk.ts"
import { takePage } from "./page.ts"

const FOLDER = join(import.meta.dirname, "../../.cache/pictures")
const TAKES = { desk: takeDesk, page: takePage }
const asked = process.argv.slice(2)
const isAsked = (name: string, others: readonly string[]): boolean =>
  asked.includes(name) || !others.some((other) => asked.includes(other))

for (const what of ["desk", "page"] as const)
  for (const language of ["ru", "en"] as const) {
    if (!isAsked(what, ["desk", "page"]) || !isAsked(language, ["ru", "en"])) continue
    const folder = join(FOLDER, `${what} ${language}`)
    await TAKES[what](makeCamera(folder), language)
    console.log(join(folder, "index.html"))
  }

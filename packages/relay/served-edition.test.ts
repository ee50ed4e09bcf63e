import { expect, test } from "vitest"
import { type Effort, serveEdition } from "./served-edition.ts"
import { makePackage, sampleOrganisation, samplePage } from "./testing/test-relay.ts"

test("[T14] an edition is compressed as hard as can be, unless nobody waits for what it saves", async () => {
  const words = Array.from({ length: 400 }, (_, i) => `<p>${(i * 7919).toString(36)}</p>`).join("")
  const page = new Uint8Array([...samplePage("one"), ...new TextEncoder().encode(words)])
  const names = ["page.web.html", "page.onion.html", "feed.atom"]
  const files = names.map((name) => ({ name, bytes: page }))
  const stored = await makePackage(await sampleOrganisation(), { files })
  const sizes = async (effort?: Effort) => {
    const codings = (await serveEdition(stored, effort))?.files.get("page.web.html")?.codings
    return (["identity", "gzip", "br"] as const).map((coding) => codings?.get(coding)?.length ?? 0)
  }
  const [best, quick] = [await sizes("best"), await sizes("quick")]
  expect(await sizes()).toEqual(best)
  expect([best[0], quick[0]]).toEqual([page.length, page.length])
  for (const at of [1, 2]) expect(best[at]).toBeLessThan(quick[at] ?? 0)
  for (const at of [1, 2]) expect(best[at]).toBeGreaterThan(0)
})

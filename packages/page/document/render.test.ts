import { must } from "@kunak/core/result"
import { approvedWarning, makeEdition, makeOrganisation } from "@kunak/core/testing/organisation"
import { expect, test } from "vitest"
import { buildTemplate } from "../build.ts"
import { extractEdition } from "./extract.ts"
import { renderPage } from "./render.ts"
import { parseTemplate } from "./template.ts"

test("[G2] the edition that a page carries is the one it was rendered from", async () => {
  const template = must(parseTemplate(await buildTemplate()))
  const organisation = await makeOrganisation()
  const edition = await makeEdition(organisation, { warnings: [await approvedWarning(organisation)] })
  const page = new TextDecoder().decode(renderPage(template, edition, "web"))
  const found = extractEdition(page)
  expect(found?.header).toEqual(edition.header)
  expect(found?.bulletin).toEqual(edition.bulletinBytes)
  expect(page).toContain("Новая волна задержаний")
})

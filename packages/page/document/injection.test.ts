/** Rule G5: no text of a charter or a warning ever becomes markup. */

import type { Charter, CharterChain } from "@kunak/core/charter/charter"
import { approvedWarning, makeOrganisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { runs } from "@kunak/core/testing/runs"
import { isPlainText } from "@kunak/core/text/plain-text"
import type { ResolvedWarning } from "@kunak/core/warning/resolve"
import type { Warning, WarningText } from "@kunak/core/warning/warning"
import fc from "fast-check"
import { beforeAll, expect, test } from "vitest"
import { sampleTemplate } from "../testing/page-site.ts"
import { contentView } from "./content.ts"
import { escapeText } from "./html.ts"
import { liveWordsBlock } from "./live-words.ts"
import type { PageTemplate } from "./template.ts"

let template: PageTemplate
let chain: CharterChain
let danger: Warning
beforeAll(async () => {
  template = await sampleTemplate()
  const organisation = await makeOrganisation()
  chain = organisation.chain
  danger = await approvedWarning(organisation)
}, 60_000)

const ATTACKS = [
  "<script>alert(1)</script>",
  "</script><script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  "--><b>",
  "<!--kunak:data-->",
  "]]><x>",
  "&lt;b&gt;",
  "&#x3c;b&#x3e;",
  "javascript:alert(1)",
  "{{constructor}}",
  "$& $1 $` $'",
  "</textarea></title></style></div></main>",
] as const

const hostile = fc
  .oneof(
    fc.constantFrom(...ATTACKS),
    fc.string({ unit: fc.constantFrom("<", ">", '"', "'", "&", "/", "a", " ", "!", "-", "=", ";", "`") }),
    fc.string({ unit: "grapheme" }),
  )
  .map((text) => `x${text}`.replace(/\s/g, " ").normalize("NFC"))
  .filter((text) => isPlainText(text) && text.trim() !== "x")

interface Texts {
  readonly organisation: string
  readonly contact: string
  readonly zoneName: string
  readonly reviewer: string
  readonly area: string
  readonly headline: string
  readonly description: string
  readonly instruction: string
}

/** The readable page with these texts in every field that anybody can fill. Brands are borrowed: nothing is verified here. */
function pageWith(texts: Texts): string {
  const { charter } = chain.current
  const filled: Charter = {
    ...charter,
    demonstration: true,
    languages: charter.languages.map((language) => ({ ...language, ...texts })),
    areas: charter.areas.map((area) => ({ ...area, names: area.names.map(() => texts.area) })),
  }
  const current = { ...chain.current, charter: filled }
  const withTexts = { ...chain, current, links: [current] } as unknown as CharterChain
  const spoken: readonly WarningText[] = ["ru", "en"].map((language) => ({ language, ...texts }))
  const warning = { ...danger, texts: spoken } as unknown as Warning
  const resolved: readonly ResolvedWarning[] = [
    { warning, state: "stands", by: null },
    { warning, state: "withdrawn", by: warning },
    { warning, state: "cleared", by: warning },
  ]
  return contentView(template.words, {
    chain: withTexts,
    resolved,
    issued: SAMPLE_NOW,
    id: { term: 1, number: 1 },
  })
}

/** Tags alone, as an HTML tokenizer would see them, comments and declarations included. */
const tags = (page: string): readonly string[] => page.match(/<[^>]*>/g) ?? []

const fill = (text: string): Texts => ({
  organisation: text,
  contact: text,
  zoneName: text,
  reviewer: text,
  area: text,
  headline: text,
  description: text,
  instruction: text,
})

test("[G5] whatever stands in a charter or a warning, the page's tags stay the same", () => {
  const expected = tags(pageWith(fill("harmless")))
  expect(expected.length).toBeGreaterThan(100)
  const texts = fc.record({
    organisation: hostile,
    contact: hostile,
    zoneName: hostile,
    reviewer: hostile,
    area: hostile,
    headline: hostile,
    description: hostile,
    instruction: hostile,
  })
  fc.assert(
    fc.property(texts, (given) => {
      expect(tags(pageWith(given))).toEqual(expected)
    }),
    { numRuns: runs(300) },
  )
})

test("[G5] each attack stands in the page as the text that it is", () => {
  for (const attack of ATTACKS) {
    expect(pageWith(fill(attack))).toContain(escapeText(attack))
    expect(tags(pageWith(fill(attack)))).toEqual(tags(pageWith(fill("harmless"))))
  }
})

test("[G5] the words' block can't be ended by a word", () => {
  const words = {
    ...template.words,
    ru: { ...template.words.ru, "live.comparing": "</script><script>alert(1)</script>" },
  }
  const block = liveWordsBlock(words, chain.current.charter, "web")
  expect(block.match(/<\/script>/g)).toHaveLength(1)
  expect(JSON.parse(block.replace(/^<script[^>]*>|<\/script>$/g, "")).words.ru["live.comparing"]).toContain(
    "</script>",
  )
})

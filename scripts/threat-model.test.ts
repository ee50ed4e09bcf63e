/** What THREAT_MODEL.md calls shown is shown: each rule that it names is written down, each test that it names exists. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const ROOT = fileURLToPath(new URL("..", import.meta.url))
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8")
const TEXT = read("THREAT_MODEL.md")

const HEADING = "rule, and test that shows it"
const NOT_SHOWN = "not shown"
const rulesIn = (text: string): readonly string[] => text.match(/\b[A-Z]{1,4}\d+\b/g) ?? []
/** The lists of rules in brackets; a bracket before a parenthesis is a link. */
const bracketsIn = (text: string): readonly string[] => text.match(/\[[^\]]*\](?!\()/g) ?? []
const whereIs = (file: string): string => (/^(e2e|check|scripts)\//.test(file) ? file : `packages/${file}`)

/** What is said of evidence in the last cells of the tables that have such a column, row by row. */
function evidence(document: string): readonly { readonly row: string; readonly said: string }[] {
  const found: { row: string; said: string }[] = []
  let width: number | null = null
  for (const line of document.split("\n")) {
    const cells = line.startsWith("|") ? line.split("|").slice(1, -1) : []
    const said = cells.at(-1)?.trim() ?? ""
    if (said === HEADING) width = cells.length
    else if (cells.length === 0) width = null
    else if (width !== null && !/^-+$/.test(said)) {
      expect(cells, line).toHaveLength(width)
      found.push({ row: cells[0]?.trim() ?? "", said })
    }
  }
  return found
}

/** Titles of tests, and of the groups that they stand in. */
const titlesOf = (source: string): string =>
  [...source.matchAll(/\b(?:test|it|describe)(?:\.\w+)*\(\s*["'`]([^\n]*)|\bwhen: ["'`]([^\n]*)/g)]
    .map(([, title, when]) => title ?? when)
    .join("\n")

/** What is wrong with one cell, in words. */
function faults(said: string): readonly string[] {
  const stretches = [...said.matchAll(/\[([^\]]+)\](?!\()([^[]*)/g)].map(([, rules = "", rest = ""]) => ({
    rules: rulesIn(rules),
    files: [...rest.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => whereIs(file)),
  }))
  const wrong = stretches.flatMap(({ rules, files }) => {
    if (rules.length === 0 || files.length === 0)
      return [`a rule without a file, or a file without one: ${said}`]
    const missing = files.filter((file) => !file.endsWith(".test.ts") || !existsSync(join(ROOT, file)))
    if (missing.length > 0) return missing.map((file) => `no such test: ${file}`)
    const titles = files.map((file) => titlesOf(read(file)))
    const unnamed = rules.filter((rule) => !titles.some((title) => title.includes(`[${rule}]`)))
    const idle = files.filter((_, i) => !rules.some((rule) => titles[i]?.includes(`[${rule}]`)))
    return [
      ...unnamed.map((rule) => `no test of ${rule} in ${files.join(", ")}`),
      ...idle.map((file) => `no test of ${rules.join(", ")} in ${file}`),
    ]
  })
  const named = stretches.reduce((sum, { files }) => sum + files.length, 0)
  const all = said.match(/`[^`]+`/g)?.length ?? 0
  if (named !== all) wrong.push(`a file without a rule: ${said}`)
  if (all === 0 && !said.includes(NOT_SHOWN)) wrong.push(`neither a test nor "${NOT_SHOWN}": ${said}`)
  return wrong
}

test("[TM1] every row names the rule and the file whose test of that name shows it, or says that nothing does", () => {
  const rows = evidence(TEXT)
  expect(rows.length).toBeGreaterThanOrEqual(21)
  const wrong = rows.flatMap(({ row, said }) => faults(said).map((fault) => `${row}: ${fault}`))
  expect(wrong).toEqual([])
})

test("[TM1] a test that does not exist, a rule that it does not name, and a row that says nothing are found", () => {
  const file = "`core/board/board.test.ts`"
  for (const good of [`[Z2] ${file}`, `[Z2, O6] ${file}; not shown beyond`, NOT_SHOWN, `rows: [Z2] ${file}`])
    expect([good, faults(good)]).toEqual([good, []])
  for (const bad of [
    "",
    "tests of the page",
    "[Z2]",
    `[Z2] ${file}, \`core/board/bored.test.ts\``,
    "[Z2] `core/board/board.ts`",
    `[Z99] ${file}`,
    `[Z2, Z99] ${file}`,
    `[Z2] ${file}, \`core/tick/tick.test.ts\``,
    file,
  ])
    expect([bad, faults(bad).length > 0]).toEqual([bad, true])
})

test("[TM1] every rule that the page names stands in the documentation", () => {
  const documents = readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => read(`docs/${name}`))
    .join("\n")
  const defined = new Set([...documents.matchAll(/\*\*([A-Z]{1,4}\d+)\*\*/g)].map(([, rule]) => rule))
  for (const [, first = "", from, to] of documents.matchAll(/\*\*([A-Z]{1,4})(\d+)\*\*–\*\*\1(\d+)\*\*/g))
    for (let n = Number(from); n <= Number(to); n += 1) defined.add(`${first}${n}`)
  const named = new Set(bracketsIn(TEXT).flatMap(rulesIn))
  expect(named.size).toBeGreaterThan(50)
  expect([...named].filter((rule) => !defined.has(rule))).toEqual([])
})

/** Files that people hand to `kunak`, and the data blocks of a page. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"
import { decodeDelegations, encodeDelegations } from "@kunak/cli/ceremony/delegations-file"
import { parseDescription } from "@kunak/cli/ceremony/description"
import { decodeSignerKey, encodeSignerKey } from "@kunak/cli/ceremony/signer-key"
import { decodePaper, encodePaper } from "@kunak/cli/charter/paper"
import { makeEdition, makeOrganisation } from "@kunak/core/testing/organisation"
import { freshMemory, loadMemory, saveMemory } from "@kunak/duty/memory-file"
import { readCaptures } from "@kunak/figures/estimators/read-captures"
import { readSheet } from "@kunak/figures/linkage/clerical/sheet-file"
import { parseUncertainDate } from "@kunak/figures/linkage/dates/uncertain-date"
import { parseMapping } from "@kunak/figures/linkage/mapping/parse-mapping"
import { foldName } from "@kunak/figures/linkage/names/fold-name"
import type { LinkageRecords } from "@kunak/figures/linkage/records/fields"
import { parseCsv } from "@kunak/figures/tabular/csv"
import { readTable } from "@kunak/figures/tabular/read-table"
import { fromDataText, toDataText } from "@kunak/page/document/data-text"
import { dataBlocks, extractEdition } from "@kunak/page/document/extract"
import { parseTemplate } from "@kunak/page/document/template"
import { type Group, mustHold, type Target } from "./target.ts"

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const PACKAGES = new URL("../../packages/", import.meta.url)

async function parquetSample(path: string): Promise<Uint8Array> {
  const instance = await DuckDBInstance.create(":memory:")
  const connection = await instance.connect()
  await connection.run(
    `copy (select 'Амина' as name, date '1994-05-01' as born, 7::bigint as n union all select null, null, 2) to '${path}' (format parquet)`,
  )
  connection.closeSync()
  instance.closeSync()
  return readFileSync(path)
}

export async function filesGroup(): Promise<Group> {
  const folder = mkdtempSync(join(tmpdir(), "kunak-fuzz-"))
  const organisation = await makeOrganisation()
  const { chain, delegations } = organisation
  const edition = await makeEdition(organisation, {})
  const embedded = { header: edition.header, bulletin: edition.bulletinBytes }
  const targets: Target[] = []
  const add = (
    name: string,
    form: Target["form"],
    samples: readonly Uint8Array[],
    weight: number,
    take: Target["take"],
  ): void => {
    targets.push({ name, form, samples, weight, take })
  }
  add(
    "description",
    "json",
    [readFileSync(new URL("cli/ceremony/example-organisation.json", PACKAGES))],
    0.3,
    (input) => {
      const parsed = parseDescription(text(input))
      if (!parsed.ok) mustHold(parsed.error.what.length > 3, "refused without a word")
    },
  )
  const signer = organisation.signers[0] as (typeof organisation.signers)[number]
  add(
    "signer's key",
    "json",
    [utf8(encodeSignerKey({ key: signer, label: "signer 1", organisationId: chain.organisationId }))],
    0.3,
    (input) => {
      decodeSignerKey(text(input))
    },
  )
  add(
    "delegations file",
    "bytes",
    [encodeDelegations(delegations.map(({ bytes }) => bytes))],
    0.5,
    (input) => {
      const decoded = decodeDelegations(input)
      if (decoded) mustHold(Buffer.from(encodeDelegations(decoded)).equals(input), "a second form")
    },
  )
  const paper = encodePaper({
    kind: "delegations",
    charterChain: chain.bytes,
    delegations: delegations.map(({ bytes }) => bytes),
    editions: [embedded],
    objects: [
      {
        domain: "delegation",
        body: new Uint8Array(40),
        texts: [],
        signatures: [{ index: 0, signature: new Uint8Array(64) }],
        byPrevious: [],
      },
    ],
  })
  add("paper", "json", [utf8(paper)], 0.2, (input) => {
    const decoded = decodePaper(text(input))
    if (decoded) mustHold(decodePaper(encodePaper(decoded)) !== null, "taken once and not again")
  })
  const memory = join(folder, "memory.json")
  await saveMemory(memory, freshMemory(chain, delegations))
  add("duty's memory", "json", [readFileSync(memory)], 0.01, async (input) => {
    writeFileSync(memory, input)
    const loaded = await loadMemory(memory, chain, delegations)
    // Bent, it may also say that it is of a newer program.
    const kinds = ["malformed-memory", "newer-memory"]
    if (!loaded.ok) mustHold(kinds.includes(loaded.error.kind), "refused without a kind")
  })

  const csv = 'name;born;place\nАмина;1994-05-01;Грозный\n"Boris; B.";;"two\nlines"\n'
  add(
    "CSV",
    "text",
    [utf8(csv), utf8("a,b,n\n1,0,7\n0,1,3\n"), Buffer.from(`\ufeff${csv}`, "utf16le")],
    1,
    (input) => {
      const table = parseCsv(input, "fuzzed.csv")
      if (table.ok)
        mustHold(
          table.value.cells.every(({ length }) => length === table.value.rows),
          "columns of uneven length",
        )
    },
  )
  add(
    "captures",
    "text",
    [utf8("a,b,c,n\n1,0,0,7\n0,1,1,3\n1,1,1,2\n"), utf8("cluster,source\n1,a\n1,b\n2,a\n")],
    0.5,
    (input) => {
      const table = parseCsv(input, "fuzzed.csv")
      if (table.ok) readCaptures(table.value)
    },
  )
  const records = { listOf: Int32Array.of(0, 0, 1), lists: ["a", "b"], count: 3 } as unknown as LinkageRecords
  add("clerical sheet", "text", [utf8("pair,decision\n1:1~2:1,same\n1:2~2:1,нет\n")], 0.5, (input) => {
    const table = parseCsv(input, "fuzzed.csv")
    const read = table.ok ? readSheet(table.value, records) : null
    if (read?.ok)
      mustHold(
        read.value.every(({ decision }) => typeof decision === "string"),
        "a decision that is no word",
      )
  })
  add("mapping", "json", [utf8('{"name":"name","born":"birth-date","id":"id"}')], 1, (input) => {
    let tree: unknown
    try {
      tree = JSON.parse(text(input))
    } catch {
      return
    }
    parseMapping(tree, ["name", "born", "id", "constructor", "__proto__"])
  })
  add(
    "dates and names",
    "text",
    [utf8("весна 1994"), utf8("12.1998"), utf8("Абдул-Азиз ибн Фахд")],
    1,
    (input) => {
      const letters = text(input)
      parseUncertainDate(letters, "day-first")
      foldName(letters)
    },
  )
  const parquet = join(folder, "sample.parquet")
  const sample = await parquetSample(parquet)
  const bent = join(folder, "bent.parquet")
  add("Parquet", "bytes", [sample], 0.002, async (input) => {
    writeFileSync(bent, input)
    await readTable(bent)
  })

  const page = `<!doctype html><body>${dataBlocks(embedded)}<p>…</p></body>`
  add("page's data blocks", "text", [utf8(page)], 0.2, (input) => {
    extractEdition(text(input))
  })
  add("data text", "text", [utf8(toDataText(embedded.header))], 0.5, (input) => {
    const bytes = fromDataText(text(input))
    if (bytes)
      mustHold(
        Buffer.from(fromDataText(toDataText(bytes)) ?? []).equals(bytes),
        "its own text is not read back",
      )
  })
  const template = readFileSync(new URL("page/dist/template.html", PACKAGES), "utf8").replace(
    /<script>[\s\S]*?<\/script>/,
    "",
  )
  add("template", "text", [utf8(template)], 0.02, (input) => {
    parseTemplate(text(input))
  })
  return { targets, close: async () => rmSync(folder, { recursive: true }) }
}

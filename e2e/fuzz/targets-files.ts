/** Files that people hand to `kunak`, and the data blocks of a page. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"
import { decodeDelegations, encodeDelegations } from "@kunak/cli/ceremony/delegations-file"
import { parseDescription } from "@kunak/cli/ceremony/description"
import { decodeSignerKey, encodeSignerKey } from "@kunak/cli/ceremony/signer-key"
import { parseTexts } from "@kunak/cli/charter/all-clear"
import { parseNotice } from "@kunak/cli/charter/close"
import { judgePaper } from "@kunak/cli/charter/judge"
import { decodePaper, encodePaper, type Paper } from "@kunak/cli/charter/paper"
import { Failure } from "@kunak/cli/failure"
import { decodeDelegation } from "@kunak/core/delegation/delegation"
import { makeEdition, makeOrganisation } from "@kunak/core/testing/organisation"
import { parseMarkdown } from "@kunak/desk/help/markdown"
import { freshMemory, loadMemory, saveMemory } from "@kunak/duty/memory-file"
import { readPeople } from "@kunak/figures/disclosure/read-people"
import { parseModelName } from "@kunak/figures/estimators/log-linear/model"
import { readCaptures } from "@kunak/figures/estimators/read-captures"
import { readSheet } from "@kunak/figures/linkage/clerical/sheet-file"
import { parseUncertainDate } from "@kunak/figures/linkage/dates/uncertain-date"
import { parseMapping } from "@kunak/figures/linkage/mapping/parse-mapping"
import { foldName } from "@kunak/figures/linkage/names/fold-name"
import type { LinkageRecords } from "@kunak/figures/linkage/records/fields"
import { readTruth } from "@kunak/figures/linkage/truth/evaluate"
import { parseCsv } from "@kunak/figures/tabular/csv"
import { readTable } from "@kunak/figures/tabular/read-table"
import { fromDataText, toDataText } from "@kunak/page/document/data-text"
import { dataBlocks, extractEdition } from "@kunak/page/document/extract"
import { parseTemplate } from "@kunak/page/document/template"
import { readTyped } from "@kunak/page/hotline/view/typed-words"
import "@kunak/page/view/decoder"
import encodeQR from "qr"
import { type Group, mustHold, type Target } from "./target.ts"
import { backupTargets } from "./targets-backups.ts"

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const PACKAGES = new URL("../../packages/", import.meta.url)

/** @returns null where it is refused in a sentence. */
async function inWords<T>(judge: () => T | Promise<T>): Promise<T | null> {
  try {
    return await judge()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    mustHold(error.message.length > 10, "refused without a sentence")
    return null
  }
}

const PICTURE_PATIENCE_MS = 700
/** Of a code, two pixels to a square: its edge, then red, green, blue and opacity. */
function pixels(said: string): Uint8Array {
  const squares = encodeQR(said, "raw", { border: 4, scale: 2 })
  const dots = squares.flatMap((row) =>
    row.flatMap((isDark) => (isDark ? [0, 0, 0, 255] : [255, 255, 255, 255])),
  )
  return Uint8Array.of(squares.length, ...dots)
}
/** Whatever comes, as a canvas would give it: as many dots as its edges say. */
function imageOf(input: Uint8Array): ImageData {
  const width = Math.max(1, input[0] ?? 1)
  const height = Math.max(1, Math.floor((input.length - 1) / (4 * width)))
  const data = new Uint8ClampedArray(4 * width * height)
  data.set(input.subarray(1, 1 + data.length))
  return { width, height, data, colorSpace: "srgb" } as unknown as ImageData
}

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
  const lawful: Paper = {
    kind: "delegations",
    charterChain: chain.bytes,
    delegations: delegations.map(({ bytes }) => bytes),
    editions: [embedded],
    objects: delegations.slice(0, 1).flatMap(({ bytes }) => {
      const signed = decodeDelegation(bytes)
      return signed ? [{ domain: "delegation", ...signed, texts: [], byPrevious: [] }] : []
    }),
  }
  add("judge paper", "json", [utf8(encodePaper(lawful))], 0.02, async (input) => {
    const decoded = decodePaper(text(input))
    if (!decoded) return
    const judged = await inWords(() => judgePaper(decoded))
    if (judged) mustHold(judged.own.signed.length <= judged.own.keys.length, "more have signed than can")
  })
  const { charter } = chain.current
  const texts = Object.fromEntries(
    charter.languages.map(({ tag }) => [
      tag,
      { headline: "Отбой", description: "Дороги открыты.", instruction: "Можно ехать." },
    ]),
  )
  add("all-clear's texts", "json", [utf8(JSON.stringify(texts))], 0.5, async (input) => {
    const parsed = await inWords(() => parseTexts(text(input), charter, "texts.json"))
    if (parsed) mustHold(parsed.length === charter.languages.length, "a language is missing")
  })
  const notice = Object.fromEntries(charter.languages.map(({ tag }) => [tag, "Обратитесь к другим."]))
  add("closing notice", "json", [utf8(JSON.stringify(notice))], 0.5, async (input) => {
    const parsed = await inWords(() => parseNotice(text(input), charter, "notice.json"))
    if (parsed) mustHold(parsed.size === charter.languages.length, "a language is missing")
  })
  targets.push(...(await backupTargets(folder, organisation)))

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
    [
      utf8("a,b,c,n\n1,0,0,7\n0,1,1,3\n1,1,1,2\n"),
      utf8("cluster,source\n1,a\n1,b\n2,a\n"),
      utf8("source,best,loose,counted,sample 1\na,1,1,yes,1\nb,1,1,yes,2\na,2,2,no,3\n"),
      utf8(
        "list,best,counted,linkage_warnings\na,1,1,no-warning\nb,1,1,few-columns nothing-learnt\nb,2,0,\n",
      ),
    ],
    0.5,
    (input) => {
      const table = parseCsv(input, "fuzzed.csv")
      if (!table.ok) return
      readCaptures(table.value)
      const by = table.value.columns.slice(0, 1)
      const people = readPeople(table.value, { by })
      if (people.ok)
        mustHold(
          people.value.rows.every(({ count }) => Number.isSafeInteger(count) && count >= 0),
          "people that are no number",
        )
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
  add("truth", "text", [utf8("rec-12-org,rec-12-dup-0,rec-7-org"), utf8("1,,2,1")], 0.5, (input) => {
    const values = text(input).split(",")
    mustHold(readTruth(values).length === values.length, "a record without an answer")
  })
  add("model's name", "text", [utf8("[a b][a c][b c]"), utf8("[a][b][c]")], 0.5, (input) => {
    parseModelName(text(input), ["a", "b", "c"])
  })
  const chapter = readFileSync(new URL("../docs/handbook/ru/1-install.md", PACKAGES))
  add(
    "handbook's Markdown",
    "text",
    [chapter, utf8("1. a\n\n   b `c`\n\n| x |\n|---|\n| **y** |\n")],
    0.1,
    (input) => {
      parseMarkdown(text(input))
    },
  )
  add("code in a picture", "bytes", [pixels("KUNAK1:7PZQ"), pixels("x".repeat(60))], 0.005, (input) => {
    // The reader throws where it finds none, and the page says so.
    try {
      globalThis.readSquareCode?.(imageOf(input), PICTURE_PATIENCE_MS)
    } catch (error) {
      mustHold(error instanceof Error, "thrown, and no error")
    }
  })
  const parquet = join(folder, "sample.parquet")
  const sample = await parquetSample(parquet)
  const bent = join(folder, "bent.parquet")
  add("Parquet", "bytes", [sample], 0.002, async (input) => {
    writeFileSync(bent, input)
    await readTable(bent)
  })

  const page = `<!doctype html><body>${dataBlocks(embedded)}<p>…</p></body>`
  add("typed words", "text", [utf8("река дом  3 гора"), utf8("River, house")], 0.5, (input) => {
    for (const language of ["ru", "en"] as const) readTyped(text(input), language)
  })
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

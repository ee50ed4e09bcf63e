import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { REPLY_LIFE_SECONDS } from "@kunak/core/parameters"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { CHAPTERS } from "./chapters.ts"
import { type Block, type Inline, parseInline, parseMarkdown, textOf } from "./markdown.ts"

const DOCS = fileURLToPath(new URL("../../../docs", import.meta.url))
const COMMANDS = fileURLToPath(new URL("../../cli/commands.ts", import.meta.url))
const LANGUAGES = ["en", "ru"] as const
const read = (language: string, file: string): string =>
  readFileSync(join(DOCS, "handbook", language, file), "utf8")

/** Every run of words in a text, in order. */
function inlines(blocks: readonly Block[]): readonly (readonly Inline[])[] {
  return blocks.flatMap((block) => {
    switch (block.kind) {
      case "list":
        return block.items.flatMap(inlines)
      case "table":
        return [...block.head, ...block.rows.flat()]
      case "code":
        return []
      default:
        return [block.inside]
    }
  })
}
const links = (inside: readonly Inline[]): readonly string[] =>
  inside.flatMap((one) => [
    ...(one.kind === "link" ? [one.to] : []),
    ...("inside" in one ? links(one.inside) : []),
  ])
const codes = (inside: readonly Inline[]): readonly string[] =>
  inside.flatMap((one) => (one.kind === "code" ? [one.text] : "inside" in one ? codes(one.inside) : []))
const plain = (inside: readonly Inline[]): string =>
  inside.map((one) => (one.kind === "code" ? "" : "text" in one ? one.text : plain(one.inside))).join("")

describe("the handbook's Markdown", () => {
  it("[K29] headings, paragraphs, lists with blocks inside, tables, quotes and code", () => {
    const blocks = parseMarkdown(
      "# Title\n\nOne\ntwo **three** `four`.\n\n1. first\n   goes on\n\n       a command\n\n2. second\n\n- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n> said\n> twice\n\n    code\n      set in\n\nend<!-- unseen -->",
    )
    expect(blocks.map(({ kind }) => kind)).toEqual([
      ...["heading", "paragraph", "list", "list", "table", "quote", "code", "paragraph"],
    ])
    expect(blocks[2]).toMatchObject({
      start: 1,
      items: [
        [
          { kind: "paragraph", inside: [{ text: "first goes on" }] },
          { kind: "code", text: "a command" },
        ],
        [{ kind: "paragraph", inside: [{ text: "second" }] }],
      ],
    })
    expect(blocks[4]).toMatchObject({
      head: [[{ text: "x" }], [{ text: "y" }]],
      rows: [[[{ text: "1" }], [{ text: "2" }]]],
    })
    expect(blocks[6]).toEqual({ kind: "code", text: "code\n  set in" })
    expect(blocks[7]).toEqual({ kind: "paragraph", inside: [{ kind: "text", text: "end" }] })
  })

  it("[K29] takes any text, loses none of its words, and makes no tag of it", () => {
    const letters = fc.string({
      unit: fc.constantFrom(
        "a",
        " ",
        "\n",
        "*",
        "`",
        "[",
        "]",
        "(",
        ")",
        "|",
        "-",
        "<",
        "#",
        "1.",
        "> ",
        "    ",
      ),
    })
    fc.assert(
      fc.property(letters, (text) => {
        const kept = textOf(inlines(parseMarkdown(text)).flat()) + JSON.stringify(parseMarkdown(text))
        for (const letter of text.replace(/<!--[\s\S]*?-->/g, "").match(/a/g) ?? [])
          expect(kept).toContain(letter)
      }),
    )
    expect(parseInline("<img src=x onerror=alert(1)>")).toEqual([
      { kind: "text", text: "<img src=x onerror=alert(1)>" },
    ])
  })
})

describe.each(LANGUAGES)("docs/handbook/%s", (language) => {
  it("[K29] has every chapter, with a title, and none that the window does not show", () => {
    expect(readdirSync(join(DOCS, "handbook", language)).sort()).toEqual(CHAPTERS.map(({ file }) => file))
    for (const { file } of CHAPTERS)
      expect(parseMarkdown(read(language, file))[0]).toMatchObject({ kind: "heading", level: 1 })
  })

  it("[K29] shows no mark that was meant to be drawn, and every link leads to a chapter", () => {
    for (const { file } of CHAPTERS) {
      const found = inlines(parseMarkdown(read(language, file)))
      for (const inside of found) {
        expect([file, plain(inside)]).toEqual([file, expect.not.stringMatching(/\*\*|`|\]\(|^\||<|^#/)])
        for (const to of links(inside))
          expect([file, CHAPTERS.some((chapter) => chapter.file === to)]).toEqual([file, true])
      }
    }
  })

  it("[K29] names no command and no document that is not there", () => {
    const known = [...readFileSync(COMMANDS, "utf8").matchAll(/^ {2}(\w+): \{/gm)].map((match) => match[1])
    expect(known).toContain("charter")
    for (const { file } of CHAPTERS) {
      const text = read(language, file).replace(/<!--[\s\S]*?-->/g, "")
      for (const [, command] of text.matchAll(/kunak ([a-z]+) /g))
        expect([file, known.includes(command)]).toEqual([file, command !== undefined])
      for (const [name] of text.matchAll(/docs\/[a-z-]+\.md/gi))
        expect([file, name, existsSync(join(DOCS, "..", name.toLowerCase()))]).toEqual([file, name, true])
    }
  })
})

it("[K29] tells people that an answer waits as long as it does", () => {
  expect(REPLY_LIFE_SECONDS).toBe(14 * 86_400)
  const said = LANGUAGES.map((language) => read(language, "3-what-to-tell-people.md"))
  expect(said[0]).toContain("An answer waits for two weeks, less where")
  expect(said[1]).toContain("Ответ ждёт две недели, а если")
})

it("[K29] both languages say the same in the same order: sections, steps, tables, commands", () => {
  const shape = (blocks: readonly Block[]): readonly string[] =>
    blocks.flatMap((block) => {
      if (block.kind === "heading") return [`heading ${block.level}`]
      if (block.kind === "list")
        return [`list from ${block.start}`, ...block.items.flatMap((item) => ["item", ...shape(item)])]
      if (block.kind === "table") return [`table of ${block.rows.length}`]
      return [block.kind === "code" ? block.text : block.kind]
    })
  for (const { file } of CHAPTERS) {
    const [en, ru] = LANGUAGES.map((language) => parseMarkdown(read(language, file)))
    expect([file, shape(ru ?? [])]).toEqual([file, shape(en ?? [])])
    const named = (blocks: readonly Block[] = []): readonly string[] => inlines(blocks).flatMap(codes).sort()
    expect([file, named(ru)]).toEqual([file, named(en)])
  }
})

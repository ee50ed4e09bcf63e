/**
 * The handbook's Markdown as a tree, for the window to draw: the part of CommonMark that docs/handbook/ uses, and no HTML.
 * Whatever it does not know stays as text, so nothing in a file can become a tag, a script or an address.
 */

export type Inline =
  | { readonly kind: "text" | "code"; readonly text: string }
  | { readonly kind: "strong" | "em"; readonly inside: readonly Inline[] }
  /** `to` as it is written; which of them lead somewhere is the window's to say. */
  | { readonly kind: "link"; readonly to: string; readonly inside: readonly Inline[] }

export type Block =
  | { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly inside: readonly Inline[] }
  | { readonly kind: "paragraph" | "quote"; readonly inside: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  /** `start`: the first item's number; null for a list without numbers. */
  | { readonly kind: "list"; readonly start: number | null; readonly items: readonly (readonly Block[])[] }
  | {
      readonly kind: "table"
      readonly head: readonly (readonly Inline[])[]
      readonly rows: readonly (readonly (readonly Inline[])[])[]
    }

const HEADING = /^(#{1,3}) (.*)$/
const ITEM = /^(-|\d+\.) +(.*)$/
const ROW = /^\|(.*)\|$/

export function parseMarkdown(text: string): readonly Block[] {
  return blocksOf(text.replace(/<!--[\s\S]*?-->/g, "").split(/\r?\n/))
}

function blocksOf(lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = []
  let at = 0
  const take = (holds: (line: string) => boolean): readonly string[] => {
    const from = at
    while (at < lines.length && holds(lines[at] ?? "")) at += 1
    return lines.slice(from, at)
  }
  while (at < lines.length) {
    const line = lines[at] ?? ""
    const heading = HEADING.exec(line)
    if (line.trim() === "") at += 1
    else if (heading) {
      at += 1
      const level = (heading[1] ?? "").length as 1 | 2 | 3
      blocks.push({ kind: "heading", level, inside: parseInline(heading[2] ?? "") })
    } else if (line.startsWith("    ")) {
      const code = take((next) => next.startsWith("    ") || next.trim() === "")
      blocks.push({
        kind: "code",
        text: code
          .map((one) => one.slice(4))
          .join("\n")
          .trimEnd(),
      })
    } else if (ITEM.test(line)) {
      const number = Number.parseInt(line, 10)
      const start = Number.isNaN(number) ? null : number
      const isOurs = (next: string): boolean => (start === null) === next.startsWith("-")
      const items = itemsOf(
        take((next) => (ITEM.test(next) ? isOurs(next) : next.startsWith("  ") || next.trim() === "")),
      )
      blocks.push({ kind: "list", start, items })
    } else if (line.startsWith("> ")) {
      const quoted = take((next) => next.startsWith("> ")).map((one) => one.slice(2))
      blocks.push({ kind: "quote", inside: parseInline(quoted.join(" ")) })
    } else if (ROW.test(line)) {
      const [head = [], , ...rows] = take((next) => ROW.test(next)).map(cellsOf)
      blocks.push({ kind: "table", head, rows })
    } else {
      const paragraph = [line]
      at += 1
      paragraph.push(
        ...take((next) => next.trim() !== "" && !HEADING.test(next) && !ITEM.test(next) && !ROW.test(next)),
      )
      blocks.push({ kind: "paragraph", inside: parseInline(paragraph.join(" ")) })
    }
  }
  return blocks
}

/** An item goes on with lines that are set in; what stands in them are blocks again, two or three letters to the left. */
function itemsOf(lines: readonly string[]): readonly (readonly Block[])[] {
  const items: string[][] = []
  let width = 0
  for (const line of lines) {
    const item = ITEM.exec(line)
    if (item) {
      width = line.length - (item[2] ?? "").length
      items.push([item[2] ?? ""])
    } else items.at(-1)?.push(line.slice(Math.min(width, line.length - line.trimStart().length)))
  }
  return items.map(blocksOf)
}

const cellsOf = (row: string): readonly (readonly Inline[])[] =>
  (ROW.exec(row)?.[1] ?? "").split("|").map((cell) => parseInline(cell.trim()))

const MARK = /`([^`]+)`|\*\*(.+?)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/

export function parseInline(text: string): readonly Inline[] {
  const found = MARK.exec(text)
  if (!found) return text === "" ? [] : [{ kind: "text", text }]
  const [all, code, strong, em, name, to] = found
  const inline: Inline =
    code !== undefined
      ? { kind: "code", text: code }
      : strong !== undefined
        ? { kind: "strong", inside: parseInline(strong) }
        : em !== undefined
          ? { kind: "em", inside: parseInline(em) }
          : { kind: "link", to: to ?? "", inside: parseInline(name ?? "") }
  return [
    ...parseInline(text.slice(0, found.index)),
    inline,
    ...parseInline(text.slice(found.index + all.length)),
  ]
}

/** Everything in it that is read, for a search or a test. */
export function textOf(inside: readonly Inline[]): string {
  return inside.map((one) => ("text" in one ? one.text : textOf(one.inside))).join("")
}

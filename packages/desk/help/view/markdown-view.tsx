import { Fragment, type ReactNode } from "react"
import { CHAPTERS } from "../chapters.ts"
import type { Block, Inline } from "../markdown.ts"

/* The parts of a text that never changes have no other name than their place. */

export function Blocks({ blocks }: { readonly blocks: readonly Block[] }): ReactNode {
  return blocks.map((block, i) => <Fragment key={place(i)}>{drawn(block)}</Fragment>)
}

const place = (i: number): string => `at ${i}`

function drawn(block: Block): ReactNode {
  switch (block.kind) {
    case "heading":
      return block.level === 3 ? <h4>{words(block.inside)}</h4> : <h3>{words(block.inside)}</h3>
    case "paragraph":
      return <p>{words(block.inside)}</p>
    case "quote":
      return <p className="note">{words(block.inside)}</p>
    case "code":
      return <pre>{block.text}</pre>
    case "list": {
      const items = block.items.map((item, i) => <li key={place(i)}>{itemOf(item)}</li>)
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>
    }
    case "table":
      return (
        <table>
          <thead>
            <tr>
              {block.head.map((cell, i) => (
                <th key={place(i)} scope="col">
                  {words(cell)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row, i) => (
              <tr key={place(i)}>
                {row.map((cell, k) => (
                  <td key={place(k)}>{words(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )
  }
}

/** An item of one paragraph needs none around it. */
function itemOf(item: readonly Block[]): ReactNode {
  const [first, ...rest] = item
  return first?.kind === "paragraph" ? (
    <>
      {words(first.inside)}
      <Blocks blocks={rest} />
    </>
  ) : (
    <Blocks blocks={item} />
  )
}

function words(inside: readonly Inline[]): ReactNode {
  return inside.map((one, i) => <Fragment key={place(i)}>{word(one)}</Fragment>)
}

function word(one: Inline): ReactNode {
  switch (one.kind) {
    case "text":
      return one.text
    case "code":
      return <code>{one.text}</code>
    case "strong":
      return <strong>{words(one.inside)}</strong>
    case "em":
      return <em>{words(one.inside)}</em>
    case "link": {
      // Other chapters are here; other documents are files of the release, and stand as their names.
      const chapter = CHAPTERS.find(({ file }) => file === one.to)
      return chapter ? <a href={`#/help/${chapter.id}`}>{words(one.inside)}</a> : words(one.inside)
    }
  }
}

import { useEffect, useMemo } from "react"
import { Button } from "react-aria-components"
import { useSpeech } from "../../view/words.ts"
import { handbook } from "./handbook.ts"
import { Blocks } from "./markdown-view.tsx"

/** The whole handbook on one page, so that the browser's own search finds every word of it. Needs no open desk. */
export function HelpWindow({ id }: { readonly id: string }) {
  const { say, language } = useSpeech()
  const chapters = useMemo(() => handbook(language), [language])
  useEffect(() => {
    const heading = id === "" ? null : document.getElementById(`help-${id}`)
    heading?.scrollIntoView()
    heading?.focus({ preventScroll: true })
  }, [id])
  return (
    <div className="window help">
      <div className="window-head">
        <h1>{say("help")}</h1>
        <Button className="button" onPress={() => print()}>
          {say("help.print")}
        </Button>
      </div>
      <nav aria-label={say("help.contents")}>
        <ol>
          {chapters.map((chapter) => (
            <li key={chapter.id}>
              <a href={`#/help/${chapter.id}`}>{chapter.title}</a>
            </li>
          ))}
        </ol>
      </nav>
      <p className="quiet">{say("help.search")}</p>
      {chapters.map(({ id: name, title, blocks }) => (
        <article key={name} aria-labelledby={`help-${name}`}>
          <h2 id={`help-${name}`} tabIndex={-1}>
            {title}
          </h2>
          <Blocks blocks={blocks} />
        </article>
      ))}
    </div>
  )
}

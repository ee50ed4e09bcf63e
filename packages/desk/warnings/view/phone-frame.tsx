import { useEffect, useState } from "react"
import { type AskError, ask } from "../../view/ask.ts"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { useSpeech } from "../../view/words.ts"

/** The public page with this draft in it, as a phone shows it: no script, no address of its own. */
export function PhoneFrame({ id, version }: { readonly id: string; readonly version: string }) {
  const { say } = useSpeech()
  const [name, setName] = useState<string | null>(null)
  const [error, setError] = useState<AskError | null>(null)
  // `version` is what the frame shows: another one asks again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is the reason to ask
  useEffect(() => {
    let isCurrent = true
    void ask<string>("preview", { id }).then((answer) => {
      if (!isCurrent) return
      setName(answer.ok ? answer.value : null)
      setError(answer.ok ? null : answer.error)
    })
    return () => {
      isCurrent = false
    }
  }, [id, version])
  return (
    <figure className="phone">
      <figcaption>{say("preview")}</figcaption>
      <ProblemNote error={error} />
      {name && <iframe title={say("preview")} sandbox="" src={`/preview/${name}`} />}
    </figure>
  )
}

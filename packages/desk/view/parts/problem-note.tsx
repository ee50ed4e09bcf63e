import type { AskError } from "../ask.ts"
import { useSpeech } from "../words.ts"

/** What went wrong, as one sentence that is read out when it appears. */
export function ProblemNote({ error }: { readonly error: AskError | null }) {
  const { sayOr } = useSpeech()
  return (
    <div role="alert" className={error ? "note problem" : "note-none"}>
      {error && sayOr(`error.${error.kind}`, "error.mistake", error)}
    </div>
  )
}

import { type FormEvent, useState } from "react"
import { Button } from "react-aria-components"
import { type AskError, ask } from "../../view/ask.ts"
import { Field } from "../../view/parts/field.tsx"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { useSpeech } from "../../view/words.ts"

/** Encrypts the whole file anew. When it is done the desk is locked, and the new passphrase opens it. */
export function PassphraseForm() {
  const { say } = useSpeech()
  const [old, setOld] = useState("")
  const [next, setNext] = useState("")
  const [again, setAgain] = useState("")
  const [error, setError] = useState<AskError | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isBusy) return undefined
    if (next !== again) return setError({ kind: "passphrases-differ" })
    setIsBusy(true)
    setError(null)
    void ask("passphrase", { old, next }).then((answer) => {
      setIsBusy(false)
      // A success shows as the lock screen, within seconds.
      setError(answer.ok ? null : answer.error)
    })
    return undefined
  }
  return (
    <form onSubmit={submit}>
      <h2>{say("settings.passphrase")}</h2>
      <Field label={say("settings.oldPassphrase")} type="password" value={old} onChange={setOld} />
      <Field
        label={say("create.passphrase")}
        hint={say("create.passphraseHint")}
        type="password"
        value={next}
        onChange={setNext}
      />
      <Field label={say("create.again")} type="password" value={again} onChange={setAgain} />
      <ProblemNote error={error} />
      <Button type="submit" className="button">
        {say(isBusy ? "settings.changing" : "settings.changePassphrase")}
      </Button>
    </form>
  )
}

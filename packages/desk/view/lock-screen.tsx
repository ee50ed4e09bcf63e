import { type FormEvent, useEffect, useState } from "react"
import { Button } from "react-aria-components"
import { type AskError, ask } from "./ask.ts"
import type { DeskState } from "./lock-state.ts"
import { Field } from "./parts/field.tsx"
import { LanguageSwitch } from "./parts/language-switch.tsx"
import { ProblemNote } from "./parts/problem-note.tsx"
import { type UiLanguage, useSpeech } from "./words.ts"

/** Neutral: it says neither whose desk this is nor what is in it. */
export function LockScreen(props: {
  readonly state: DeskState
  readonly language: UiLanguage
  readonly onLanguage: (language: UiLanguage) => void
  readonly onUnlocked: () => void
}) {
  const { say } = useSpeech()
  const { exists, enrols, lockReason, swap } = props.state
  return (
    <main className="lock">
      <h1>{say(exists ? "lock.title" : enrols ? "create.title" : "lock.nothing")}</h1>
      {exists && lockReason !== "start" && lockReason !== "button" && <p>{say(`lock.${lockReason}`)}</p>}
      {!exists && !enrols && <p>{say("lock.nothingText")}</p>}
      {exists && <Unlock onUnlocked={props.onUnlocked} />}
      {!exists && enrols && <Create onUnlocked={props.onUnlocked} />}
      {swap === "clear" && <p className="hint">{say("lock.swap")}</p>}
      {swap === "unknown" && <p className="hint">{say("lock.swapUnknown")}</p>}
      <LanguageSwitch language={props.language} onChange={props.onLanguage} />
      <p>
        <a href="#/help">{say("help.fromLock")}</a>
      </p>
    </main>
  )
}

function Unlock({ onUnlocked }: { readonly onUnlocked: () => void }) {
  const { say, language } = useSpeech()
  const [passphrase, setPassphrase] = useState("")
  const { error, isBusy, attempt } = useAttempt(onUnlocked)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    attempt({ passphrase, enrolmentPassphrase: "", language })
    setPassphrase("")
  }
  return (
    <form onSubmit={submit}>
      <Field
        label={say("lock.field")}
        type="password"
        value={passphrase}
        onChange={setPassphrase}
        autoFocus
      />
      <ProblemNote error={error} />
      <Button type="submit" className="button primary">
        {say(isBusy ? "lock.opening" : "lock.open")}
      </Button>
    </form>
  )
}

function Create({ onUnlocked }: { readonly onUnlocked: () => void }) {
  const { say, language } = useSpeech()
  const [enrolment, setEnrolment] = useState("")
  const [passphrase, setPassphrase] = useState("")
  const [again, setAgain] = useState("")
  const { error, isBusy, attempt, refuse } = useAttempt(onUnlocked)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (passphrase !== again) return refuse({ kind: "passphrases-differ" })
    attempt({ passphrase, enrolmentPassphrase: enrolment, language })
    return undefined
  }
  return (
    <form onSubmit={submit}>
      <p>{say("create.text")}</p>
      <Field
        label={say("create.enrolment")}
        hint={say("create.enrolmentHint")}
        type="password"
        value={enrolment}
        onChange={setEnrolment}
        autoFocus
      />
      <Field
        label={say("create.passphrase")}
        hint={say("create.passphraseHint")}
        type="password"
        value={passphrase}
        onChange={setPassphrase}
      />
      <Field label={say("create.again")} type="password" value={again} onChange={setAgain} />
      <ProblemNote error={error} />
      <Button type="submit" className="button primary">
        {say(isBusy ? "create.busy" : "create.do")}
      </Button>
    </form>
  )
}

/** A desk that has just locked begins anew, and hears nobody for a moment. */
async function patiently(body: object): ReturnType<typeof ask> {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask("unlock", body)
    if (answer.ok || answer.error.kind !== "desk-gone" || tries === MOST_TRIES) return answer
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}
const MOST_TRIES = 20

function useAttempt(onUnlocked: () => void) {
  const [error, setError] = useState<AskError | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const seconds = error?.kind === "wait" ? Number(error.seconds) : 0
  useEffect(() => {
    if (seconds === 0) return
    const timer = setTimeout(
      () => setError(seconds > 1 ? { kind: "wait", seconds: seconds - 1 } : null),
      1000,
    )
    return () => clearTimeout(timer)
  }, [seconds])
  const attempt = (body: object) => {
    if (isBusy) return
    setIsBusy(true)
    setError(null)
    void patiently(body).then((answer) => {
      setIsBusy(false)
      if (answer.ok) onUnlocked()
      else setError(answer.error.kind === "wait" ? { ...answer.error, kind: "wait" } : answer.error)
    })
  }
  return { error, isBusy, attempt, refuse: setError }
}

import { useEffect, useState } from "react"
import { Button } from "react-aria-components"
import { type AskError, ask } from "../../view/ask.ts"
import { Choice } from "../../view/parts/choice.tsx"
import { Field } from "../../view/parts/field.tsx"
import { ProblemNote } from "../../view/parts/problem-note.tsx"
import { useSpeech } from "../../view/words.ts"

/** The ways in which people carry a warning, and what carrying it risks. */
export function ForwardPanel({
  id,
  languages,
}: {
  readonly id: string
  readonly languages: readonly string[]
}) {
  const { say, sayOr, language: own } = useSpeech()
  const [language, setLanguage] = useState(languages.includes(own) ? own : (languages[0] ?? own))
  const [message, setMessage] = useState("")
  const [copied, setCopied] = useState(false)
  const [error, setError] = useState<AskError | null>(null)
  const [isMaking, setIsMaking] = useState(false)
  useEffect(() => {
    setCopied(false)
    void ask<string>("forward/message", { id, language }).then((answer) => {
      setMessage(answer.ok ? answer.value : "")
      setError(answer.ok ? null : answer.error)
    })
  }, [id, language])
  const copy = () => void navigator.clipboard.writeText(message).then(() => setCopied(true))
  const poster = (form: "pdf" | "png") => {
    setIsMaking(true)
    void ask<string>("forward/poster", { id, language, form }).then((answer) => {
      setIsMaking(false)
      setError(answer.ok ? null : answer.error)
      if (answer.ok) save(answer.value, form)
    })
  }
  return (
    <section className="forward">
      <h3>{say("forward")}</h3>
      <p className="note">{say("forward.risk")}</p>
      <Choice
        label={say("forward.language")}
        value={language}
        options={languages.map((tag) => ({
          value: tag,
          label: sayOr(`languageOf.${tag}`, "languageOf.other", { tag }),
        }))}
        onChange={setLanguage}
      />
      <ProblemNote error={error} />
      {message !== "" && (
        <>
          <Field
            label={say("forward.message")}
            hint={say("forward.messageHint", { count: message.length })}
            value={message}
            onChange={() => {}}
            rows={9}
            lang={language}
            isReadOnly
          />
          <div className="actions">
            <Button className="button primary" onPress={copy}>
              {say("forward.copy")}
            </Button>
            <Button className="button" isDisabled={isMaking} onPress={() => poster("png")}>
              {say("forward.png")}
            </Button>
            <Button className="button" isDisabled={isMaking} onPress={() => poster("pdf")}>
              {say("forward.pdf")}
            </Button>
          </div>
          <p role="status" className="quiet">
            {copied && say("forward.copied")}
            {isMaking && say("forward.making")}
          </p>
        </>
      )}
    </section>
  )
}

/** A neutral name: a file list, too, may be looked at. */
function save(base64: string, form: "pdf" | "png"): void {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  const type = form === "pdf" ? "application/pdf" : "image/png"
  const address = URL.createObjectURL(new Blob([bytes], { type }))
  const link = document.createElement("a")
  link.href = address
  link.download = `sheet.${form}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

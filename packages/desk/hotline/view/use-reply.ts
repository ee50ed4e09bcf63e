import { useCallback, useEffect, useRef, useState } from "react"
import type { AskError } from "../../view/ask.ts"
import type { ReplyCheck } from "../model.ts"
import { askHotline } from "./ask-hotline.ts"
import { MOST_LETTERS } from "./limits.ts"

const SAVE_AFTER_MS = 400
/** After a failure – a full disk, say – it tries again by itself; the text stays in the window meanwhile. */
const RETRY_MS = 5000

export interface Reply {
  readonly text: string
  readonly change: (text: string) => void
  /** Of the text as it was a moment ago; null while there is nothing to judge. */
  readonly check: ReplyCheck | null
  readonly state: "saved" | "saving" | "failed"
  readonly error: AskError | null
  /** Saves what is not yet saved. @returns whether the vault has everything now. */
  readonly flush: () => Promise<boolean>
  /** It was sent: an empty field. */
  readonly clear: () => void
}

/** A reply that saves itself and is judged while it is written; nothing is sent here. */
export function useReply(id: string, first: string): Reply {
  const [text, setText] = useState(first)
  const [check, setCheck] = useState<ReplyCheck | null>(null)
  const [state, setState] = useState<Reply["state"]>("saved")
  const [error, setError] = useState<AskError | null>(null)
  const unsaved = useRef<string | null>(null)
  /** Saves go one after the other: an older one must never overtake a newer. */
  const running = useRef<Promise<boolean>>(Promise.resolve(true))

  const flush = useCallback((): Promise<boolean> => {
    running.current = running.current.then(async () => {
      const sending = unsaved.current
      if (sending === null) return true
      if (sending.length > MOST_LETTERS.reply) {
        setState("failed")
        setError({ kind: "too-large" })
        return false
      }
      const answer = await askHotline("hotline/draft", { id, text: sending })
      if (!answer.ok) {
        setState("failed")
        setError(answer.error)
        return false
      }
      setError(null)
      if (unsaved.current === sending) {
        unsaved.current = null
        setState("saved")
      }
      return unsaved.current === null
    })
    return running.current
  }, [id])

  useEffect(() => {
    if (text.trim() === "" || text.length > MOST_LETTERS.reply) {
      setCheck(null)
      return
    }
    let isCurrent = true
    const timer = setTimeout(() => {
      void askHotline("hotline/check", { id, text }).then((answer) => {
        if (isCurrent && answer.ok) setCheck(answer.value)
      })
    }, SAVE_AFTER_MS / 2)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [id, text])

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new text starts the wait anew
  useEffect(() => {
    if (unsaved.current === null) return
    const timer = setTimeout(() => void flush(), state === "failed" ? RETRY_MS : SAVE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [text, state, error, flush])
  // Leaving the conversation keeps what was typed last.
  useEffect(() => () => void flush(), [flush])

  const change = useCallback((next: string) => {
    unsaved.current = next
    setText(next)
    setState((before) => (before === "failed" ? before : "saving"))
  }, [])
  const clear = useCallback(() => {
    change("")
    void flush()
  }, [change, flush])
  return { text, change, check, state, error, flush, clear }
}

import { useCallback, useEffect, useRef, useState } from "react"
import { type AskError, ask } from "../../view/ask.ts"
import type { DraftForm } from "../form.ts"
import type { DraftCheck } from "../model.ts"

const SAVE_AFTER_MS = 400
/** After a failure – a full disk, say – it tries again by itself; the text stays in the window meanwhile. */
const RETRY_MS = 5000
/** Changes closer together than this are one step of undo. */
const STEP_MS = 1200
const MOST_STEPS = 200

export interface DraftEditing {
  readonly form: DraftForm
  readonly check: DraftCheck
  readonly state: "saved" | "saving" | "failed"
  readonly error: AskError | null
  /** Counts what has reached the vault: the preview follows it. */
  readonly version: number
  readonly change: (change: Partial<DraftForm>) => void
  readonly undo: (() => void) | null
  readonly redo: (() => void) | null
  /** Saves what is not yet saved. @returns whether the vault has everything now. */
  readonly flush: () => Promise<boolean>
}

/** A draft that saves itself, says what is still missing, and takes back step by step. */
export function useDraft(id: string, first: DraftForm, firstCheck: DraftCheck): DraftEditing {
  const [form, setForm] = useState(first)
  const [check, setCheck] = useState(firstCheck)
  const [state, setState] = useState<DraftEditing["state"]>("saved")
  const [error, setError] = useState<AskError | null>(null)
  const [version, setVersion] = useState(0)
  const [past, setPast] = useState<readonly DraftForm[]>([])
  const [future, setFuture] = useState<readonly DraftForm[]>([])
  const lastStep = useRef(0)
  const unsaved = useRef<DraftForm | null>(null)
  const current = useRef(first)
  /** Saves go one after the other: an older one must never overtake a newer. */
  const running = useRef<Promise<boolean>>(Promise.resolve(true))

  const flush = useCallback((): Promise<boolean> => {
    running.current = running.current.then(async () => {
      const sending = unsaved.current
      if (!sending) return true
      const answer = await ask<DraftCheck>("drafts/save", { id, form: sending })
      if (!answer.ok) {
        setState("failed")
        setError(answer.error)
        return false
      }
      if (unsaved.current === sending) {
        unsaved.current = null
        setState("saved")
      }
      setError(null)
      setCheck(answer.value)
      setVersion((before) => before + 1)
      return unsaved.current === null
    })
    return running.current
  }, [id])

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new form starts the wait anew
  useEffect(() => {
    if (!unsaved.current) return
    const timer = setTimeout(() => void flush(), state === "failed" ? RETRY_MS : SAVE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [form, state, error, flush])
  // Leaving the editor keeps what was typed last.
  useEffect(() => () => void flush(), [flush])

  const put = useCallback((next: DraftForm) => {
    current.current = next
    unsaved.current = next
    setForm(next)
    setState((before) => (before === "failed" ? before : "saving"))
  }, [])
  const change = useCallback(
    (part: Partial<DraftForm>) => {
      const before = current.current
      if (Date.now() - lastStep.current > STEP_MS) setPast((steps) => [...steps.slice(-MOST_STEPS), before])
      lastStep.current = Date.now()
      setFuture([])
      put({ ...before, ...part })
    },
    [put],
  )
  const [back, ahead] = [past.at(-1), future.at(-1)]
  const undo = () => {
    if (!back) return
    lastStep.current = 0
    setPast(past.slice(0, -1))
    setFuture([...future, current.current])
    put(back)
  }
  const redo = () => {
    if (!ahead) return
    setFuture(future.slice(0, -1))
    setPast([...past, current.current])
    put(ahead)
  }
  return {
    form,
    check,
    state,
    error,
    version,
    change,
    undo: back ? undo : null,
    redo: ahead ? redo : null,
    flush,
  }
}

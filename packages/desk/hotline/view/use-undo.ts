import { useCallback, useEffect, useMemo, useRef, useState } from "react"
import type { AskError, Asked } from "../../view/ask.ts"
import { type AnswerOf, askHotline, type BodyOf } from "./ask-hotline.ts"

/** These answer with what was there before, and take it back themselves. */
export type ReversiblePath = "hotline/assign" | "hotline/urgency" | "hotline/state"

/** What was just done, in words, and what takes it back. */
interface Offer {
  readonly said: string
  readonly takeBack: () => Promise<Asked<unknown>>
}

export interface Undoing {
  /** Null once the ten seconds are over. */
  readonly said: string | null
  readonly error: AskError | null
  /** Does it; when it worked, it can be taken back for a while. */
  readonly act: <Path extends ReversiblePath>(
    path: Path,
    body: BodyOf<Path>,
    back: (before: AnswerOf<Path>["before"]) => BodyOf<Path>,
    said: string,
  ) => Promise<void>
  readonly takeBack: () => void
  /** While somebody is at the offer, it stays. */
  readonly hold: (isHeld: boolean) => void
}

const OFFER_MS = 10_000

const isTyping = (): boolean => document.activeElement?.matches("input, textarea") ?? false

/** One undo at a time, the newest, for ten seconds: by its button, or by Ctrl+Z outside a text field. */
export function useUndo(onChanged: () => void): Undoing {
  const [offer, setOffer] = useState<Offer | null>(null)
  const [error, setError] = useState<AskError | null>(null)
  const [isHeld, hold] = useState(false)
  const latest = useRef<Offer | null>(null)
  latest.current = offer

  const act = useCallback<Undoing["act"]>(
    async (path, body, back, said) => {
      const answer = await askHotline(path, body)
      hold(false)
      setError(answer.ok ? null : answer.error)
      if (answer.ok) {
        const { before } = answer.value
        setOffer({ said, takeBack: () => askHotline(path, back(before)) })
      } else setOffer(null)
      onChanged()
    },
    [onChanged],
  )
  const takeBack = useCallback(() => {
    const made = latest.current
    if (!made) return
    setOffer(null)
    hold(false)
    void made.takeBack().then((answer) => {
      setError(answer.ok ? null : answer.error)
      onChanged()
    })
  }, [onChanged])

  useEffect(() => {
    if (!offer || isHeld) return
    const timer = setTimeout(() => setOffer(null), OFFER_MS)
    return () => clearTimeout(timer)
  }, [offer, isHeld])
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return
      if (isTyping() || !latest.current) return
      event.preventDefault()
      takeBack()
    }
    document.addEventListener("keydown", pressed)
    return () => document.removeEventListener("keydown", pressed)
  }, [takeBack])
  return useMemo(
    () => ({ said: offer?.said ?? null, error, act, takeBack, hold }),
    [offer, error, act, takeBack],
  )
}

import { useEffect, useRef, useState } from "react"

export interface SharedText {
  readonly text: string
  readonly change: (text: string) => void
  readonly isDirty: boolean
  /** What a colleague wrote while it was being changed here; null when nobody did. */
  readonly theirs: string | null
  /** Puts theirs before one's own: nothing is overwritten unread. */
  readonly merge: () => void
  /** It was saved as it stands. */
  readonly saved: () => void
}

/** A text that colleagues may change, too. Untouched it follows theirs; touched it waits for a decision. */
export function useSharedText(current: string): SharedText {
  const [text, setText] = useState(current)
  /** What it was when the change here began. */
  const [base, setBase] = useState(current)
  const isDirty = text !== base
  const latest = useRef(text)
  latest.current = text
  useEffect(() => {
    if (isDirty || current === base) return
    setText(current)
    setBase(current)
  }, [current, base, isDirty])
  const theirs = isDirty && current !== base && current !== text ? current : null
  return {
    text,
    change: setText,
    isDirty,
    theirs,
    merge: () => {
      if (theirs === null) return
      setText([theirs, text].filter((part) => part !== "").join("\n"))
      setBase(theirs)
    },
    saved: () => setBase(latest.current),
  }
}

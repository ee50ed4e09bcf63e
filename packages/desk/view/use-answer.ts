import { useCallback, useEffect, useRef, useState } from "react"
import { type Asked, ask } from "./ask.ts"

export interface Answered<T> {
  readonly answer: Asked<T> | null
  readonly again: () => void
}

/** Asks at once, whenever `body` changes, and every `everySeconds`; the last answer stays while it asks again. */
export function useAnswer<T>(path: string, body: object, everySeconds: number): Answered<T> {
  const [answer, setAnswer] = useState<Asked<T> | null>(null)
  const asked = JSON.stringify(body)
  const latest = useRef(0)
  const again = useCallback(() => {
    const number = latest.current + 1
    latest.current = number
    void ask<T>(path, JSON.parse(asked) as object).then((next) => {
      if (latest.current === number) setAnswer(next)
    })
  }, [path, asked])
  useEffect(() => {
    again()
    const timer = setInterval(again, everySeconds * 1000)
    return () => {
      latest.current += 1
      clearInterval(timer)
    }
  }, [again, everySeconds])
  return { answer, again }
}

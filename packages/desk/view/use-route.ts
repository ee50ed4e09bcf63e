import { useCallback, useEffect, useState } from "react"
import { placeId, placeName } from "./place-names.ts"

export interface Route {
  readonly window: string
  readonly id: string
  readonly go: (window: string, id?: string) => void
  /** Back to the first window, without a trace in the tab's history of what was open. */
  readonly home: () => void
}

const parse = (hash: string): { window: string; id: string } => {
  const [, window = "", id = ""] = /^#\/([a-z]+)(?:\/([\w-]+))?$/.exec(hash) ?? []
  return { window, id: placeId(id) }
}

/** Where in the desk this tab is: "#/warnings/…_3", the third thing that was named in this page. */
export function useRoute(): Route {
  const [place, setPlace] = useState(() => parse(location.hash))
  useEffect(() => {
    const changed = () => setPlace(parse(location.hash))
    window.addEventListener("hashchange", changed)
    // It may have changed between the first look and now.
    changed()
    return () => window.removeEventListener("hashchange", changed)
  }, [])
  const go = useCallback((to: string, id?: string) => {
    location.hash = id ? `#/${to}/${placeName(id)}` : `#/${to}`
  }, [])
  const home = useCallback(() => {
    history.replaceState(null, "", "/")
    setPlace({ window: "", id: "" })
  }, [])
  return { ...place, go, home }
}

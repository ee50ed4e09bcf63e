import { createContext, useContext } from "react"
import type { TodayView } from "../today/model.ts"

/** What the shell asks for anyway, for the windows that show a part of it; null until the first answer. */
export const TodayContext = createContext<TodayView | null>(null)
export const useToday = (): TodayView | null => useContext(TodayContext)

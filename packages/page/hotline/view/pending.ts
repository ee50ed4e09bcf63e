import { erase } from "@kunak/core/secret"
import type { Hub } from "./hub.ts"

/** Roots of words that were typed wrong, or never entered. */
export function dropPending({ pending }: Pick<Hub, "pending">): void {
  for (const root of pending) void root.then(erase)
  pending.clear()
}

/** From ten words into a conversation. */
import { erase } from "@kunak/core/secret"
import { type Hub, type Opening, paragraph } from "./hub.ts"

/** Roots of words that were typed wrong, or never entered. */
export function dropPending({ pending }: Hub): void {
  for (const root of pending) void root.then(erase)
  pending.clear()
}

/** The root takes the dummy's place; on the wire nothing changes. */
export async function enterTalk(hub: Hub, opening: Opening, isReturn: boolean): Promise<void> {
  const words = (): string => hub.place().speech.say("live.working")
  hub.go({ heading: words, draw: () => [paragraph("working", "")] })
  const [root, { visit, talk }] = await Promise.all([opening.root, hub.carried])
  // Forgotten while it was worked out.
  if (!hub.pending.delete(opening.root)) return
  dropPending(hub)
  visit.enter(root)
  hub.go(talk(hub, isReturn))
}

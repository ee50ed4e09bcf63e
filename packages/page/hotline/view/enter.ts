/** From ten words into a conversation. */
import { type Hub, type Opening, paragraph } from "./hub.ts"
import { dropPending } from "./pending.ts"
import { talkStep } from "./talk.ts"

/** The root takes the dummy's place; on the wire nothing changes. */
export async function enterTalk(hub: Hub, opening: Opening, isReturn: boolean): Promise<void> {
  const words = (): string => hub.place().speech.say("live.working")
  hub.go({ heading: words, draw: () => [paragraph("working", "")] })
  const root = await opening.root
  // Forgotten while it was worked out.
  if (!hub.pending.delete(opening.root)) return
  dropPending(hub)
  hub.visit.enter(root)
  hub.go(talkStep(hub, isReturn))
}

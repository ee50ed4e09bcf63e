import { useSpeech } from "../../view/words.ts"
import type { SinceOpened } from "./since-opened.ts"

/** What others did since it was opened, in one sentence. */
export function News({ since }: { readonly since: SinceOpened }) {
  const { say } = useSpeech()
  const parts = [
    ...since.repliedBy.map((officer) => say("reply.colleagueAnswered", { officer })),
    ...(since.messages > 0 ? [say("reply.newMessages", { count: since.messages })] : []),
  ]
  return parts.join(" ")
}

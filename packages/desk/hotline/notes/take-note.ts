/** Takes a note into the vault, at its place in the log. */
import { windowEnd, type windowOf, windowStart } from "@kunak/core/intake/intake-key"
import type { Note } from "@kunak/core/log/note"
import type { Instant } from "@kunak/core/time/instant"
import type { VaultChange } from "../../vault/unlocked-vault.ts"
import { takeReply } from "../replies/reply-store.ts"
import { settlePending } from "../rings/ring-store.ts"
import { takeFact } from "../threads/facts.ts"
import { itemOf, takeLetter } from "../threads/take-letter.ts"
import { settleNote } from "./note-outbox.ts"

/** @param window of the key that it stood under: who was away for days still learns about when a message came. */
export function takeNote(
  change: VaultChange,
  note: Note,
  position: number,
  window: ReturnType<typeof windowOf>,
  now: Instant,
): void {
  const time = Math.min(now, windowEnd(window)) as Instant
  switch (note.kind) {
    case "letters":
      for (const { letter } of note.letters) {
        takeLetter(change, letter, time, position, windowStart(window))
        settlePending(change, letter.threadId, itemOf(letter), position)
      }
      return
    case "reply":
      settleNote(change, note, position)
      takeReply(change, note, time, position)
      return
    case "fact":
      settleNote(change, note, position)
      // Of desks whose clocks differ by days the one that is right must not pass over what the other says, nor the other way.
      takeFact(change, note, Math.max(now, windowStart(window)) as Instant)
  }
}

/**
 * Which of a vault's tables may stand in a backup. Rule BU1: nothing that is to be destroyed, and nothing that somebody may
 * delete, ever leaves the vault; so no backup can bring it back, whoever holds it and whatever passphrase they learn.
 * docs/decisions/0014-what-a-backup-leaves-out.md
 */

/** What this officer is, what was signed, what is public, and how far it was read. */
export const BACKED_UP = [
  "enrolment",
  "setting",
  "line_entry",
  "log_place",
  "outbox",
  "draft",
  "warning_note",
  "published",
  "edition",
  "source",
  // Public halves, and which private ones were destroyed: a seed of these is not taken again.
  "receive_key",
  "intake_key",
  "intake_wrap",
  "intake_gone",
  // Numbers that stand on the board, by handle: none of them is given again.
  "placed_part",
  "deleted_thread",
] as const

/** Each with the reason, for whoever reads this list; a table that stands in neither fails a test. */
export const LEFT_OUT = {
  receive_seed: "one-time keys of fourteen days: erased once they have served",
  intake_seed: "opens ring and log of six hours: erased twelve hours after them",
  week_key: "opens a person's replies of a week: erased as the week passes",
  thread: "a conversation is deleted at every desk, and a backup is none",
  message: "as its thread",
  fact: "as its thread",
  handover: "as its thread",
  reply: "as its thread",
  reply_part: "as its thread",
  ring_pending: "opened letters, with the week keys in them",
  note_waiting: "sealed notes about people, of no use without the seeds",
  note_lost: "what was said once",
  ring: "places in the rings: a restored desk begins at what is not acknowledged",
  ring_batch: "as the ring's places",
  ring_unopened: "as the ring's places",
  ring_rate: "as the ring's places",
} as const

/**
 * Of the outbox only what does no harm when it is said again after all that came since: a signed warning, a revocation, a
 * veto. A draft would come back after it was discarded; keys would name halves that are gone; the rest is about people.
 */
export const SAID_AGAIN: ReadonlySet<string> = new Set(["warning", "revocation", "veto"])

/**
 * A draft that nobody has signed stands at one desk alone: nothing in the log would say that it was discarded since. So only
 * signed ones are backed up, as they were signed.
 */
export const UNSIGNED_EDITS = "form"

/** Gone, too, where the log since the backup can't be read: what of these was discarded since is not known then. */
export const NEEDS_LOG: readonly (typeof BACKED_UP)[number][] = [
  "outbox",
  "draft",
  "warning_note",
  "placed_part",
  "log_place",
]

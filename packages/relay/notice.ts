/** The only words of a relay on standard error: what its operator can mend. No data, address or time (rule T4). */

export type Notice =
  | "store-refuses-writes"
  | "store-writes-again"
  | "stored-edition-unreadable"
  | "clock-differs"
  | "internal-error"

export type Report = (notice: Notice) => void

export const noticeSentences: Readonly<Record<Notice, string>> = {
  "store-refuses-writes":
    "The store refuses to write (disk full, read-only, or the database is down): reading goes on, publishing and the staff log wait. Free some space or start the database; the relay recovers by itself.",
  "store-writes-again": "The store takes writes again.",
  "stored-edition-unreadable":
    "The newest edition in the store can't be read: the relay shows none until duty publishes again.",
  "clock-differs":
    "An edition was refused because its time is more than a day from this machine's clock: check the clock here and on duty's machine.",
  "internal-error":
    "A request met an error inside the relay and was answered 500. Please report this with the relay's version.",
}

import type { Edition } from "@kunak/core/edition/verify"

/** From so many ticks before its last envelope is closed on, the page says that it will stop. */
const ENDING_TICKS = 5

/** In seconds before that moment. */
export const endingSeconds = ({ bulletin }: Edition): number =>
  (ENDING_TICKS * bulletin.chain.current.charter.tickMs) / 1000

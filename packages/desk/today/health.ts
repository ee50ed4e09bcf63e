/** How everything is, in figures. Pure over what the desk already knows: no relay is asked for it. */
import { equalBytes } from "@kunak/core/bytes/equal"
import { type Instant, weekOf } from "@kunak/core/time/instant"
import { leaseSeconds } from "@kunak/duty/duty"
import { ringPlace, ringRate } from "../hotline/rings/ring-store.ts"
import type { OpenDesk } from "../open-desk.ts"
import type { HealthView } from "./model.ts"
import { delegationsEnd } from "./queries.ts"
import { VERSION } from "./version.ts"

const RELAYS = ["A", "B"] as const

export function health(desk: OpenDesk): HealthView {
  const { charter } = desk.chain().current
  const time = desk.now()
  const slots = 2 ** charter.log2Slots
  return {
    duty: dutySeen(desk),
    delegationsEnd: delegationsEnd(desk),
    charterEnds: charter.expires,
    rings: RELAYS.map((relay) => {
      const { head, acknowledged } = ringPlace(desk.vault, relay)
      const rate = ringRate(desk.vault, relay, time)
      const waiting = head - acknowledged
      const hours = rate && rate > 0 ? Math.max(0, Math.floor((slots - waiting) / rate)) : null
      return { relay, waiting, slots, hours }
    }),
    clocks: RELAYS.map((relay) => ({ relay, seconds: desk.sync.clockOffset(relay) })),
    freeBytes: desk.freeBytes(),
    version: VERSION,
  }
}

/** The lease that it renews in the log with every edition, or else the newest edition. */
function dutySeen(desk: OpenDesk): HealthView["duty"] {
  const { lease, delegations } = desk.sync.line()
  const edition = desk.sync.watch.edition()
  const issued = edition?.header.issued ?? null
  if (!lease) return issued === null ? null : { number: null, seen: issued }
  const said = (lease.until - leaseSeconds(desk.chain().current.charter.editionSeconds)) as Instant
  const week = delegations.findLast((one) => one.week === weekOf(desk.now()))
  const place = week?.duties.findIndex((key) => equalBytes(key, lease.duty)) ?? -1
  return { number: place < 0 ? null : place + 1, seen: Math.max(said, issued ?? said) as Instant }
}

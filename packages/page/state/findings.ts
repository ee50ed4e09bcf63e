/** What a visitor is told about the page in hand. Pure: clocks and answers are arguments. Rules G9–G13. */

import { equalBytes } from "@kunak/core/bytes/equal"
import { attendance, type Freshness, freshness } from "@kunak/core/edition/attendance"
import type { EditionHeader, EditionId } from "@kunak/core/edition/header"
import { type Edition, succession } from "@kunak/core/edition/verify"
import { CLOCK_TOLERANCE_SECONDS } from "@kunak/core/parameters"
import type { Instant } from "@kunak/core/time/instant"
import type { RelayState } from "./relay-state.ts"

/** Editions by which one relay may lag while an upload is on its way (rule G11). */
const TOLERATED_EDITIONS = 2

export type Finding =
  | {
      readonly kind:
        | "fresh"
        | "unattended"
        | "staleClock"
        | "relayDown"
        | "relayRefused"
        | "relaysRefused"
        | "equivocation"
        | "otherCharter"
    }
  | { readonly kind: "attended" | "relaysDown" | "relayBehind" | "newer"; readonly time: Instant }
  | { readonly kind: "leftOut"; readonly count: number }
  | { readonly kind: "stale" | "savedCopy"; readonly seconds: number }
  | {
      readonly kind:
        | "clockAhead"
        | "clockBehind"
        | "clockAheadStale"
        | "clockBehindStale"
        | "clockBehindUnknown"
      readonly seconds: number
    }

/** Calm ones inform; all others say that something is not as it should be, and stand above the warnings. */
const CALM: readonly Finding["kind"][] = ["fresh", "attended", "relayDown"]

export const isCalm = ({ kind }: Finding): boolean => CALM.includes(kind)

export interface Circumstances {
  readonly own: Edition
  readonly relays: readonly RelayState[]
  /** The device's clock. */
  readonly now: Instant
  /** Opened from a file. */
  readonly isSavedCopy: boolean
}

export interface Assessment {
  readonly findings: readonly Finding[]
  /** By which warnings are judged: the relays' clock where the device's is wrong and they agree. */
  readonly time: Instant
  /** Whether nothing newer is known and the page is not old. */
  readonly isFresh: boolean
}

interface Seen {
  readonly id: EditionId
  readonly headerBytes: Uint8Array
  readonly header: EditionHeader
}

export function assess(circumstances: Circumstances): Assessment {
  const { own, relays, now } = circumstances
  const mine: Seen = { id: own.header.id, headerBytes: own.headerBytes, header: own.header }
  const theirs = relays.flatMap((relay): readonly Seen[] =>
    relay.kind === "header"
      ? [
          {
            id: relay.verified.header.id,
            headerBytes: relay.verified.bytes,
            header: relay.verified.header,
          },
        ]
      : [],
  )
  const newest = [mine, ...theirs].reduce((a, b) => (succession(a, b) === "newer" ? b : a))
  const clocks = relays.flatMap(({ clock }) => (clock === null ? [] : [clock]))
  // A newer header over the same bulletin vouches for the words in hand.
  const judged = equalBytes(newest.header.bulletinHash, mine.header.bulletinHash) ? newest : mine
  const fresh = freshness(judged.header, now, clocks)
  const isOutdated = judged !== newest
  const findings = [
    ...tampering([mine, ...theirs]),
    ...relayFindings(circumstances, newest, theirs),
    ...attendanceFindings(own),
    ...(isOutdated && newest.header.expires > timeBy(fresh, now)
      ? [{ kind: "newer", time: newest.header.issued } as const]
      : ageFindings(fresh, circumstances)),
  ]
  const isFresh =
    !isOutdated && (fresh.kind === "fresh" || (fresh.kind === "clock-wrong" && fresh.fresh === true))
  return {
    findings: [...findings.filter((f) => !isCalm(f)), ...findings.filter(isCalm)],
    time: timeBy(fresh, now),
    isFresh,
  }
}

const timeBy = (fresh: Freshness, now: Instant): Instant =>
  (fresh.kind === "clock-wrong" ? now - fresh.offBySeconds : now) as Instant

/** Rule G12: two headers under one id. */
const tampering = (seen: readonly Seen[]): readonly Finding[] =>
  seen.some((a, i) => seen.slice(i + 1).some((b) => succession(a, b) === "equivocation"))
    ? [{ kind: "equivocation" }]
    : []

function relayFindings(
  { own, relays, isSavedCopy, now }: Circumstances,
  newest: Seen,
  theirs: readonly Seen[],
): readonly Finding[] {
  const count = (kind: RelayState["kind"]): number => relays.filter((relay) => relay.kind === kind).length
  const [down, refused, other] = [count("down"), count("refused"), count("other-charter")]
  const tolerated = TOLERATED_EDITIONS * own.bulletin.chain.current.charter.editionSeconds
  const behind = theirs.filter(({ header }) => newest.header.issued - header.issued > tolerated)
  return [
    ...(refused > 0 ? [{ kind: refused === relays.length ? "relaysRefused" : "relayRefused" } as const] : []),
    ...(other > 0 ? [{ kind: "otherCharter" } as const] : []),
    ...behind.slice(0, 1).map(({ header }) => ({ kind: "relayBehind", time: header.issued }) as const),
    ...(down === relays.length
      ? isSavedCopy
        ? [{ kind: "savedCopy", seconds: Math.max(0, now - own.header.issued) } as const]
        : [{ kind: "relaysDown", time: own.header.issued } as const]
      : down > 0
        ? [{ kind: "relayDown" } as const]
        : []),
  ]
}

function attendanceFindings(own: Edition): readonly Finding[] {
  const attended = attendance(own)
  switch (attended.kind) {
    case "attended":
      return [{ kind: "attended", time: attended.since }]
    case "unattended":
      return [{ kind: "unattended" }]
    case "something-left-out":
      return [{ kind: "leftOut", count: attended.missing }]
  }
}

/** Rule G10: a wrong clock is told apart from an old page. */
function ageFindings(fresh: Freshness, { relays, isSavedCopy }: Circumstances): readonly Finding[] {
  const isOffline = relays.every(({ kind }) => kind === "down")
  switch (fresh.kind) {
    case "fresh":
      // Without a relay nobody can tell whether there is something newer.
      return isOffline ? [] : [{ kind: "fresh" }]
    case "stale":
      return isOffline && isSavedCopy ? [] : [{ kind: "stale", seconds: fresh.ageSeconds }]
    case "clock-wrong": {
      const seconds = Math.abs(fresh.offBySeconds)
      if (fresh.fresh === null) return [{ kind: "clockBehindUnknown", seconds }]
      const side = fresh.offBySeconds > CLOCK_TOLERANCE_SECONDS ? "clockAhead" : "clockBehind"
      return fresh.fresh
        ? [{ kind: side, seconds }]
        : [{ kind: `${side}Stale`, seconds }, { kind: "staleClock" }]
    }
  }
}

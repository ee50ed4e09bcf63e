/** Two real relays in process, and visits to them on a clock that tests move; each relay may fail or lie. */

import { type LiveThread, makeBoard } from "@kunak/core/board/make-board"
import { boardRows } from "@kunak/core/board/merkle"
import { parseEnvelope } from "@kunak/core/envelope/envelope"
import { RING_READ_ENVELOPES } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import {
  type EditionOptions,
  type MadeEdition,
  makeEdition,
  makeOrganisation,
  type Organisation,
  type OrganisationOptions,
  SAMPLE_NOW,
} from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { type Instant, plusSeconds } from "@kunak/core/time/instant"
import { type App, createApp } from "@kunak/relay/app"
import { bearer } from "@kunak/relay/capability"
import type { RelayStore } from "@kunak/relay/store/contract"
import { makeIntake, type TestIntake } from "@kunak/relay/testing/hotline"
import { memoryStore } from "@kunak/relay/testing/memory-store"
import {
  bodyOf,
  capabilities,
  capabilityHashes,
  makePublication,
  makeRequest,
  sampleOrganisation,
} from "@kunak/relay/testing/test-relay"
import { runExchange } from "../exchange.ts"
import { letterBox } from "../letter-box.ts"
import { openVisit } from "../visit.ts"
import type { Visit } from "../visit-state.ts"
import { type VirtualClock, virtualClock } from "./virtual-clock.ts"

/** Few, so that a line is made quickly; more than a visit fills. */
const SLOTS = 64
const LITTLE = Uint8Array.of(60)

export type RelayName = "A" | "B"

/** All that a relay, or whoever watches the wire, sees of a request, but for its random bytes. */
export interface SeenRequest {
  readonly atMs: number
  readonly url: string
  /** Everything that was asked of `fetch`, but body and signal. */
  readonly options: Readonly<Record<string, unknown>>
  readonly bytes: number
}

/** What a relay answers instead: other bytes, a status, nothing, or nothing ever. */
export type Spoil = (
  answer: Uint8Array,
  request: { readonly tick: number; readonly body: Uint8Array },
) => Uint8Array | number | "down" | "silent"

export interface VisitRelay {
  readonly app: App
  readonly store: RelayStore
  /** Its steady clock. */
  readonly clock: { ms: number }
}

export interface VisitLine {
  readonly organisation: Organisation
  readonly relays: Readonly<Record<RelayName, VisitRelay>>
  readonly intake: TestIntake
  /** A board with these threads' parts, at both relays or one. Makes the next edition. */
  readonly publish: (
    threads?: readonly LiveThread[],
    change?: EditionOptions,
    at?: readonly RelayName[],
  ) => Promise<MadeEdition>
  readonly envelopesAt: (name: RelayName) => Promise<readonly Uint8Array[]>
  /** As desks do it once they have everything: the rings have room again. */
  readonly acknowledge: () => Promise<void>
}

/** Where a visit goes. */
export type Places = Pick<VisitLine, "organisation" | "relays">

export interface TestVisit {
  readonly visit: Visit
  readonly clock: VirtualClock
  readonly seen: SeenRequest[]
  /** Bodies, in the same order. */
  readonly bodies: Uint8Array[]
  /** To the end of this tick. */
  readonly runTo: (tick: number, before?: (ms: number) => Promise<void> | void) => Promise<void>
}

export interface VisitOptions {
  /** The edition that the page in hand was made from. */
  readonly own: Pick<MadeEdition, "edition" | "issued">
  readonly spoil?: Partial<Record<RelayName, Spoil>>
  readonly now?: Instant
  readonly relayNow?: Partial<Record<RelayName, Instant>>
  readonly latencyMs?: number
  readonly pauseMs?: number
  /** By which ticks are put off; not at all when not given. */
  readonly chance?: () => number
  readonly seed?: string
}

/** For a test, or for a whole file of them. */
export async function visitLine(change?: NonNullable<OrganisationOptions["change"]>): Promise<VisitLine> {
  const organisation = change ? await makeOrganisation({ change }) : await sampleOrganisation()
  const relay = async (termKey: Organisation["relayA"] | null): Promise<VisitRelay> => {
    const clock = { ms: 0 }
    const store = await memoryStore(SLOTS)
    const { chain } = organisation
    const app = createApp({
      effort: "quick",
      chain,
      store,
      capabilities: capabilityHashes,
      termKey,
      now: () => SAMPLE_NOW,
      clockMs: () => clock.ms,
      report: () => {},
    })
    return { app, store, clock }
  }
  const relays = { A: await relay(organisation.relayA), B: await relay(null) }
  const intake = await makeIntake(organisation)
  let number = 0
  return {
    organisation,
    relays,
    intake,
    publish: async (threads = [], change = {}, at = ["A", "B"]) => {
      number += 1
      const id = change.id ?? { term: 1, number }
      const board = await makeBoard(threads, id.number, organisation.random)
      const { root } = boardRows(board.bytes)
      const edition: EditionOptions = {
        id,
        issued: plusSeconds(SAMPLE_NOW, number),
        intakeKey: intake.key.bytes,
        board: { log2Rows: board.log2Rows, salt: board.salt, merkleRoot: root, puzzleBits: 8 },
        ...change,
      }
      for (const name of at) {
        const files = ["page.web.html", "page.onion.html", "feed.atom"].map((file) => ({
          name: file,
          bytes: LITTLE,
        }))
        const body = await makePublication(organisation, { ...edition, boardBytes: board.bytes, files })
        const { status } = await relays[name].app(
          makeRequest({
            method: "POST",
            target: "/publish",
            authorization: bearer(capabilities.publish),
            readBody: bodyOf(body),
          }),
        )
        if (status !== 200) throw new TypeError(`relay ${name} answers ${status}`)
      }
      return await makeEdition(organisation, edition)
    },
    envelopesAt: async (name) => {
      const { head, slots } = must(await relays[name].store.ringState())
      const from = Math.max(slots, head - RING_READ_ENVELOPES)
      const { envelopes } = must(await relays[name].store.readRing(from, RING_READ_ENVELOPES))
      return envelopes.map((bytes) => new Uint8Array(bytes))
    },
    acknowledge: async () => {
      for (const { store } of Object.values(relays))
        must(await store.acknowledge(must(await store.ringState()).head))
    },
  }
}

/** Steady clocks of relays only go on, from one visit to the next too. */
const BETWEEN_VISITS_MS = 3_600_000

export function startVisit(line: Places, options: VisitOptions): TestVisit {
  const { charter } = line.organisation
  const startMs = Math.max(line.relays.A.clock.ms, line.relays.B.clock.ms) + BETWEEN_VISITS_MS
  const { own, latencyMs = 400, now = own.issued } = options
  const clock = virtualClock((charter.tickMs * 5) / 12, options.pauseMs)
  const seen: SeenRequest[] = []
  const bodies: Uint8Array[] = []
  const later = (time: Instant): Instant => plusSeconds(time, Math.floor(clock.nowMs() / 1000))
  const names: readonly RelayName[] = ["A", "B"]

  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { body, signal, ...rest } = init as RequestInit & { body: Uint8Array; signal: AbortSignal }
    const name = names[charter.relays.findIndex(({ web }) => url.startsWith(web))] as RelayName
    const tick = Math.floor(seen.length / 2)
    seen.push({ atMs: clock.nowMs(), url, options: rest, bytes: body.length })
    bodies.push(body)
    const relay = line.relays[name]
    relay.clock.ms = startMs + clock.nowMs()
    const onItsWay = clock.after(latencyMs, signal)
    const { pathname } = new URL(url)
    const request = makeRequest({ method: init.method ?? "", target: pathname, readBody: bodyOf(body) })
    const answer = await relay.app(request)
    const said = options.spoil?.[name]?.(answer.body, { tick, body }) ?? answer.body
    await onItsWay
    if (said === "silent") await clock.after(1e9, signal)
    if (said === "down") throw new TypeError("no network")
    const date = new Date(later(options.relayNow?.[name] ?? now) * 1000).toUTCString()
    const headers = { ...answer.headers, Date: date }
    if (typeof said === "number") return new Response(new Uint8Array(3), { status: said, headers })
    return new Response(said as Uint8Array<ArrayBuffer>, { status: answer.status, headers })
  }

  const { visit, core } = openVisit({
    own: own.edition,
    addresses: [charter.relays[0].web, charter.relays[1].web],
    edges: {
      fetch: fetch as typeof globalThis.fetch,
      random: seededRandom(options.seed ?? "a visit"),
      chance: options.chance ?? (() => 0),
      now: () => later(now),
      nowMs: clock.nowMs,
      sleep: clock.sleep,
      pause: clock.pause,
    },
  })
  core.letterBox = letterBox
  runExchange(core)
  return {
    visit,
    clock,
    seen,
    bodies,
    runTo: (tick, before) => clock.run(() => visit.state().tick >= tick, before),
  }
}

/** Of a request that brings one. */
export const envelopeIn = (body: Uint8Array) => parseEnvelope(body.slice(-4_096))

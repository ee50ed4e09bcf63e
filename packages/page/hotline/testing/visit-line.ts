/** Two real relays in process, and visits to them on a clock that tests move; each relay may fail or lie. */

import { type LiveThread, makeBoard } from "@kunak/core/board/make-board"
import { boardRows } from "@kunak/core/board/merkle"
import { parseEnvelope } from "@kunak/core/envelope/envelope"
import { must } from "@kunak/core/result"
import {
  type EditionOptions,
  type MadeEdition,
  makeEdition,
  type Organisation,
  SAMPLE_NOW,
} from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { type Instant, plusSeconds } from "@kunak/core/time/instant"
import { makeIntake, type TestIntake } from "@kunak/relay/testing/hotline"
import {
  bodyOf,
  makePublication,
  makeRequest,
  sampleOrganisation,
  type TestRelay,
  testRelay,
} from "@kunak/relay/testing/test-relay"
import { makeVisit } from "../visit.ts"
import type { Visit } from "../visit-state.ts"
import { type VirtualClock, virtualClock } from "./virtual-clock.ts"

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

export interface VisitLine {
  readonly organisation: Organisation
  readonly relays: Readonly<Record<RelayName, TestRelay>>
  readonly intake: TestIntake
  /** A board with these threads' parts, at both relays or one. Makes the next edition. */
  readonly publish: (
    threads?: readonly LiveThread[],
    change?: EditionOptions,
    at?: readonly RelayName[],
  ) => Promise<MadeEdition>
  readonly envelopesAt: (name: RelayName) => Promise<readonly Uint8Array[]>
}

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
  readonly own: MadeEdition
  readonly spoil?: Partial<Record<RelayName, Spoil>>
  readonly now?: Instant
  readonly relayNow?: Partial<Record<RelayName, Instant>>
  readonly latencyMs?: number
  readonly pauseMs?: number
  readonly seed?: string
}

export async function visitLine(): Promise<VisitLine> {
  const organisation = await sampleOrganisation()
  const relays = {
    A: await testRelay({ organisation }),
    B: await testRelay({ organisation, relay: "B" }),
  }
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
        const publication = await makePublication(organisation, { ...edition, boardBytes: board.bytes })
        const { status } = await relays[name].post("/publish", "publish", publication)
        if (status !== 200) throw new TypeError(`relay ${name} answers ${status}`)
      }
      return await makeEdition(organisation, edition)
    },
    envelopesAt: async (name) => {
      const { head, slots } = must(await relays[name].store.ringState())
      return must(await relays[name].store.readRing(slots, head - slots)).envelopes.map(
        (bytes) => new Uint8Array(bytes),
      )
    },
  }
}

export function startVisit(line: VisitLine, options: VisitOptions): TestVisit {
  const { charter } = line.organisation
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
    relay.clock.ms = clock.nowMs()
    const { pathname } = new URL(url)
    const request = makeRequest({ method: init.method ?? "", target: pathname, readBody: bodyOf(body) })
    const answer = await relay.app(request)
    const said = options.spoil?.[name]?.(answer.body, { tick, body }) ?? answer.body
    await clock.after(said === "silent" ? 1e9 : latencyMs, signal)
    if (said === "down") throw new TypeError("no network")
    const date = new Date(later(options.relayNow?.[name] ?? now) * 1000).toUTCString()
    const headers = { ...answer.headers, Date: date }
    if (typeof said === "number") return new Response(new Uint8Array(3), { status: said, headers })
    return new Response(said as Uint8Array<ArrayBuffer>, { status: answer.status, headers })
  }

  const visit = makeVisit({
    own: own.edition,
    addresses: [charter.relays[0].web, charter.relays[1].web],
    edges: {
      fetch: fetch as typeof globalThis.fetch,
      random: seededRandom(options.seed ?? "a visit"),
      now: () => later(now),
      nowMs: clock.nowMs,
      sleep: clock.sleep,
      pause: clock.pause,
    },
  })
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

/** Where a ring is read on, whatever a relay says about it: one vault, a relay that answers from memory, no line. */
import { randomBytes } from "node:crypto"
import type { OrganisationId } from "@kunak/core/charter/charter"
import { sealEnvelope } from "@kunak/core/envelope/envelope"
import { windowOf } from "@kunak/core/intake/intake-key"
import { ENVELOPE_BYTES } from "@kunak/core/parameters"
import { must, ok } from "@kunak/core/result"
import { reveal, Secret } from "@kunak/core/secret"
import { makeKemKey } from "@kunak/core/suite"
import { SAMPLE_NOW } from "@kunak/core/testing/organisation"
import type { ThreadId, WeekKey } from "@kunak/core/thread/keys"
import { DAY_SECONDS, plusSeconds, weekOf } from "@kunak/core/time/instant"
import type { RelayClient, RingPage } from "@kunak/duty/relay-client"
import { afterEach, beforeEach, expect, it } from "vitest"
import type { Officer } from "../../enrolment/officer.ts"
import { makeTestVault, type TestVault } from "../../testing/test-vault.ts"
import { sql } from "../../vault/sql.ts"
import type { UnlockedVault } from "../../vault/unlocked-vault.ts"
import { messagesOf } from "../threads/thread-store.ts"
import { makeOpeners, readRing } from "./read-rings.ts"
import { ringPlace, unopenedOf } from "./ring-store.ts"

const SLOTS = 1_024
const ORGANISATION = new Uint8Array(32).fill(9) as OrganisationId

let made: TestVault
let vault: UnlockedVault
beforeEach(async () => {
  made = await makeTestVault()
  vault = made.vault
})
afterEach(() => made.remove())

/** Of a key that no log has named, as a dummy is. */
const envelope = (): Uint8Array => {
  const bytes = new Uint8Array(randomBytes(ENVELOPE_BYTES))
  bytes[0] = 1
  return bytes
}

/** A ring whose slots are all filled, as an honest relay shows it; `change` lies. */
async function read(
  head: number,
  acknowledged: number,
  change: (page: RingPage) => RingPage = (page) => page,
): Promise<string | null> {
  const readFrom = async (from: number, limit = 64) => {
    const first = Math.min(Math.max(from, head - SLOTS), head)
    const envelopes = Array.from({ length: Math.min(limit, head - first) }, envelope)
    return ok(change({ head, acknowledged, first, envelopes }))
  }
  const reader = {
    vault,
    officer: {} as unknown as Officer,
    openers: makeOpeners(),
    now: () => plusSeconds(SAMPLE_NOW, ahead),
    sureNow: () => SAMPLE_NOW,
    isClosed: () => false,
  }
  const outcome = await readRing(reader, "A", { readRing: readFrom } as unknown as RelayClient)
  return outcome.ok ? null : outcome.error.kind
}

/** Letters under one key, every tenth with something to say, as a ring of both halves holds them. */
async function lettersUnder(pair: { readonly publicKey: Uint8Array }, count: number) {
  const keyId = randomBytes(8)
  const threadId = randomBytes(16) as unknown as ThreadId
  const week = weekOf(SAMPLE_NOW)
  const weekKeys = [0, 1, 2].map((i) => new Secret(new Uint8Array(32).fill(i)) as WeekKey)
  const envelopes: Uint8Array[] = []
  for (let i = 0; i < count; i += 1) {
    const message = i % 10 === 0 ? { id: new Uint8Array(randomBytes(8)), text: `letter ${i}` } : null
    const edition = { term: 1, number: 1 }
    const letter = { edition, threadId, week, weekKeys, read: [], message }
    envelopes.push(await sealEnvelope({ keyId, publicKey: pair.publicKey }, ORGANISATION, letter))
  }
  return { keyId, threadId, envelopes }
}

it("[S18] what a key that came late opens is read by the page, so many a round: letters are neither lost nor doubled, the relay keeps its rhythm", async () => {
  const pair = await makeKemKey((bytes) => new Uint8Array(randomBytes(bytes)))
  const { keyId, threadId, envelopes } = await lettersUnder(pair, 200)
  // Between them lies what others sealed to a key that nobody gave: 21 pages in all, of which each holds some of both.
  const ring = Array.from({ length: 1_300 }, (_, i) =>
    i >= 100 && i % 6 === 0 ? (envelopes[Math.floor((i - 100) / 6)] as Uint8Array) : envelope(),
  )
  let asked: [number, number][] = []
  const reader = {
    vault,
    officer: { organisationId: ORGANISATION } as unknown as Officer,
    openers: makeOpeners(),
    now: () => SAMPLE_NOW,
    sureNow: () => SAMPLE_NOW,
    isClosed: () => false,
  }
  const relay = {
    readRing: async (from: number, limit = 64) => {
      asked.push([from, limit])
      return ok({
        head: ring.length,
        acknowledged: 0,
        first: from,
        envelopes: ring.slice(from, from + limit),
      })
    },
  } as unknown as RelayClient
  const round = async () => {
    asked = []
    must(await readRing(reader, "A", relay))
    return asked
  }
  await round()
  expect(waiting()).toBe(1_300)
  const window = windowOf(SAMPLE_NOW)
  must(
    vault.change((change) => {
      change.run(sql`insert into intake_key (key_id, window, public_key, officer, counts)
        values (${keyId}, ${window}, ${pair.publicKey}, ${new Uint8Array(32)}, 1)`)
      change.run(sql`insert into intake_seed (key_id, public_key, window, seed)
        values (${keyId}, ${pair.publicKey}, ${window}, ${reveal(pair.seed)})`)
    }),
  )
  const left: number[] = []
  for (let rounds = 0; rounds < 3; rounds += 1) {
    const pages = await round()
    expect(pages.length).toBeLessThanOrEqual(17)
    expect(pages.every(([, limit]) => limit === 64)).toBe(true)
    left.push(waiting())
  }
  expect(left).toEqual([expect.any(Number), 1_100, 1_100])
  expect(left[0]).toBeGreaterThan(1_100)
  const texts = messagesOf(vault, threadId).map(({ text }) => text)
  expect(texts).toEqual(Array.from({ length: 20 }, (_, i) => `letter ${10 * i}`))
  expect(place()).toMatchObject({ opened: 1_300, missed: 0, unopenable: 0 })
})

/** How far this desk's clock is ahead of the newest edition. */
let ahead = 0
beforeEach(() => {
  ahead = 0
})

const place = () => ringPlace(vault, "A")
const waiting = () => unopenedOf(vault, "A").length

it("[S17] a new vault begins where others are; from then on it goes by nobody's word", async () => {
  await read(5_000, 4_990)
  expect([place().opened, place().missed, waiting()]).toEqual([5_000, 0, 10])
  await read(5_100, 5_100)
  expect([place().opened, place().missed, waiting()]).toEqual([5_100, 0, 110])
})

it("[S17] positions that are gone unread are counted, and that reading counts for none", async () => {
  await read(5_000, 5_000)
  await read(5_000 + SLOTS + 30, 5_000)
  expect(place()).toMatchObject({
    opened: 5_000 + SLOTS + 30,
    missed: 30,
    readAt: SAMPLE_NOW,
    readBefore: SAMPLE_NOW,
  })
})

it("[S17] a relay that jumps over what it must still have is found out alike", async () => {
  await read(5_000, 5_000)
  const jump = (page: RingPage) => ({ ...page, first: page.first + 5, envelopes: page.envelopes.slice(5) })
  await read(5_020, 5_020, jump)
  expect(place()).toMatchObject({ opened: 5_020, missed: 5 })
})

it("[S17] a restored relay's leap is no loss, and its dummies are not waited for; what comes after them is", async () => {
  await read(5_000, 4_000)
  expect(waiting()).toBe(1_000)
  const head = 5_000 + 2 ** 32 + SLOTS
  await read(head, head)
  expect([place().opened, place().missed, waiting()]).toEqual([head, 0, 1_000])
  await read(head + 3, head + 3)
  expect([place().opened, place().missed, waiting()]).toEqual([head + 3, 0, 1_003])
})

it("[S17] a ring that was made anew is read from its beginning, acknowledged or not, once", async () => {
  await read(5_000, 4_000)
  expect(await read(SLOTS + 5, SLOTS + 5)).toBe("ring-rolled-back")
  await read(SLOTS + 5, SLOTS)
  expect([place().opened, place().missed, waiting()]).toEqual([SLOTS + 5, 0, 1_005])
})

it("[S17] a relay that keeps envelopes back is asked once a round, and has not been read to its head", async () => {
  await read(5_000, 5_000)
  const readAt = place().readAt
  let asked = 0
  await read(5_020, 5_020, (page) => {
    asked += 1
    return { ...page, envelopes: [] }
  })
  expect([asked, place().opened, place().missed, place().readAt]).toEqual([1, 5_000, 0, readAt])
  await read(5_020, 5_020)
  expect([place().opened, place().missed]).toEqual([5_020, 0])
})

it("[I3] [S16] a clock that is ahead has nothing read in time to come, nor missed", async () => {
  ahead = 40 * DAY_SECONDS
  await read(5_000, 5_000)
  expect(place().readAt).toBe(SAMPLE_NOW)
  await read(5_000 + SLOTS + 1, 5_000)
  expect(place().missedAt).toBe(SAMPLE_NOW)
})

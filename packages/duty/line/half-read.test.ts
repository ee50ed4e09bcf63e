/** Entries of several cells, read in parts: docs/protocol.md §15, L3, U16. */
import type { OrganisationId } from "@kunak/core/charter/charter"
import { CELL_PAYLOAD_BYTES } from "@kunak/core/log/cell"
import type { Entry } from "@kunak/core/log/entry"
import { LOG_READ_CELLS } from "@kunak/core/parameters"
import { err, must, ok } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { expect, test } from "vitest"
import type { RelayClient } from "../relay-client.ts"
import { LOG_START, LogFollower, type LogPlace } from "./log-follower.ts"

const random = seededRandom("log follower")
const organisationId = random(32) as OrganisationId
const keys = { line: new Secret(random(32)) }
const follower = (): LogFollower => new LogFollower({ organisationId, keys, random })

/** A relay with a log and nothing else; `breaksAt`: this read and no other finds nobody. */
function logRelay() {
  const cells: Uint8Array[] = []
  const reads = { count: 0, breaksAt: 0 }
  const relay: Pick<RelayClient, "readLog" | "appendLog"> = {
    readLog: async (from, limit = LOG_READ_CELLS) => {
      reads.count += 1
      if (reads.count === reads.breaksAt) return err({ kind: "relay-down", why: "unreachable" })
      return ok({ head: cells.length, first: from, cells: cells.slice(from, from + limit) })
    },
    appendLog: async (expected, more) => {
      if (expected !== cells.length) return err({ kind: "stale-head", head: cells.length })
      cells.push(...more)
      return ok(cells.length)
    },
  }
  return { client: relay as RelayClient, reads }
}

/** Three cells long. */
const long: Entry = { kind: "charter", chain: random(2 * CELL_PAYLOAD_BYTES) }

async function writer(client: RelayClient) {
  const log = follower()
  let place: LogPlace = LOG_START
  return {
    log,
    write: async (parts: ReturnType<LogFollower["partsOf"]>): Promise<void> => {
      for (const part of parts) place = must(await log.append(client, place, [part]))
    },
  }
}

test("[L3] an entry in two pages is read whole when the way to the second broke and both are read again", async () => {
  const { client, reads } = logRelay()
  const { log, write } = await writer(client)
  await write(Array.from({ length: LOG_READ_CELLS - 1 }, () => log.dummy()))
  await write(log.partsOf(long))
  const reader = follower()
  reads.breaksAt = reads.count + 2
  expect((await reader.catchUp(client, LOG_START)).ok).toBe(false)
  const { entries } = must(await reader.catchUp(client, LOG_START))
  expect(entries).toEqual([{ position: LOG_READ_CELLS + 1, entry: long }])
})

test("[L3] a host whose disk refused what it read gets the same again, also what it had half read before", async () => {
  const { client } = logRelay()
  const { log, write } = await writer(client)
  const [first, second, third] = log.partsOf(long)
  if (!first || !second || !third) throw new RangeError("three parts")
  await write([first])
  const reader = follower()
  const half = must(await reader.catchUp(client, LOG_START))
  await write([second, third, log.dummy()])
  for (let times = 0; times < 3; times += 1) {
    const { entries, place } = must(await reader.catchUp(client, half.place))
    expect([entries, place.position]).toEqual([[{ position: 2, entry: long }], 4])
  }
})

test("[U16] who starts anew reads from where the oldest entry began of which parts were to come, and not from further back", async () => {
  const { client } = logRelay()
  const { log, write } = await writer(client)
  const parts = log.partsOf(long)
  await write([log.dummy(), ...parts.slice(0, 1), log.dummy(), ...log.partsOf(long).slice(0, 1)])
  const reader = follower()
  const half = must(await reader.catchUp(client, LOG_START))
  expect([half.place.position, half.resume.position]).toEqual([4, 1])
  await write(parts.slice(1))
  const anew = must(await follower().catchUp(client, half.resume))
  expect(anew.entries).toEqual([{ position: 5, entry: long }])
  // The other's writer stopped in its middle: it is not waited for without end.
  await write(Array.from({ length: 255 }, () => log.dummy()))
  const later = must(await reader.catchUp(client, half.place))
  expect(later.resume).toEqual(later.place)
})

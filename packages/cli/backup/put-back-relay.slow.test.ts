/** What the other relay shows to whoever restores one, and what of it is worth how much. docs/backup.md */
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { toBase64 } from "@kunak/core/bytes/base64"
import { toHex } from "@kunak/core/bytes/hex"
import { decodeHeader } from "@kunak/core/edition/header"
import { STRETCH_POSITIONS, STRETCH_SECONDS, stretchBegins } from "@kunak/core/log/positions"
import { ok } from "@kunak/core/result"
import { reveal } from "@kunak/core/secret"
import { approvedWarning } from "@kunak/core/testing/organisation"
import type { Instant } from "@kunak/core/time/instant"
import { type TestLine, testLine } from "@kunak/duty/testing/line"
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest"
import type { Backup } from "./backup-file.ts"
import { MOST_APART_SECONDS } from "./peer-clock.ts"
import { putBackRelay } from "./put-back-relay.ts"

// A restored relay waits for its stretch: here no time passes but by this.
vi.mock("node:timers/promises", () => ({
  setTimeout: async (ms: number) => void vi.setSystemTime(Date.now() + ms),
}))

interface Shown {
  readonly header: Uint8Array
  readonly bulletin: Uint8Array
}
const HASH = "0".repeat(64)

/** Two editions, one after the other. */
async function twoEditions(): Promise<{
  readonly line: TestLine
  readonly editions: readonly [Shown, Shown]
}> {
  const line = await testLine()
  const { duty } = line.duty(0)
  const shown = async (): Promise<Shown> => {
    expect((await duty.tick()).kind).toBe("published")
    return { header: (await line.b.get("/header")).body, bulletin: (await line.b.get("/bulletin")).body }
  }
  const first = await shown()
  await line.say({ kind: "warning", warning: (await approvedWarning(line.organisation)).signed })
  line.forward(300)
  return { line, editions: [first, await shown()] }
}
let line: TestLine | undefined
let editions: readonly [Shown, Shown]
// Its relays end with the first test; what they showed is enough for the others.
beforeEach(async () => {
  if (!line) ({ line, editions } = await twoEditions())
})
afterEach(() => vi.useRealTimers())

/** @param name relay A counts terms, and has their key. */
const backup = ({ organisation }: TestLine, name: "A" | "B"): Backup => ({
  kind: "relay",
  made: 1_700_000_000 as Instant,
  organisation: organisation.chain.organisationId,
  content: {
    config: JSON.stringify({
      charter: "charter.bin",
      ...(name === "A" ? { termKey: "term.key" } : {}),
      store: { kind: "sqlite", path: "/var/lib/kunak-relay/relay.db" },
      capabilities: { publish: [HASH], read: [HASH], append: [HASH], acknowledge: [HASH] },
      listen: ["127.0.0.1:0"],
    }),
    charter: toBase64(organisation.chain.bytes),
    termKey: name === "A" ? toHex(reveal(organisation.relayA.seed)) : null,
    counters: { term: 1, logHead: 40, ringHead: 1_024 },
    revocations: [],
  },
})

/** A second before a stretch begins: there is nothing to wait for. */
const setClock = (seconds: number): void => {
  const stretch = Math.floor((seconds - stretchBegins(0)) / STRETCH_SECONDS)
  vi.useFakeTimers({ toFake: ["Date"], now: (stretchBegins(stretch) - 1) * 1000 })
}

interface Restoring {
  readonly name?: "A" | "B"
  /** Seconds by which this machine's clock is before the other relay's; null: the other does not say the time. */
  readonly ahead?: number | null
  readonly withPeer?: boolean
}

/** @param answers to each question for a header and a bulletin, in order; the last stays. */
async function putBack(
  answers: readonly Shown[],
  { name = "A", ahead = 0, withPeer = true }: Restoring = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "kunak-put-back-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const asked = { header: 0, bulletin: 0 }
  const outgoing = async ({ url }: { readonly url: string }) => {
    const what = url.endsWith("/header") ? "header" : "bulletin"
    const shown = answers[Math.min(asked[what], answers.length - 1)] as Shown
    asked[what] += 1
    const date = ahead === null ? null : new Date(Date.now() - ahead * 1000).toUTCString()
    return ok({ status: 200, body: shown[what], date })
  }
  const to = join(folder, "relay-a")
  const store = join(folder, "relay.db")
  const options = { to, store, withPeer, outgoing: outgoing as never, onFill: () => {} }
  const done = putBackRelay(backup(line as TestLine, name), options)
  return { done, folder, asked }
}

test("[BU8] an edition that comes between two questions is no forgery, and one of years ago is called old", async () => {
  const [first, second] = editions
  setClock(1_790_000_000)
  const { done, folder, asked } = await putBack([{ header: first.header, bulletin: second.bulletin }, second])
  const issued = decodeHeader(second.header)?.header.issued
  expect(await done).toMatchObject({ countsTerms: true, asOf: issued, isOld: true, revocations: 0 })
  expect(asked).toEqual({ header: 2, bulletin: 2 })
  expect(readdirSync(folder).sort()).toEqual(["relay-a", "relay.db"])
  const never = await putBack([{ header: first.header, bulletin: second.bulletin }])
  await expect(never.done).rejects.toThrow("does not verify")
  expect([never.asked.header, readdirSync(never.folder)]).toEqual([3, []])
})

test("[BU8] with a clock before the backup nothing is restored", async () => {
  setClock(1_699_990_000)
  const { done, folder } = await putBack([editions[1]])
  await expect(done).rejects.toMatchObject({ kind: "clock-behind" })
  expect(readdirSync(folder)).toEqual([])
})

describe.each(["A", "B"] as const)("relay %s", (name) => {
  test.each([
    [MOST_APART_SECONDS - 1, 0],
    [MOST_APART_SECONDS - 1, 1 - MOST_APART_SECONDS],
    [1 - MOST_APART_SECONDS, 1 - MOST_APART_SECONDS],
  ])(
    "[BU8] restored with a clock %d s ahead and, as soon as it served, again from the same backup with one %d s ahead: no position twice",
    async (ahead, again) => {
      setClock(1_790_000_000)
      const first = await (await putBack([editions[1]], { name, ahead })).done
      // The other relay's clock goes on as it was.
      vi.setSystemTime(Date.now() - ahead * 1000 + again * 1000)
      const second = await (await putBack([editions[1]], { name, ahead: again })).done
      expect(second.counters.ringHead).toBeGreaterThanOrEqual(first.counters.ringHead + STRETCH_POSITIONS)
      if (name === "B") return
      expect(second.counters.logHead).toBeGreaterThanOrEqual(first.counters.logHead + STRETCH_POSITIONS)
      expect(second.counters.term).toBeGreaterThan(first.counters.term)
    },
  )

  test("[BU8] a clock that differs from the other relay's restores nothing, nor does one that can't be compared", async () => {
    for (const [ahead, kind] of [
      [540, "clocks-differ"],
      [-540, "clocks-differ"],
      [365 * 86_400, "clocks-differ"],
      [null, "peer-without-clock"],
    ] as const) {
      setClock(1_790_000_000)
      const { done, folder } = await putBack([editions[1]], { name, ahead })
      await expect(done).rejects.toMatchObject({ kind })
      expect(readdirSync(folder)).toEqual([])
    }
  })

  test("[BU8] without the other relay it goes by this clock alone", async () => {
    setClock(1_790_000_000)
    const done = await (await putBack([], { name, ahead: null, withPeer: false })).done
    expect(done).toMatchObject({ countsTerms: name === "A", asOf: null })
  })
})

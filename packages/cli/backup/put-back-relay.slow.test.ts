/** What the other relay shows to whoever restores one, and what of it is worth how much. docs/backup.md */
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { toBase64 } from "@kunak/core/bytes/base64"
import { toHex } from "@kunak/core/bytes/hex"
import { decodeHeader } from "@kunak/core/edition/header"
import { STRETCH_SECONDS, stretchBegins } from "@kunak/core/log/positions"
import { ok } from "@kunak/core/result"
import { reveal } from "@kunak/core/secret"
import { approvedWarning } from "@kunak/core/testing/organisation"
import type { Instant } from "@kunak/core/time/instant"
import { type TestLine, testLine } from "@kunak/duty/testing/line"
import { afterEach, expect, onTestFinished, test, vi } from "vitest"
import type { Backup } from "./backup-file.ts"
import { putBackRelay } from "./put-back-relay.ts"

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
afterEach(() => vi.useRealTimers())

const backup = (line: TestLine): Backup => ({
  kind: "relay",
  made: 1_700_000_000 as Instant,
  organisation: line.organisation.chain.organisationId,
  content: {
    config: JSON.stringify({
      charter: "charter.bin",
      termKey: "term.key",
      store: { kind: "sqlite", path: "/var/lib/kunak-relay/relay.db" },
      capabilities: { publish: [HASH], read: [HASH], append: [HASH], acknowledge: [HASH] },
      listen: ["127.0.0.1:0"],
    }),
    charter: toBase64(line.organisation.chain.bytes),
    termKey: toHex(reveal(line.organisation.relayA.seed)),
    counters: { term: 1, logHead: 40, ringHead: 1_024 },
    revocations: [],
  },
})

/** A second before a stretch begins: there is nothing to wait for. */
const setClock = (seconds: number): void => {
  const stretch = Math.floor((seconds - stretchBegins(0)) / STRETCH_SECONDS)
  vi.useFakeTimers({ toFake: ["Date"], now: (stretchBegins(stretch) - 1) * 1000 })
}

/** @param answers to each question for a header and a bulletin, in order; the last stays. */
async function putBack(line: TestLine, answers: readonly Shown[]) {
  const folder = mkdtempSync(join(tmpdir(), "kunak-put-back-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const asked = { header: 0, bulletin: 0 }
  const outgoing = async ({ url }: { readonly url: string }) => {
    const what = url.endsWith("/header") ? "header" : "bulletin"
    const shown = answers[Math.min(asked[what], answers.length - 1)] as Shown
    asked[what] += 1
    return ok({ status: 200, body: shown[what] })
  }
  const to = join(folder, "relay-a")
  const store = join(folder, "relay.db")
  const options = { to, store, withPeer: true, outgoing: outgoing as never, onFill: () => {} }
  const done = putBackRelay(backup(line), options)
  return { done, folder, asked }
}

test("[BU8] an edition that comes between two questions is no forgery, and one of years ago is called old", async () => {
  const { line, editions } = await twoEditions()
  const [first, second] = editions
  setClock(1_790_000_000)
  const { done, folder, asked } = await putBack(line, [
    { header: first.header, bulletin: second.bulletin },
    second,
  ])
  const issued = decodeHeader(second.header)?.header.issued
  expect(await done).toMatchObject({ countsTerms: true, asOf: issued, isOld: true, revocations: 0 })
  expect(asked).toEqual({ header: 2, bulletin: 2 })
  expect(readdirSync(folder).sort()).toEqual(["relay-a", "relay.db"])
  const never = await putBack(line, [{ header: first.header, bulletin: second.bulletin }])
  await expect(never.done).rejects.toThrow("does not verify")
  expect([never.asked.header, readdirSync(never.folder)]).toEqual([3, []])
})

test("[BU8] with a clock before the backup nothing is restored", async () => {
  const { line, editions } = await twoEditions()
  setClock(1_699_990_000)
  const { done, folder } = await putBack(line, [editions[1]])
  await expect(done).rejects.toMatchObject({ kind: "clock-behind" })
  expect(readdirSync(folder)).toEqual([])
})

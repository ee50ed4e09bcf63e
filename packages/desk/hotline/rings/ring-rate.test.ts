import { stretchAt, stretchStart } from "@kunak/core/log/positions"
import { must } from "@kunak/core/result"
import { HOUR_SECONDS, type Instant, plusSeconds } from "@kunak/core/time/instant"
import { expect, onTestFinished, test } from "vitest"
import { makeTestVault } from "../../testing/test-vault.ts"
import { keepRate, keepRingPlace, NEVER_READ, ringRate } from "./ring-store.ts"

const NOW = 1_790_000_000 as Instant

test("[K29] after a relay was restored, what it leapt over is not told as envelopes an hour", async () => {
  const { vault, remove } = await makeTestVault()
  onTestFinished(remove)
  const seen = (hour: number, head: number): number | null => {
    const time = plusSeconds(NOW, hour * HOUR_SECONDS)
    must(
      vault.change((change) => {
        keepRingPlace(change, "A", { ...NEVER_READ, opened: head, acknowledged: head, head, readAt: time })
        keepRate(change, "A", time, head)
      }),
    )
    return ringRate(vault, "A", time)
  }
  seen(0, 4_000)
  expect(seen(2, 4_800)).toBeGreaterThan(300)
  expect(seen(2, 4_800)).toBeLessThan(500)
  const start = stretchStart(stretchAt(NOW))
  expect(seen(3, start)).toBeNull()
  expect(seen(5, start + 800)).toBeLessThan(500)
})

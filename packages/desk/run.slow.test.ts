/** A desk that is ended in the moment in which it begins anew. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { must } from "@kunak/core/result"
import { instantFromMs } from "@kunak/core/time/instant"
import { expect, it, vi } from "vitest"
import { type RunningDesk, startDesk } from "./run.ts"
import { ENROLMENT_PASSPHRASE, enrolmentFile, PASSPHRASE } from "./testing/test-desk.ts"
import { makeDeskLine } from "./testing/test-line.ts"

/** Called once the vault is let go: the last step before a new beginning. */
const released = vi.hoisted(() => ({ by: () => {} }))
vi.mock("./vault/process-lock.ts", async (original) => {
  const real = await original<typeof import("./vault/process-lock.ts")>()
  return {
    ...real,
    takeProcessLock: (file: string) => {
      const lock = real.takeProcessLock(file)
      if (!lock.ok) return lock
      const release = (): void => {
        lock.value.release()
        released.by()
      }
      return { ...lock, value: { ...lock.value, release } }
    },
  }
})

interface Begun {
  /** Why each that begins anew was locked. */
  readonly reasons: string[]
  readonly start: () => Promise<RunningDesk>
}

/** Desks on one vault, one after the other. */
async function onVault(test: (begun: Begun) => Promise<void>): Promise<void> {
  const line = await makeDeskLine(() => instantFromMs(Date.now()))
  const folder = mkdtempSync(join(tmpdir(), "desk-run-"))
  try {
    writeFileSync(join(folder, "officer.age"), await enrolmentFile(line, "amina"))
    const reasons: string[] = []
    const start = async (): Promise<RunningDesk> =>
      must(
        await startDesk({
          vaultFile: join(folder, "officer.vault"),
          port: 0,
          enrolmentFile: join(folder, "officer.age"),
          sourcesFile: null,
          // Nothing listens there.
          proxy: { host: "127.0.0.1", port: 9 },
          template: null,
          report: () => {},
          afterLock: ({ reason }) => reasons.push(reason),
        }),
      )
    await test({ reasons, start })
  } finally {
    await line.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As the window does it. */
async function signIn(desk: RunningDesk) {
  const [origin = "", token = ""] = desk.newAddress().split("/#token=")
  const post = async (path: string, body: object, headers: Record<string, string>) =>
    fetch(`${origin}${path}`, {
      method: "POST",
      headers: {
        origin,
        "sec-fetch-site": "same-origin",
        "content-type": "application/json",
        ...headers,
      },
      body: JSON.stringify(body),
    })
  const session = await post("/session", { token }, {})
  const { value } = (await session.json()) as { value: { key: string } }
  const signed = {
    cookie: session.headers.get("set-cookie")?.split(";")[0] ?? "",
    "kunak-key": value.key,
  }
  const attempt = {
    passphrase: PASSPHRASE,
    enrolmentPassphrase: ENROLMENT_PASSPHRASE,
    language: "en",
  }
  return {
    unlock: async () => expect((await post("/api/unlock", attempt, signed)).status).toBe(200),
    lock: async () => expect((await post("/api/lock", {}, signed)).status).toBe(200),
  }
}
async function openAndLock(desk: RunningDesk): Promise<void> {
  const { unlock, lock } = await signIn(desk)
  await unlock()
  await lock()
}

it("[K30] locked, it begins anew; ended in that moment, it ends", () =>
  onVault(async ({ reasons, start }) => {
    await openAndLock(await start())
    await expect.poll(() => reasons).toEqual(["button"])

    const desk = await start()
    let ended: Promise<void> | null = null
    released.by = () => {
      released.by = () => {}
      ended = desk.stop()
    }
    await openAndLock(desk)
    await expect.poll(() => ended).not.toBeNull()
    await ended
    expect(reasons).toEqual(["button"])
  }))

it("[U17] asked to by the duty beside it, it begins anew while it is locked, once; not under whoever unlocks it or is at work", () =>
  onVault(async ({ reasons, start }) => {
    const desk = await start()
    const { unlock, lock } = await signIn(desk)
    const unlocking = unlock()
    await new Promise((resolve) => setTimeout(resolve, 200))
    desk.beginAnew()
    await unlocking
    desk.beginAnew()
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(reasons).toEqual([])
    // Still the same desk; with the lock it does.
    await lock()
    desk.beginAnew()
    desk.beginAnew()
    await expect.poll(() => reasons).toEqual(["button"])
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(reasons).toEqual(["button"])
  }))

it("[U17] a desk that nobody has unlocked begins anew when it is asked to; ended before, it does not", () =>
  onVault(async ({ reasons, start }) => {
    ;(await start()).beginAnew()
    await expect.poll(() => reasons).toEqual(["start"])
    const ended = await start()
    await ended.stop()
    ended.beginAnew()
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(reasons).toEqual(["start"])
  }))

/** A desk as a process: its vault's lock, its address, its end. */
import { randomBytes } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { err, ok, type Result } from "@kunak/core/result"
import type { PageTemplate } from "@kunak/page/document/template"
import { makeDesk } from "./desk.ts"
import { readAssets } from "./platform/assets.ts"
import type { Handed } from "./platform/begin-anew.ts"
import { systemClock } from "./platform/clock.ts"
import type { LockReason } from "./platform/desk-host.ts"
import type { ProxySetting } from "./platform/outgoing.ts"
import { type ListenError, LOOPBACK, serve } from "./platform/serve.ts"
import { WATCH_MS } from "./platform/watch.ts"
import { type ProcessLockError, takeProcessLock } from "./vault/process-lock.ts"
import { readSources } from "./warnings/sources.ts"

export interface DeskProcessOptions {
  readonly vaultFile: string
  /** 0 for any free one. */
  readonly port: number
  readonly enrolmentFile: string | null
  readonly sourcesFile: string | null
  readonly proxy: ProxySetting
  readonly template: PageTemplate | null
  readonly report: (mistake: unknown) => void
  /** Of the process that locked before this one. */
  readonly handed?: Handed | null
  /** Called some moments after a lock, once port and vault are let go: begins anew. Without it, memory stays as it is. */
  readonly afterLock?: (handed: Handed) => void
}

export type DeskStartError =
  | ProcessLockError
  | ListenError
  | { readonly kind: "no-folder"; readonly path: string }
  | { readonly kind: "no-enrolment"; readonly path: string }
  | { readonly kind: "malformed-sources"; readonly path: string }
  | { readonly kind: "not-built" }

export interface RunningDesk {
  readonly port: number
  /** An address that signs one tab in, once. */
  newAddress(): string
  /** A locked desk does, as after a lock; one that is open, or about to open, does when it locks. */
  beginAnew(): void
  /** Locks, closes and lets the vault go. */
  stop(): Promise<void>
}

/** Between a lock and a new beginning. */
const ANSWER_MS = 200

const DIST = fileURLToPath(new URL("dist", import.meta.url))

export async function startDesk(options: DeskProcessOptions): Promise<Result<RunningDesk, DeskStartError>> {
  const vaultFile = resolve(options.vaultFile)
  if (!existsSync(dirname(vaultFile))) return err({ kind: "no-folder", path: dirname(vaultFile) })
  if (!existsSync(DIST)) return err({ kind: "not-built" })
  const { enrolmentFile, sourcesFile } = options
  if (enrolmentFile !== null && !existsSync(enrolmentFile))
    return err({ kind: "no-enrolment", path: enrolmentFile })
  const sources = sourcesFile === null ? null : sourcesFrom(sourcesFile)
  if (sources === "malformed") return err({ kind: "malformed-sources", path: sourcesFile ?? "" })
  // Whatever this process writes is its owner's alone.
  process.umask(0o077)
  const lock = takeProcessLock(vaultFile)
  if (!lock.ok) return lock
  let port = options.handed?.port ?? options.port
  let replacing: NodeJS.Timeout | undefined
  let isReplacing = false
  let isEnding = false
  const { afterLock } = options
  const desk = makeDesk({
    vaultFile,
    enrolmentFile,
    sources,
    proxy: options.proxy,
    clock: systemClock,
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    authority: () => `${LOOPBACK}:${port}`,
    assets: readAssets(DIST),
    template: options.template,
    report: options.report,
    ...(options.handed ? { before: options.handed } : {}),
    ...(afterLock
      ? {
          onLock: (reason) => {
            clearTimeout(replacing)
            // The window that asked for the lock hears of it first.
            replacing = setTimeout(() => void replace(reason, afterLock), ANSWER_MS)
          },
        }
      : {}),
  })
  const listening = await serve(desk.app, port)
  if (!listening.ok) {
    lock.value.release()
    return listening
  }
  port = listening.value.port
  // Asking whether it is open looks at the watch: so it locks without any request, too.
  const watch = setInterval(() => desk.host.open(), WATCH_MS)
  const letGo = async (): Promise<void> => {
    clearInterval(watch)
    clearTimeout(replacing)
    await listening.value.close()
    lock.value.release()
  }
  async function replace(reason: LockReason, begin: (handed: Handed) => void): Promise<void> {
    // Somebody was quick to unlock it again.
    if (isReplacing || desk.host.open()) return
    isReplacing = true
    await letGo()
    // Somebody ended it meanwhile: a process that began anew would not know.
    if (isEnding) return
    begin({ port, reason, sessions: desk.sessions.marks() })
  }
  return ok({
    port,
    newAddress: () => `http://${LOOPBACK}:${port}/#token=${desk.sessions.issueToken()}`,
    beginAnew: () => {
      if (afterLock && !desk.host.isOpening()) void replace(desk.host.lockReason(), afterLock)
    },
    stop: async () => {
      isEnding = true
      desk.host.lock("button")
      await letGo()
    },
  })
}

function sourcesFrom(path: string) {
  try {
    return readSources(readFileSync(path, "utf8")) ?? "malformed"
  } catch {
    return "malformed"
  }
}

/** A desk: vault, loopback server, lock, loops. Its host gives it disk, clock, randomness and a way out. */
import { existsSync, readFileSync } from "node:fs"
import { eraseEnrolment } from "@kunak/core/enrolment/enrolment"
import type { Random } from "@kunak/core/keys"
import { err, ok, type Result } from "@kunak/core/result"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"
import type { Outgoing } from "@kunak/duty/relay-client"
import { previewStyle } from "@kunak/page/document/preview"
import type { PageTemplate } from "@kunak/page/document/template"
import type { Hono } from "hono"
import { enrolled, openEnrolment, writeEnrolment } from "./enrolment/enrol.ts"
import { readOfficer } from "./enrolment/officer.ts"
import { hotlineRoutes } from "./hotline/routes.ts"
import type { OpenDesk } from "./open-desk.ts"
import { LEAST_PASSPHRASE_LETTERS, passphraseLetters } from "./passphrase.ts"
import { makeDeskApp } from "./platform/app.ts"
import type { Asset } from "./platform/assets.ts"
import type { Clock } from "./platform/clock.ts"
import {
  type DeskHost,
  type LockReason,
  makeDeskHost,
  type PassphraseChange,
  type UnlockError,
} from "./platform/desk-host.ts"
import { freeBytes } from "./platform/free-bytes.ts"
import { object, oneOf, type Parsed, text } from "./platform/json.ts"
import { makeOutgoing, type ProxySetting } from "./platform/outgoing.ts"
import { makeSessions, type Sessions } from "./platform/session.ts"
import { readSwap, type Swap } from "./platform/swap.ts"
import { settingsRoutes } from "./settings/routes.ts"
import { DEFAULT_SETTINGS, proxyOf, readSettings, saveSettings } from "./settings/settings.ts"
import { makeSync } from "./sync/sync.ts"
import { todayRoutes } from "./today/routes.ts"
import { changePassphrase, createVault, openVault, type VaultPlace } from "./vault/open-vault.ts"
import { SCHEMA } from "./vault/schema.ts"
import type { UnlockedVault } from "./vault/unlocked-vault.ts"
import { type PassphraseCost, passphraseBytes } from "./vault/vault-key.ts"
import type { PublicSource } from "./warnings/model.ts"
import { makeNamedPages } from "./warnings/preview-pages.ts"
import { warningRoutes } from "./warnings/routes.ts"
import { putSources } from "./warnings/sources.ts"

export interface DeskOptions {
  readonly vaultFile: string
  /** Written by `kunak init`; needed only where there is no vault yet. */
  readonly enrolmentFile: string | null
  /** Put into the vault at each unlocking when given. */
  readonly sources: readonly PublicSource[] | null
  /** For a new vault; afterwards the setting in the vault counts. */
  readonly proxy: ProxySetting
  readonly clock: Clock
  readonly random: Random
  readonly authority: () => string
  readonly assets: ReadonlyMap<string, Asset>
  readonly template: PageTemplate | null
  readonly report: (mistake: unknown) => void
  /** What this computer does with memory, where not its own word counts (tests). */
  readonly swap?: () => Swap
  /** Other than the product's only in tests. */
  readonly cost?: PassphraseCost
  readonly outgoing?: Outgoing
  readonly freeBytes?: () => number | null
  /** Seconds between rounds with the relays; a fifth of an edition when not given, 0 for none by themselves. */
  readonly roundSeconds?: number
  /** From the process before this one, which ended when it locked. */
  readonly before?: BeforeLock
  readonly onLock?: (reason: LockReason) => void
}

/** What outlives a lock: nothing of what was open. */
export interface BeforeLock {
  readonly reason: LockReason
  /** Of tabs that stay signed in. */
  readonly sessions: readonly string[]
}

export interface Desk {
  readonly app: Hono
  readonly sessions: Sessions
  readonly host: DeskHost<OpenDesk, Attempt>
}

const parseAttempt = object({
  passphrase: text(1000),
  /** These two count only where there is no vault yet. */
  enrolmentPassphrase: text(1000),
  language: oneOf(["ru", "en"]),
})
export type Attempt = Parsed<typeof parseAttempt>

export const ROUTES = [...todayRoutes, ...hotlineRoutes, ...warningRoutes, ...settingsRoutes] as const

export function makeDesk(options: DeskOptions): Desk {
  const { clock, random } = options
  const place: VaultPlace = {
    file: options.vaultFile,
    migrations: SCHEMA,
    random,
    ...(options.cost ? { cost: options.cost } : {}),
  }
  const host = makeDeskHost<OpenDesk, Attempt>({
    clock,
    idleMs: (open) => open.settings().idleMinutes * 60_000,
    ...(options.before ? { lockedBefore: options.before.reason } : {}),
    ...(options.onLock ? { onLock: options.onLock } : {}),
    tryToOpen: (attempt) =>
      existsSync(place.file) ? unlock(place, attempt, options) : create(place, attempt, options),
    tryToChange: (open, change) => rekey(place, open, change),
  })
  const sessions = makeSessions(random, clock.monotonic, options.before?.sessions)
  const app = makeDeskApp<OpenDesk, Attempt>({
    authority: options.authority,
    sessions,
    host,
    assets: options.assets,
    routes: ROUTES,
    state: () => ({
      exists: existsSync(place.file),
      enrols: options.enrolmentFile !== null,
      swap: (options.swap ?? readSwap)(),
    }),
    parseAttempt,
    preview: (open, name) => open.previews.get(name),
    previewStyle: options.template ? previewStyle(options.template) : "none",
    report: options.report,
  })
  return { app, sessions, host }
}

async function unlock(
  place: VaultPlace,
  attempt: Attempt,
  options: DeskOptions,
): Promise<Result<OpenDesk, UnlockError>> {
  const passphrase = passphraseBytes(attempt.passphrase)
  const vault = await openVault(place, { passphrase, remoteShare: null })
  return vault.ok ? ok(await openDesk(vault.value, options)) : vault
}

/** The enrolment is opened and verified first, so that a wrong one leaves no vault behind. */
async function create(
  place: VaultPlace,
  attempt: Attempt,
  options: DeskOptions,
): Promise<Result<OpenDesk, UnlockError>> {
  if (options.enrolmentFile === null) return err({ kind: "cannot-open" })
  if (passphraseLetters(attempt.passphrase) < LEAST_PASSPHRASE_LETTERS)
    return err({ kind: "passphrase-short", least: LEAST_PASSPHRASE_LETTERS })
  const file = new Uint8Array(readFileSync(options.enrolmentFile))
  const enrolment = await openEnrolment(file, attempt.enrolmentPassphrase)
  if (!enrolment.ok) return enrolment
  const proxy = options.proxy ? `${options.proxy.host}:${options.proxy.port}` : ""
  const vault = await createVault(
    place,
    { passphrase: passphraseBytes(attempt.passphrase), remoteShare: null },
    (made) => {
      const written = writeEnrolment(made, enrolment.value)
      return written.ok
        ? saveSettings(made, { ...DEFAULT_SETTINGS, language: attempt.language, proxy })
        : written
    },
  )
  eraseEnrolment(enrolment.value)
  return vault.ok ? ok(await openDesk(vault.value, options)) : vault
}

async function rekey(
  place: VaultPlace,
  open: OpenDesk,
  { old, next }: PassphraseChange,
): Promise<Result<null, UnlockError>> {
  if (passphraseLetters(next) < LEAST_PASSPHRASE_LETTERS)
    return err({ kind: "passphrase-short", least: LEAST_PASSPHRASE_LETTERS })
  const unlocking = (typed: string) => ({ passphrase: passphraseBytes(typed), remoteShare: null })
  return changePassphrase(place, unlocking(old), unlocking(next), open.vault)
}

async function openDesk(vault: UnlockedVault, options: DeskOptions): Promise<OpenDesk> {
  if (!enrolled(vault)) throw new TypeError("a vault without an enrolment")
  // A disk that is full now keeps the sources that were there.
  if (options.sources) putSources(vault, options.sources)
  const officer = await readOfficer(vault)
  let settings = readSettings(vault)
  let isClosed = false
  const now = (): Instant => instantFromMs(options.clock.wall())
  const sync = await makeSync({
    vault,
    officer,
    outgoing: options.outgoing ?? makeOutgoing(() => proxyOf(settings)),
    random: options.random,
    now,
    nowMs: options.clock.wall,
    isClosed: () => isClosed,
  })
  const { editionSeconds } = sync.line().chain.current.charter
  const seconds = options.roundSeconds ?? Math.max(2, Math.floor(editionSeconds / 5))
  const round = (): void => {
    // A round that the lock cut short finds its vault shut: that is no mistake.
    sync.tick().catch((mistake: unknown) => {
      if (!isClosed) options.report(mistake)
    })
  }
  const timer = seconds > 0 ? setInterval(round, seconds * 1000) : null
  if (timer) round()
  const prepared: OpenDesk["prepared"] = new Map()
  return {
    vault,
    officer,
    sync,
    chain: () => sync.line().chain,
    now,
    freeBytes: options.freeBytes ?? (() => freeBytes(options.vaultFile)),
    random: options.random,
    settings: () => settings,
    setSettings: (next) => {
      settings = next
    },
    previews: makeNamedPages(options.random),
    prepared,
    pageTemplate: () => options.template,
    swap: options.swap ?? readSwap,
    close: () => {
      isClosed = true
      if (timer) clearInterval(timer)
      prepared.clear()
      sync.hotline.close()
      vault.lock()
    },
  }
}

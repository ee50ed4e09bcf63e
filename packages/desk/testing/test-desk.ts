/** A desk in process, enrolled as Amina or Boris, with a browser's headers at hand. */
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { encodeEnrolment } from "@kunak/core/enrolment/enrolment"
import { reveal, Secret } from "@kunak/core/secret"
import { Encrypter } from "age-encryption"
import { type Desk, type DeskOptions, makeDesk } from "../desk.ts"
import type { OpenDesk } from "../open-desk.ts"
import type { Clock } from "../platform/clock.ts"
import { type DeskLine, deskCapabilities, LINE_KEY, STAFF_KEY } from "./test-line.ts"

export const PASSPHRASE = "mill bridge horse lantern"
export const ENROLMENT_PASSPHRASE = "ceremony words"
export const CHEAP = { memoryKiB: 64, passes: 1, lanes: 1 }
const AUTHORITY = "127.0.0.1:4711"

export type OfficerName = "amina" | "boris" | "vera"

export interface Heard<T = unknown> {
  readonly status: number
  readonly text: string
  readonly value: T
  readonly error: { readonly kind: string; readonly [slot: string]: unknown }
}

export interface TestDesk {
  readonly desk: Desk
  readonly folder: string
  readonly mistakes: unknown[]
  /** The unlocked desk. @throws when it is locked. */
  open(): OpenDesk
  /** POST below /api/ with everything that our own window sends. */
  ask<T = unknown>(path: string, body?: unknown): Promise<Heard<T>>
  unlock(passphrase?: string): Promise<Heard>
  /** Ends it and removes its folder. */
  remove(): void
}

/** What `kunak init` would give an officer, with a cheap passphrase. */
export async function enrolmentFile(line: DeskLine, officer: OfficerName): Promise<Uint8Array> {
  const { chain, delegations } = line.organisation
  const text = encodeEnrolment({
    role: "officer",
    label: { amina: "officer 1", boris: "officer 2", vera: "officer 3" }[officer],
    charterChain: chain.bytes,
    delegations: delegations.map(({ bytes }) => bytes),
    seed: new Secret(reveal(line.organisation[officer].seed).slice()),
    staffKey: new Secret(STAFF_KEY.slice()),
    lineKey: new Secret(LINE_KEY.slice()),
    relays: [deskCapabilities(), deskCapabilities()],
  })
  const encrypter = new Encrypter()
  encrypter.setPassphrase(ENROLMENT_PASSPHRASE)
  encrypter.setScryptWorkFactor(4)
  return encrypter.encrypt(text)
}

/** Makes the vault and leaves it unlocked. With a proxy it goes out for real, through that proxy. */
export async function makeTestDesk(
  line: DeskLine,
  officer: OfficerName,
  clock: Clock,
  change: Partial<DeskOptions> = {},
): Promise<TestDesk> {
  const folder = mkdtempSync(join(tmpdir(), "desk-"))
  const enrolment = join(folder, "officer.age")
  writeFileSync(enrolment, await enrolmentFile(line, officer))
  const made = deskIn(folder, line, clock, { enrolmentFile: enrolment, ...change })
  await made.ask("unlock", {
    passphrase: PASSPHRASE,
    enrolmentPassphrase: ENROLMENT_PASSPHRASE,
    language: "ru",
  })
  return made
}

/** A desk on a folder that may hold a vault already. */
export function deskIn(
  folder: string,
  line: DeskLine,
  clock: Clock,
  change: Partial<DeskOptions> = {},
): TestDesk {
  const mistakes: unknown[] = []
  const desk = makeDesk({
    vaultFile: join(folder, "officer.vault"),
    enrolmentFile: null,
    sources: null,
    proxy: null,
    clock,
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    authority: () => AUTHORITY,
    assets: new Map(),
    template: line.template,
    report: (mistake) => mistakes.push(mistake),
    cost: CHEAP,
    swap: () => "none",
    roundSeconds: 0,
    freeBytes: () => 50e9,
    ...(change.proxy ? {} : { outgoing: line.outgoing }),
    ...change,
  })
  let session: Record<string, string> | null = null

  const send = async (path: string, body: unknown, headers: Record<string, string>): Promise<Response> =>
    desk.app.request(`http://${AUTHORITY}${path}`, {
      method: "POST",
      headers: {
        host: AUTHORITY,
        origin: `http://${AUTHORITY}`,
        "sec-fetch-site": "same-origin",
        "content-type": "application/json",
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    })
  const signIn = async (): Promise<Record<string, string>> => {
    const answer = await send("/session", { token: desk.sessions.issueToken() }, {})
    const { value } = (await answer.json()) as { value: { key: string } }
    return { cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? "", "kunak-key": value.key }
  }
  const ask = async <T>(path: string, body: unknown = {}): Promise<Heard<T>> => {
    session ??= await signIn()
    const answer = await send(`/api/${path}`, body, session)
    const text = await answer.text()
    const parsed = JSON.parse(text) as { value: T; error: Heard["error"] }
    return { status: answer.status, text, value: parsed.value, error: parsed.error }
  }
  return {
    desk,
    folder,
    mistakes,
    ask,
    open: () => {
      const open = desk.host.open()
      if (!open) throw new TypeError("the desk is locked")
      return open
    },
    unlock: (passphrase = PASSPHRASE) =>
      ask("unlock", { passphrase, enrolmentPassphrase: "", language: "ru" }),
    remove: () => {
      desk.host.lock("button")
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A relay's app in process, with the synthetic organisation, on a store of its own. */
import { concatBytes } from "@kunak/core/bytes/equal"
import type { EditionId } from "@kunak/core/edition/header"
import { type EditionFile, encodePackage } from "@kunak/core/edition/package"
import { signTermGrant, signTermRequest } from "@kunak/core/edition/term"
import { err, ok } from "@kunak/core/result"
import {
  type EditionOptions,
  makeEdition,
  makeOrganisation,
  type Organisation,
  SAMPLE_NOW,
  sampleBoard,
} from "@kunak/core/testing/organisation"
import type { Instant } from "@kunak/core/time/instant"
import { onTestFinished } from "vitest"
import type { Answer } from "../answer.ts"
import { type App, createApp } from "../app.ts"
import { bearer, capabilityHash, type Role } from "../capability.ts"
import type { Notice } from "../notice.ts"
import type { RelayRequest } from "../request.ts"
import type { RelayStore } from "../store/contract.ts"
import { memoryStore } from "./memory-store.ts"

/** Known to the tests as duty and desk know theirs. */
export const capabilities: Readonly<Record<Role, Uint8Array>> = {
  publish: new Uint8Array(32).fill(1),
  read: new Uint8Array(32).fill(2),
  append: new Uint8Array(32).fill(3),
  acknowledge: new Uint8Array(32).fill(4),
}

export const capabilityHashes = {
  publish: [capabilityHash(capabilities.publish)],
  read: [capabilityHash(capabilities.read)],
  append: [capabilityHash(capabilities.append)],
  acknowledge: [capabilityHash(capabilities.acknowledge)],
}

export interface TestRelay {
  readonly app: App
  readonly store: RelayStore
  readonly organisation: Organisation
  readonly notices: Notice[]
  readonly post: (target: string, role: Role | null, body: Uint8Array) => Promise<Answer>
  readonly get: (target: string, change?: Partial<RelayRequest>) => Promise<Answer>
  /** Milliseconds of the steady clock: goes on only when a test moves it. */
  readonly clock: { ms: number }
}

export interface TestRelayOptions {
  readonly organisation?: Organisation
  readonly store?: RelayStore
  readonly relay?: "A" | "B"
  readonly now?: Instant
}

let sample: Promise<Organisation> | undefined
/** Made once for a file of tests: nobody changes it. */
export const sampleOrganisation = (): Promise<Organisation> => {
  sample ??= makeOrganisation()
  return sample
}

export async function testRelay(options: TestRelayOptions = {}): Promise<TestRelay> {
  const organisation = options.organisation ?? (await sampleOrganisation())
  const store = options.store ?? (await memoryStore())
  onTestFinished(() => store.close())
  const notices: Notice[] = []
  const clock = { ms: 0 }
  const app = createApp({
    chain: organisation.chain,
    store,
    capabilities: capabilityHashes,
    termKey: options.relay === "B" ? null : organisation.relayA,
    now: () => options.now ?? SAMPLE_NOW,
    clockMs: () => clock.ms,
    report: (notice) => notices.push(notice),
    effort: "quick",
  })
  return {
    app,
    store,
    organisation,
    notices,
    clock,
    get: (target, change = {}) => app(makeRequest({ target, ...change })),
    post: (target, role, body) =>
      app(
        makeRequest({
          method: "POST",
          target,
          authorization: role ? bearer(capabilities[role]) : "",
          readBody: bodyOf(body),
        }),
      ),
  }
}

export const makeRequest = (change: Partial<RelayRequest>): RelayRequest => ({
  method: "GET",
  target: "/",
  host: "relay-a.example",
  acceptEncoding: "",
  authorization: "",
  readBody: bodyOf(new Uint8Array()),
  ...change,
})

/** As the sockets do it: never more than the limit. */
export const bodyOf =
  (body: Uint8Array): RelayRequest["readBody"] =>
  async (maxBytes) =>
    body.length > maxBytes ? err({ kind: "too-large" }) : ok(body)

const text = (words: string): Uint8Array => new TextEncoder().encode(words)

/** Compresses well, as pages do. */
export const samplePage = (variant: string): Uint8Array =>
  text(`<!doctype html><title>Mountain Line</title>${`<p>Warning, ${variant}.</p>`.repeat(200)}`)

export const CAP_NAME = "cap/000102030405060708090a0b0c0d0e0f-0.xml"

/** An edition package as a good duty makes it. */
export async function makePackage(
  organisation: Organisation,
  options: EditionOptions & {
    readonly files?: readonly EditionFile[]
    readonly boardBytes?: Uint8Array
  } = {},
): Promise<Uint8Array> {
  const { header, bulletinBytes } = await makeEdition(organisation, options)
  const files = options.files ?? [
    { name: "page.web.html", bytes: samplePage("web") },
    { name: "page.onion.html", bytes: samplePage("onion") },
    { name: "feed.atom", bytes: text("<feed/>") },
    { name: CAP_NAME, bytes: text("<alert/>") },
  ]
  const board = { name: "board", bytes: options.boardBytes ?? sampleBoard().bytes }
  return encodePackage({ header, files: [...files, { name: "bulletin", bytes: bulletinBytes }, board] })
}

/** Grant and package: the body of a publication. The grant is genuine unless a test gives another. */
export async function makePublication(
  organisation: Organisation,
  options: Parameters<typeof makePackage>[1] & { readonly grant?: Uint8Array } = {},
): Promise<Uint8Array> {
  const id: EditionId = options.id ?? { term: 1, number: 1 }
  const duty = organisation.duties[options.duty ?? 0].publicKey
  const grant = options.grant ?? (await signTermGrant(id.term, duty, organisation.relayA))
  return concatBytes(grant, await makePackage(organisation, { ...options, id }))
}

export const termRequest = (
  organisation: Organisation,
  expected: number,
  duty: 0 | 1 = 0,
): Promise<Uint8Array> => signTermRequest(organisation.duties[duty], expected)

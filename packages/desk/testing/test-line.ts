/** Two relays and a duty in process, with the synthetic organisation: what desks of a test speak to. */
import type { CharterChain } from "@kunak/core/charter/charter"
import type { Capabilities } from "@kunak/core/enrolment/enrolment"
import { err, must, ok } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import {
  makeOrganisation,
  type Organisation,
  type OrganisationOptions,
} from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import type { Instant } from "@kunak/core/time/instant"
import { Duty, type DutyMemory } from "@kunak/duty/duty"
import { freshMemory } from "@kunak/duty/memory-file"
import { type Outgoing, relayClient } from "@kunak/duty/relay-client"
import { buildTemplate } from "@kunak/page/build"
import { type PageTemplate, parseTemplate } from "@kunak/page/document/template"
import { createApp } from "@kunak/relay/app"
import type { RelayStore } from "@kunak/relay/store/contract"
import { memoryStore } from "@kunak/relay/testing/memory-store"
import { bodyOf, capabilities, capabilityHashes, makeRequest } from "@kunak/relay/testing/test-relay"

export interface DeskLine {
  readonly organisation: Organisation
  readonly template: PageTemplate
  /** Of relays A and B: what a seizure of both yields. */
  readonly stores: readonly [RelayStore, RelayStore]
  /** The way out of every desk here. */
  readonly outgoing: Outgoing
  /** Relays that do not answer. */
  readonly down: Set<"A" | "B">
  /** What went out, in order: "A /log/append 8201". */
  readonly sent: string[]
  /** What comes back may be changed on the way: a relay that lies. */
  tamper:
    | ((
        relay: "A" | "B",
        path: string,
        body: Uint8Array,
        status: number,
      ) => { readonly body: Uint8Array; readonly status: number })
    | null
  /** Both relays with another charter.kunak, started again. */
  restart(chain: CharterChain): void
  /** What duty keeps, its keys included: what a seizure of it yields. */
  memory(): DutyMemory
  /** One edition's turn. */
  publish(): Promise<unknown>
  close(): Promise<void>
}

export const LINE_KEY = new Uint8Array(32).fill(7)
export const STAFF_KEY = new Uint8Array(32).fill(8)
export const deskCapabilities = (): Capabilities => ({
  read: new Secret(capabilities.read.slice()),
  append: new Secret(capabilities.append.slice()),
  acknowledge: new Secret(capabilities.acknowledge.slice()),
  publish: null,
})

let template: Promise<PageTemplate> | undefined
/** The release's template without its script: a relay compresses it in a tenth of the time. */
const testTemplate = (): Promise<PageTemplate> => {
  template ??= buildTemplate().then((html) =>
    must(parseTemplate(html.replace(/<script>[\s\S]*?<\/script>/, ""))),
  )
  return template
}

export async function makeDeskLine(now: () => Instant, options: OrganisationOptions = {}): Promise<DeskLine> {
  const organisation = await makeOrganisation({ now: now(), ...options })
  const pageTemplate = await testTemplate()
  const stores = [await memoryStore(), await memoryStore()] as const
  const appsUnder = (chain: CharterChain) =>
    stores.map((store, i) =>
      createApp({
        chain,
        store,
        capabilities: capabilityHashes,
        termKey: i === 0 ? organisation.relayA : null,
        now,
        clockMs: () => now() * 1000,
        report: () => {},
        effort: "quick",
      }),
    )
  let apps = appsUnder(organisation.chain)
  const line: { tamper: DeskLine["tamper"] } = { tamper: null }
  const down = new Set<"A" | "B">()
  const sent: string[] = []
  const outgoing: Outgoing = async ({ method, url, headers, body }) => {
    const { origin, pathname } = new URL(url)
    const relay = origin === organisation.charter.relays[0].web ? "A" : "B"
    if (down.has(relay)) return err({ kind: "unreachable" })
    sent.push(`${relay} ${pathname} ${body?.length ?? 0}`)
    const answer = await apps[relay === "A" ? 0 : 1]?.(
      makeRequest({
        method,
        target: pathname,
        authorization: headers.authorization ?? "",
        ...(body ? { readBody: bodyOf(body) } : {}),
      }),
    )
    if (!answer) return err({ kind: "unreachable" })
    const { status } = answer
    return ok(line.tamper?.(relay, pathname, answer.body, status) ?? { status, body: answer.body })
  }
  const [a, b] = organisation.charter.relays
  const dutyCapabilities = { ...deskCapabilities(), publish: new Secret(capabilities.publish) }
  const duty = new Duty(
    {
      key: organisation.duties[0],
      relays: [relayClient(a, dutyCapabilities, outgoing), relayClient(b, dutyCapabilities, outgoing)],
      logKeys: { line: new Secret(LINE_KEY.slice()) },
      template: pageTemplate,
      random: seededRandom("duty"),
      now,
      save: async () => {},
    },
    freshMemory(organisation.chain, organisation.delegations),
  )
  return Object.assign(line, {
    organisation,
    template: pageTemplate,
    stores,
    outgoing,
    down,
    sent,
    restart: (chain: CharterChain) => {
      apps = appsUnder(chain)
    },
    memory: () => duty.memory,
    publish: () => duty.tick(),
    close: async () => {
      for (const store of stores) await store.close()
    },
  })
}

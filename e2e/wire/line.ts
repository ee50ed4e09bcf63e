/**
 * A whole line behind recorders: two relays on real sockets, duty, and what desks need to be on it. The page's traffic goes
 * through the recorders; duty and desks, who are no visitors, go straight.
 */
import { randomBytes } from "node:crypto"
import type { Server } from "node:http"
import type { AddressInfo } from "node:net"
import type { Capabilities } from "@kunak/core/enrolment/enrolment"
import { err, ok } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { makeOrganisation, type Organisation } from "@kunak/core/testing/organisation"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"
import { LINE_KEY } from "@kunak/desk/testing/test-line"
import { Duty } from "@kunak/duty/duty"
import { freshMemory } from "@kunak/duty/memory-file"
import { type Outgoing, relayClient } from "@kunak/duty/relay-client"
import type { PageTemplate } from "@kunak/page/document/template"
import { sampleTemplate } from "@kunak/page/testing/page-site"
import { type Answer, refusal } from "@kunak/relay/answer"
import { type App, createApp } from "@kunak/relay/app"
import { httpServer } from "@kunak/relay/http/server"
import { httpSettings } from "@kunak/relay/http/settings"
import type { RelayStore } from "@kunak/relay/store/contract"
import { memoryStore } from "@kunak/relay/testing/memory-store"
import { capabilities, capabilityHashes } from "@kunak/relay/testing/test-relay"
import { type Recorder, recordWire } from "./recorder.ts"

/** What a relay that lies makes of its answer. */
export type Lie = (target: string, answer: Answer) => Answer | Promise<Answer>

export interface WireLine {
  readonly organisation: Organisation
  readonly template: PageTemplate
  /** A, B: what the watcher of each relay's wire wrote down. */
  readonly wires: readonly [Recorder, Recorder]
  readonly stores: readonly [RelayStore, RelayStore]
  /** What a relay answers may be changed: a relay that lies. Null: it is honest. */
  readonly lie: (relay: 0 | 1, change: Lie | null) => void
  readonly duty: Duty
  readonly outgoing: Outgoing
  readonly publish: () => Promise<unknown>
  readonly close: () => Promise<void>
}

const now = (): Instant => instantFromMs(Date.now())
const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done)
  })
  return (server.address() as AddressInfo).port
}

export async function openWireLine(tickMs: number): Promise<WireLine> {
  const apps: [App | null, App | null] = [null, null]
  const lies: [Lie | null, Lie | null] = [null, null]
  const servers = ([0, 1] as const).map((i) =>
    httpServer(async (request) => {
      const answer = (await apps[i]?.(request)) ?? refusal.tooBusy
      return (await lies[i]?.(request.target, answer)) ?? answer
    }, httpSettings),
  )
  const ports = await Promise.all(servers.map(listening))
  const [portA = 0, portB = 0] = ports
  const wires = [await recordWire("A", portA), await recordWire("B", portB)] as const
  const organisation = await makeOrganisation({
    now: now(),
    demonstration: true,
    relays: [{ web: wires[0].origin }, { web: wires[1].origin }],
    change: (charter) => ({ ...charter, tickMs, editionSeconds: 5 }),
  })
  const stores = [await memoryStore(), await memoryStore()] as const
  for (const i of [0, 1] as const)
    apps[i] = createApp({
      chain: organisation.chain,
      store: stores[i],
      capabilities: capabilityHashes,
      termKey: i === 0 ? organisation.relayA : null,
      now,
      clockMs: () => performance.now(),
      report: () => {},
    })
  const outgoing: Outgoing = async ({ method, url, headers, body }) => {
    const { origin, pathname } = new URL(url)
    const port = origin === wires[0].origin ? portA : portB
    try {
      const answer = await fetch(`http://127.0.0.1:${port}${pathname}`, {
        method,
        headers,
        ...(body ? { body: body as BodyInit } : {}),
      })
      return ok({ status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) })
    } catch {
      return err({ kind: "unreachable" })
    }
  }
  const given: Capabilities = {
    read: new Secret(capabilities.read),
    append: new Secret(capabilities.append),
    acknowledge: null,
    publish: new Secret(capabilities.publish),
  }
  const template = await sampleTemplate()
  const duty = new Duty(
    {
      key: organisation.duties[0],
      relays: [relayClient(wires[0].origin, given, outgoing), relayClient(wires[1].origin, given, outgoing)],
      logKeys: { line: new Secret(LINE_KEY.slice()) },
      template,
      random: (length) => new Uint8Array(randomBytes(length)),
      now,
      save: async () => {},
    },
    freshMemory(organisation.chain, organisation.delegations),
  )
  return {
    organisation,
    template,
    wires,
    stores,
    duty,
    outgoing,
    lie: (relay, change) => {
      lies[relay] = change
    },
    publish: () => duty.tick(),
    close: async () => {
      await Promise.all(wires.map((wire) => wire.close()))
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
      for (const store of stores) await store.close()
    },
  }
}

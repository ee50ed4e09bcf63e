/** A relay's routes: its app in process with sound bodies bent, and its sockets with bent HTTP. */
import { once } from "node:events"
import { type AddressInfo, connect } from "node:net"
import { ByteWriter } from "@kunak/core/bytes/writer"
import { signTermRequest } from "@kunak/core/edition/term"
import { makeOrganisation, revocationBytes, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { createApp } from "@kunak/relay/app"
import { bearer, type Role } from "@kunak/relay/capability"
import { parseConfig } from "@kunak/relay/config"
import { parsePlace } from "@kunak/relay/http/listen"
import { httpServer } from "@kunak/relay/http/server"
import { httpSettings } from "@kunak/relay/http/settings"
import type { Notice } from "@kunak/relay/notice"
import { makeIntake, sealSample, tickBytes } from "@kunak/relay/testing/hotline"
import { memoryStore } from "@kunak/relay/testing/memory-store"
import {
  bodyOf,
  capabilities,
  capabilityHashes,
  makePublication,
  makeRequest,
} from "@kunak/relay/testing/test-relay"
import { type Group, mustHold, type Target } from "./target.ts"

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
/** What a relay may say. 503: before an edition, or no memory left for a body; 507: a disk that refuses. */
const MAY_SAY = new Set([200, 304, 400, 403, 404, 405, 408, 409, 411, 413, 414, 417, 422, 431, 501, 503, 505])
/** A connection that says nothing more is left alone after so long. */
const PATIENCE_MS = 20

export async function relayGroup(): Promise<Group> {
  const organisation = await makeOrganisation()
  const store = await memoryStore()
  const notices: Notice[] = []
  const app = createApp({
    chain: organisation.chain,
    store,
    capabilities: capabilityHashes,
    termKey: organisation.relayA,
    now: () => SAMPLE_NOW,
    clockMs: () => performance.now(),
    report: (notice) => notices.push(notice),
  })
  const ask = (target: string, role: Role | null, body: Uint8Array) =>
    app(
      makeRequest({
        method: "POST",
        target,
        authorization: role ? bearer(capabilities[role]) : "",
        readBody: bodyOf(body),
      }),
    )
  const intake = await makeIntake(organisation, SAMPLE_NOW)
  const publication = await makePublication(organisation, { intakeKey: intake.key.bytes })
  mustHold((await ask("/publish", "publish", publication)).status === 200, "the sample is no edition")
  const next = await makePublication(organisation, { id: { term: 1, number: 2 } })
  const { amina, boris, vera } = organisation
  const u64 = (value: number) => new ByteWriter().u64(value)
  const posted = { nonce: new Uint8Array(8), envelope: await sealSample(organisation, intake.key) }

  const routes: readonly (readonly [string, Role | null, readonly Uint8Array[], number])[] = [
    [
      "/tick",
      null,
      [tickBytes({}), tickBytes({ wantsHeader: true, posted, headerHash: new Uint8Array(32) })],
      0.5,
    ],
    ["/publish", "publish", [next], 0.02],
    ["/term", "publish", [await signTermRequest(organisation.duties[0], 9)], 0.1],
    ["/log/append", "append", [u64(0).u8(1).raw(new Uint8Array(4_096)).bytes()], 0.2],
    ["/log/read", "read", [u64(0).u16(64).bytes()], 0.2],
    ["/ring/read", "read", [u64(0).u16(64).bytes()], 0.2],
    ["/ring/acknowledge", "acknowledge", [u64(3).bytes()], 0.2],
    ["/revoke", "append", [await revocationBytes(organisation, [vera.publicKey], [amina, boris])], 0.1],
  ]
  const targets: Target[] = routes.map(([path, role, samples, weight]) => ({
    name: `relay ${path}`,
    form: "bytes",
    samples,
    weight,
    take: async (body) => {
      const { status } = await ask(path, role, body)
      mustHold(MAY_SAY.has(status), `answered ${status}`)
      mustHold(!notices.includes("internal-error"), "an internal error")
    },
  }))

  const server = httpServer(app, { ...httpSettings, headMs: 2_000, silenceMs: 2_000, lingerMs: 50 })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  const requests = [
    "GET / HTTP/1.1\r\nHost: r\r\n\r\n",
    "GET /header HTTP/1.1\r\nHost: r\r\nAccept-Encoding: br;q=1, gzip\r\nConnection: keep-alive\r\n\r\nHEAD / HTTP/1.1\r\nHost: r\r\n\r\n",
    "POST /tick HTTP/1.1\r\nHost: r\r\nContent-Length: 3\r\n\r\nabc",
    "POST /tick HTTP/1.1\r\nHost: r\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
    `POST /log/read HTTP/1.1\r\nHost: r\r\nAuthorization: ${bearer(capabilities.read)}\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n${"\0".repeat(10)}`,
    "OPTIONS * HTTP/1.1\r\nHost: r\r\n\r\n",
    "GET http://r/feed.atom?x HTTP/1.0\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
  ]
  targets.push({
    name: "relay sockets",
    form: "text",
    samples: requests.map(utf8),
    weight: 0.1,
    take: async (input) => {
      const heard = await talk(port, input)
      for (const [, status] of heard.matchAll(/^HTTP\/1\.1 (\d+)/gm)) {
        mustHold(Number(status) === 100 || MAY_SAY.has(Number(status)), `answered ${status}`)
      }
      mustHold(!notices.includes("internal-error"), "an internal error")
    },
  })
  targets.push({
    name: "relay configuration",
    form: "json",
    samples: [
      utf8(
        JSON.stringify({
          charter: "charter.bin",
          termKey: "term.key",
          store: { kind: "sqlite", path: "relay.db" },
          capabilities: Object.fromEntries(
            ["publish", "read", "append", "acknowledge"].map((role) => [role, ["ab".repeat(32)]]),
          ),
          listen: ["127.0.0.1:8080"],
          keepCells: 4_096,
        }),
      ),
    ],
    weight: 0.5,
    take: (input) => {
      const config = parseConfig(new TextDecoder().decode(input), "/")
      if (!config.ok) mustHold(config.error.sentence.length > 10, "refused without a sentence")
    },
  })
  targets.push({
    name: "place to listen",
    form: "text",
    samples: ["127.0.0.1:8001", "[::1]:8001", "unix:/run/relay.sock"].map(utf8),
    weight: 0.2,
    take: (input) => {
      parsePlace(new TextDecoder().decode(input))
    },
  })
  return {
    targets,
    close: async () => {
      // After all that: readers are served, and the edition is the last sound one that was published.
      const { status, body } = await app(makeRequest({ target: "/header" }))
      mustHold(
        status === 200 && Buffer.from(body).equals(next.subarray(100, 4_196)),
        "the edition has changed",
      )
      server.close()
      server.closeAllConnections()
      await store.close()
    },
  }
}

/** What comes back to these bytes, until it closes or says nothing for a moment. */
function talk(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1")
    let heard = ""
    let timer: NodeJS.Timeout | undefined
    const end = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(heard)
    }
    const wait = (): void => {
      clearTimeout(timer)
      timer = setTimeout(end, PATIENCE_MS)
    }
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1")
      wait()
    })
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNREFUSED" ? reject(error) : end(),
    )
    socket.on("close", end)
    socket.write(bytes, wait)
  })
}

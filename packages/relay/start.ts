/** Puts a relay together from its files and opens its sockets. */
import type { Server } from "node:http"
import type { CharterChain } from "@kunak/core/charter/charter"
import { err, ok, type Result } from "@kunak/core/result"
import { erase } from "@kunak/core/secret"
import { instantFromMs } from "@kunak/core/time/instant"
import { createApp } from "./app.ts"
import { type FilesError, openStore, readRelayFiles, type StoreError } from "./files.ts"
import { isLocal, type ListenError, listen, type Place } from "./http/listen.ts"
import { httpServer } from "./http/server.ts"
import { type HttpSettings, httpSettings } from "./http/settings.ts"
import type { Report } from "./notice.ts"
import { fillRing, type OnFill } from "./ring/fill.ts"

export interface RunningRelay {
  readonly chain: CharterChain
  /** Whether it counts terms (relay A). */
  readonly countsTerms: boolean
  readonly places: readonly Place[]
  /** Answers what is being asked, takes no more, closes the store. */
  readonly close: () => Promise<void>
}

export type StartError =
  | FilesError
  | StoreError
  | { readonly kind: "demonstration-in-public"; readonly place: Place }
  /** The store refused in the middle of the ring's first fill; it goes on from there. */
  | { readonly kind: "ring-not-filled"; readonly slots: number }
  | { readonly kind: "listen"; readonly error: ListenError }

export interface StartOptions {
  /** In place of the configuration's. */
  readonly listen?: readonly Place[]
  readonly http?: HttpSettings
  /** Told how far the ring's first fill has come. */
  readonly onFill?: OnFill
  readonly report: Report
}

/** @param configPath of the JSON file. */
export async function startRelay(
  configPath: string,
  options: StartOptions,
): Promise<Result<RunningRelay, StartError>> {
  const files = await readRelayFiles(configPath)
  if (!files.ok) return files
  const { config, chain, termKey } = files.value
  const places = options.listen ?? config.listen
  const exposed = places.find((place) => !isLocal(place))
  if (exposed && chain.current.charter.demonstration) {
    return err({ kind: "demonstration-in-public", place: exposed })
  }
  const slots = 2 ** chain.current.charter.log2Slots
  const store = await openStore(config, chain, options.report)
  if (!store.ok) return store
  const filled = await fillRing(store.value, chain.organisationId, options.onFill ?? (() => {}))
  if (!filled.ok) {
    await store.value.close()
    return err({ kind: "ring-not-filled", slots })
  }
  const app = createApp({
    chain,
    store: store.value,
    capabilities: config.capabilities,
    termKey,
    now: () => instantFromMs(Date.now()),
    clockMs: () => performance.now(),
    report: options.report,
  })
  const opened = await openSockets(places, () => httpServer(app, options.http ?? httpSettings))
  if (!opened.ok) {
    await store.value.close()
    return err({ kind: "listen", error: opened.error })
  }
  return ok({
    chain,
    countsTerms: termKey !== null,
    places: opened.value.places,
    close: async () => {
      await Promise.all(opened.value.servers.map(closeServer))
      await store.value.close()
      if (termKey) erase(termKey.seed)
    },
  })
}

interface OpenSockets {
  readonly servers: readonly Server[]
  readonly places: readonly Place[]
}

async function openSockets(
  places: readonly Place[],
  makeServer: () => Server,
): Promise<Result<OpenSockets, ListenError>> {
  const servers: Server[] = []
  const taken: Place[] = []
  for (const place of places) {
    const server = makeServer()
    const listening = await listen(server, place)
    if (!listening.ok) {
      await Promise.all(servers.map(closeServer))
      return listening
    }
    servers.push(server)
    taken.push(listening.value)
  }
  return ok({ servers, places: taken })
}

/** Time for answers under way when the relay stops. */
const CLOSE_MS = 2_000

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), CLOSE_MS)
    server.close(() => {
      clearTimeout(force)
      resolve()
    })
    server.closeIdleConnections()
  })
}

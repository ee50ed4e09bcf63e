import { existsSync, unlinkSync } from "node:fs"
import type { Server } from "node:http"
import { connect } from "node:net"
import { err, ok, type Result } from "@kunak/core/result"

/** Where a relay listens: "127.0.0.1:8001", "[::1]:8001" or "unix:/run/kunak-relay/relay.sock". */
export type Place =
  | { readonly kind: "port"; readonly host: string; readonly port: number }
  | { readonly kind: "socket"; readonly path: string }

export type ListenError =
  | { readonly kind: "in-use"; readonly place: Place }
  | { readonly kind: "cannot-listen"; readonly place: Place; readonly code: string }

/** @returns null for any other form. Port 0 takes a free one. */
export function parsePlace(text: string): Place | null {
  if (text.startsWith("unix:/")) return { kind: "socket", path: text.slice("unix:".length) }
  const parts = /^(?:\[([0-9a-f:]+)\]|([a-z0-9.-]+)):(\d{1,5})$/i.exec(text)
  const host = parts?.[1] ?? parts?.[2]
  const port = Number(parts?.[3])
  return host && port <= 65_535 ? { kind: "port", host, port } : null
}

export function placeName(place: Place): string {
  if (place.kind === "socket") return `unix:${place.path}`
  return `${place.host.includes(":") ? `[${place.host}]` : place.host}:${place.port}`
}

/** Reached from this machine only. */
export const isLocal = (place: Place): boolean =>
  place.kind === "socket" ||
  place.host === "localhost" ||
  place.host === "::1" ||
  /^127(\.\d{1,3}){3}$/.test(place.host)

/** @returns the place, with the port that was taken for 0. */
export async function listen(server: Server, place: Place): Promise<Result<Place, ListenError>> {
  if (place.kind === "socket") await removeStale(place.path)
  const code = await tryToListen(server, place)
  if (code === "EADDRINUSE") return err({ kind: "in-use", place })
  if (code !== null) return err({ kind: "cannot-listen", place, code })
  const address = server.address()
  return ok(
    place.kind === "port" && typeof address === "object" && address
      ? { ...place, port: address.port }
      : place,
  )
}

function tryToListen(server: Server, place: Place): Promise<string | null> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException): void => resolve(error.code ?? "unknown")
    server.once("error", onError)
    const onListening = (): void => {
      server.off("error", onError)
      resolve(null)
    }
    // Like a port of loopback, the socket is open to this machine's users: Tor and the front are others than we.
    if (place.kind === "socket")
      server.listen({ path: place.path, readableAll: true, writableAll: true }, onListening)
    else server.listen({ host: place.host, port: place.port, backlog: 1_024 }, onListening)
  })
}

/** A socket file outlives a killed process. Nobody listens on it then, and it goes; a live one stays. */
async function removeStale(path: string): Promise<void> {
  if (!existsSync(path)) return
  const isDead = await new Promise<boolean>((resolve) => {
    const probe = connect(path)
    probe.once("connect", () => {
      probe.destroy()
      resolve(false)
    })
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"))
  })
  if (isDead) unlinkSync(path)
}

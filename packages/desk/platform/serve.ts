/** The desk's socket: loopback only. */
import type { AddressInfo } from "node:net"
import { createAdaptorServer } from "@hono/node-server"
import { err, ok, type Result } from "@kunak/core/result"
import type { Hono } from "hono"

export const LOOPBACK = "127.0.0.1"

export interface Listening {
  readonly port: number
  close(): Promise<void>
}

export type ListenError = { readonly kind: "port-in-use"; readonly port: number }

/** @param port 0 for any free one. */
export function serve(app: Hono, port: number): Promise<Result<Listening, ListenError>> {
  const server = createAdaptorServer({ fetch: app.fetch })
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(err({ kind: "port-in-use", port }))
      else reject(error)
    })
    server.listen(port, LOOPBACK, () => {
      const close = () =>
        new Promise<void>((done) => {
          server.close(() => done())
          if ("closeAllConnections" in server) server.closeAllConnections()
        })
      resolve(ok({ port: (server.address() as AddressInfo).port, close }))
    })
  })
}

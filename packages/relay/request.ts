/** What a route sees of a request: no address, no time, no connection. */
import type { Result } from "@kunak/core/result"

export type BodyError =
  /** Longer than the route allows: known from Content-Length before a byte is read, or while reading. */
  | { readonly kind: "too-large" }
  /** The sender stopped, or was slower than a sender may be. */
  | { readonly kind: "cut-off" }
  /** So many bodies are being read that there is no memory set aside for another. */
  | { readonly kind: "too-busy" }

export interface RelayRequest {
  readonly method: string
  /** As sent: a path, perhaps with a query. */
  readonly target: string
  readonly host: string
  readonly acceptEncoding: string
  readonly authorization: string
  /**
   * Reads the body once, and never more than `maxBytes` of it into memory. Nothing is read from the sender
   * before this is called.
   */
  readonly readBody: (maxBytes: number) => Promise<Result<Uint8Array, BodyError>>
}

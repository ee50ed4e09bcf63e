/** What passes between a relay and the thread of its store: calls of the store's contract, and what they returned. */
import { concatBytes } from "@kunak/core/bytes/equal"
import type { Notice } from "../../notice.ts"
import type { RelayStore, StoreSettings } from "../contract.ts"
import type { OpenError } from "./database.ts"

export interface Call {
  readonly id: number
  readonly method: keyof RelayStore
  readonly args: readonly unknown[]
}

/** Cells or envelopes, all of one length, in one piece: a view for each would cost more on its way than its commit. */
export interface Packed {
  readonly packed: Uint8Array
  readonly count: number
}

export const pack = (items: readonly Uint8Array[]): Packed => ({
  packed: concatBytes(...items),
  count: items.length,
})

/** What was packed as it was, and anything else as it is. */
export function unpack(arg: unknown): unknown {
  if (typeof arg !== "object" || arg === null || !("packed" in arg)) return arg
  const { packed, count } = arg as Packed
  const size = packed.length / count
  return Array.from({ length: count }, (_, i) => packed.subarray(i * size, (i + 1) * size))
}

export interface Return {
  readonly id: number
  /** Of the method's own `Result`; undefined where it broke, which only a mistake of ours does. */
  readonly value: unknown
  readonly broke: boolean
}

/** Given to the thread at its start. */
export interface WorkerStart {
  readonly path: string
  readonly settings: StoreSettings
}

export type FromWorker =
  | { readonly kind: "opened" }
  | { readonly kind: "refused"; readonly error: OpenError }
  | { readonly kind: "notice"; readonly notice: Notice }
  | { readonly kind: "returns"; readonly returns: readonly Return[] }

/** What passes between a relay and the thread of its store: calls of the store's contract, and what they returned. */
import type { Notice } from "../../notice.ts"
import type { RelayStore, StoreSettings } from "../contract.ts"
import type { OpenError } from "./database.ts"

export interface Call {
  readonly id: number
  readonly method: keyof RelayStore
  readonly args: readonly unknown[]
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

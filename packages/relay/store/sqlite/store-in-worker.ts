import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { err, ok, type Result } from "@kunak/core/result"
import type { Report } from "../../notice.ts"
import type { RelayStore, RingBusy, StaleHead, StoreSettings, StoreUnavailable } from "../contract.ts"
import { PostBundle } from "../post-bundle.ts"
import type { Call, FromWorker, WorkerStart } from "./call.ts"
import type { OpenError } from "./database.ts"
import { type Packed, SharedPieces } from "./shared-pieces.ts"

/**
 * The store of `store.ts` in a thread of its own: while it waits for the disk, the relay goes on reading and
 * answering, and what comes meanwhile shares the next commit.
 *
 * @param path of the file; it is made where there is none.
 */
export async function sqliteStoreInWorker(
  path: string,
  settings: StoreSettings,
  report: Report,
): Promise<Result<RelayStore, OpenError>> {
  const start: WorkerStart = { path, settings }
  // Node's own warnings would go to standard error, where only notices may (rule T4).
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: start,
    execArgv: ["--no-warnings"],
  })
  const first = await new Promise<FromWorker>((resolve, reject) => {
    worker.once("message", resolve)
    worker.once("error", reject)
  })
  // From here on an error of the thread ends the relay: a store that half works must not go on.
  worker.removeAllListeners("error")
  if (first.kind === "refused") return err(first.error)
  return ok(new StoreInWorker(worker, report))
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
  /** Once what it wrote is no longer read. */
  readonly giveBack: (() => void) | null
}

type Method = keyof RelayStore

class StoreInWorker implements RelayStore {
  readonly #worker: Worker
  readonly #pieces = new SharedPieces()
  readonly #waiting = new Map<number, Waiting>()
  readonly #posts = new PostBundle((envelopes) => this.postAll(envelopes))
  #calls: Call[] = []
  #lastId = 0
  #closed: Promise<void> | null = null

  constructor(worker: Worker, report: Report) {
    this.#worker = worker
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "notice") report(message.notice)
      if (message.kind === "returns")
        for (const { id, value, broke } of message.returns) this.#settle(id, value, broke)
    })
  }

  readonly term = this.#method("term")
  readonly grantTerm = this.#method("grantTerm")
  readonly newestId = this.#method("newestId")
  readonly editionsAfter = this.#method("editionsAfter")
  readonly publish = this.#method("publish")
  readonly read = this.#method("read")
  readonly addRevocation = this.#method("addRevocation")
  readonly revocations = this.#method("revocations")
  readonly ringState = this.#method("ringState")
  readonly fillRing = this.#method("fillRing")
  readonly readRing = this.#method("readRing")
  readonly acknowledge = this.#method("acknowledge")
  readonly resume = this.#method("resume")

  post(envelope: Uint8Array): Promise<Result<number, RingBusy | StoreUnavailable>> {
    return this.#posts.add(envelope)
  }

  postAll(envelopes: readonly Uint8Array[]): Promise<Result<readonly (number | null)[], StoreUnavailable>> {
    const posted = this.#askToStore("postAll", envelopes, (packed) => [packed])
    // A bundle was gathered at the end of a turn: it waits for no other.
    this.#send()
    return posted as ReturnType<RelayStore["postAll"]>
  }

  append(
    expected: number,
    cells: readonly Uint8Array[],
    mayLeap = false,
  ): Promise<Result<number, StaleHead | StoreUnavailable>> {
    return this.#askToStore("append", cells, (packed) => [expected, packed, mayLeap]) as ReturnType<
      RelayStore["append"]
    >
  }

  close(): Promise<void> {
    // The thread ends by itself: one that is stopped from outside may be in the middle of something.
    this.#closed ??= Promise.all([once(this.#worker, "exit"), this.#ask("close", [])]).then(() => {})
    return this.#closed
  }

  #method<M extends Method>(method: M): RelayStore[M] {
    return ((...args: readonly unknown[]) => this.#ask(method, args)) as RelayStore[M]
  }

  #askToStore(
    method: Method,
    items: readonly Uint8Array[],
    args: (packed: Packed) => readonly unknown[],
  ): Promise<unknown> {
    const { packed, giveBack } = this.#pieces.fill(items)
    return this.#ask(method, args(packed), giveBack)
  }

  #ask(method: Method, args: readonly unknown[], giveBack: (() => void) | null = null): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId
      this.#waiting.set(id, { resolve, reject, giveBack })
      if (this.#calls.push({ id, method, args }) === 1) setImmediate(() => this.#send())
    })
  }

  /** One message a turn: waking a thread costs more than what a call carries. */
  #send(): void {
    if (this.#calls.length === 0) return
    const calls = this.#calls
    this.#calls = []
    this.#worker.postMessage(calls)
  }

  #settle(id: number, value: unknown, broke: boolean): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    waiting?.giveBack?.()
    if (broke) waiting?.reject(new Error("the store broke"))
    else waiting?.resolve(value)
  }
}

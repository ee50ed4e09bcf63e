/** The thread that owns a relay's SQLite file. Calls come and returns go in bundles: one message a turn. */
import { parentPort, workerData } from "node:worker_threads"
import type { RelayStore } from "../contract.ts"
import type { Call, FromWorker, Return, WorkerStart } from "./call.ts"
import { isPacked, SeenPieces } from "./shared-pieces.ts"
import { sqliteStore } from "./store.ts"

const { path, settings } = workerData as WorkerStart
const port = parentPort
if (!port) throw new TypeError("this is a thread of a relay, not a program")
const tell = (message: FromWorker): void => port.postMessage(message)

const opened = sqliteStore(path, settings, (notice) => tell({ kind: "notice", notice }))
if (opened.ok) {
  serve(opened.value)
  tell({ kind: "opened" })
} else {
  tell({ kind: "refused", error: opened.error })
  port.close()
}

function serve(store: RelayStore): void {
  let returns: Return[] = []
  const pieces = new SeenPieces()
  let isClosed = false
  const give = (item: Return): void => {
    // What one commit settles goes back together.
    if (returns.push(item) > 1) return
    process.nextTick(() => {
      const bundle = returns
      returns = []
      tell({ kind: "returns", returns: bundle })
      if (isClosed) port?.close()
    })
  }
  const run = async ({ id, method, args }: Call): Promise<void> => {
    try {
      const call = store[method] as (...given: unknown[]) => Promise<unknown>
      const value = await call.apply(
        store,
        args.map((arg) => (isPacked(arg) ? pieces.unpack(arg) : arg)),
      )
      isClosed ||= method === "close"
      give({ id, value, broke: false })
    } catch {
      // The error may quote what was sent: it stays here (rule T4).
      give({ id, value: undefined, broke: true })
    }
  }
  port?.on("message", (calls: readonly Call[]) => {
    for (const call of calls) void run(call)
  })
}

/** Thread entry: builds the kernel once from the shared records, then serves tasks. */
import { parentPort, workerData } from "node:worker_threads"
import { type CompareContext, type CompareTask, pairComparer } from "./compare-task.ts"

const compare = pairComparer(workerData as CompareContext)

parentPort?.on("message", (task: CompareTask) => {
  const pairs = compare(task)
  // Handed over, not copied.
  parentPort?.postMessage(pairs, [pairs.a.buffer, pairs.b.buffer, pairs.low.buffer, pairs.high.buffer])
})

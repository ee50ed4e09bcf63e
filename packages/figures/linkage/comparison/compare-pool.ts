/** The edge where comparing runs on threads. Results come in the order of the tasks, whatever the threads do. */
import { availableParallelism } from "node:os"
import { Worker } from "node:worker_threads"
import { type CompareContext, type CompareTask, pairComparer } from "./compare-task.ts"
import type { ComparedPairs } from "./pairs.ts"

export interface ComparePool {
  /**
   * Runs the tasks; `onDone` is told after each, in any order.
   * @throws the abort reason when the signal fires: no partial answer.
   */
  run(
    tasks: readonly CompareTask[],
    onDone?: (index: number, pairs: ComparedPairs) => void,
    signal?: AbortSignal,
  ): Promise<readonly ComparedPairs[]>
  close(): Promise<void>
}

/** Fewer expected pairs than this and threads cost more than they bring. */
const WORTH_THREADS = 300_000
const MOST_THREADS = 8

export function comparePool(context: CompareContext, expectedPairs: number): ComparePool {
  return expectedPairs < WORTH_THREADS ? inlinePool(context) : threadPool(context)
}

function inlinePool(context: CompareContext): ComparePool {
  const compare = pairComparer(context)
  return {
    run: async (tasks, onDone, signal) => {
      const results: ComparedPairs[] = []
      for (const [index, task] of tasks.entries()) {
        signal?.throwIfAborted()
        const pairs = compare(task)
        results.push(pairs)
        onDone?.(index, pairs)
        // Lets a signal be noticed between tasks.
        await new Promise<void>((resolve) => setImmediate(resolve))
      }
      return results
    },
    close: async () => {},
  }
}

function threadPool(context: CompareContext): ComparePool {
  const threads = Math.max(1, Math.min(MOST_THREADS, availableParallelism()))
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL("./compare-worker.ts", import.meta.url), { workerData: context }),
  )
  return {
    run: (tasks, onDone, signal) =>
      new Promise((resolve, reject) => {
        const results: ComparedPairs[] = new Array(tasks.length)
        let next = 0
        let done = 0
        if (signal?.aborted) return reject(signal.reason)
        if (tasks.length === 0) return resolve([])
        const detach: (() => void)[] = []
        const finish = () => {
          for (const remove of detach) remove()
        }
        const onAbort = () => {
          finish()
          reject(signal?.reason)
        }
        signal?.addEventListener("abort", onAbort)
        detach.push(() => signal?.removeEventListener("abort", onAbort))
        for (const worker of workers) {
          let current = -1
          const give = () => {
            const task = tasks[next]
            if (task === undefined) return
            current = next++
            worker.postMessage(task)
          }
          const onMessage = (pairs: ComparedPairs) => {
            results[current] = pairs
            done++
            onDone?.(current, pairs)
            if (done < tasks.length) return give()
            finish()
            resolve(results)
          }
          const onError = (error: unknown) => {
            finish()
            reject(error)
          }
          worker.on("message", onMessage)
          worker.on("error", onError)
          detach.push(() => worker.off("message", onMessage).off("error", onError))
          give()
        }
      }),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

/** A worker thread that holds some chains and advances them one round at each request. */
import { parentPort, workerData } from "node:worker_threads"
import { Chain, type ChainTask } from "./chain.ts"

export interface RoundDone {
  readonly draws: readonly { readonly chain: number; readonly unseen: Float64Array }[]
}

const tasks = workerData as readonly ChainTask[]
const chains = tasks.map((task) => ({ chain: task.chain, runner: new Chain(task) }))

parentPort?.on("message", (drawsPerChain: number) => {
  const done: RoundDone = {
    draws: chains.map(({ chain, runner }) => ({ chain, unseen: runner.next(drawsPerChain) })),
  }
  parentPort?.postMessage(done)
})

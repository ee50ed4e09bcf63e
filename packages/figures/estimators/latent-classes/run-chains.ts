/** The edge: chains in worker threads, advanced in rounds until they agree, are stopped, or have had enough. */
import { availableParallelism } from "node:os"
import { Worker } from "node:worker_threads"
import { Chain, type ChainTask } from "./chain.ts"
import { type ChainDiagnostics, diagnose } from "./diagnostics.ts"
import type { RoundDone } from "./worker.ts"

export interface ChainsOptions {
  readonly chains: number
  /** Draws kept from each chain in one round. */
  readonly drawsPerRound: number
  readonly maxRounds: number
  /** Agreement at which no further round is made. */
  readonly rHat: number
  readonly effective: number
  readonly effectiveTail: number
  /** 0 runs everything in this thread. Results do not depend on it. */
  readonly threads?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (round: number, of: number, diagnostics: ChainDiagnostics | null) => void
}

export interface ChainsResult {
  /** Unseen people, draws of each chain in order. */
  readonly draws: readonly Float64Array[]
  readonly diagnostics: ChainDiagnostics
  readonly rounds: number
  readonly stopped: boolean
}

/** Whoever advances chains: threads, or this one. */
interface Runner {
  round(draws: number): Promise<readonly { chain: number; unseen: Float64Array }[]>
  close(): Promise<void>
}

/**
 * The number of rounds depends on the draws only, never on the clock: the same seed gives the same result on any
 * machine.
 *
 * @returns null when it was stopped before the first round ended.
 */
export async function runChains(
  tasks: readonly ChainTask[],
  options: ChainsOptions,
): Promise<ChainsResult | null> {
  if (options.signal?.aborted === true) return null
  const threads = Math.min(options.threads ?? availableParallelism(), tasks.length)
  const runner = threads === 0 ? inThisThread(tasks) : inThreads(tasks, threads)
  const rounds: Float64Array[][] = tasks.map(() => [])
  const aborted = new Promise<"stopped">((resolve) => {
    options.signal?.addEventListener("abort", () => resolve("stopped"), { once: true })
  })
  try {
    let diagnostics: ChainDiagnostics | null = null
    for (let round = 1; round <= options.maxRounds; round++) {
      options.onProgress?.(round - 1, options.maxRounds, diagnostics)
      const done = await Promise.race([runner.round(options.drawsPerRound), aborted])
      if (done === "stopped")
        return diagnostics === null ? null : result(rounds, diagnostics, round - 1, true)
      for (const { chain, unseen } of done) rounds[chain]?.push(unseen)
      diagnostics = diagnose(rounds.map(joined))
      const { rHat, effective, effectiveTail } = diagnostics
      if (rHat <= options.rHat && effective >= options.effective && effectiveTail >= options.effectiveTail)
        return result(rounds, diagnostics, round, false)
    }
    return diagnostics === null ? null : result(rounds, diagnostics, options.maxRounds, false)
  } finally {
    await runner.close()
  }
}

const result = (
  rounds: readonly Float64Array[][],
  diagnostics: ChainDiagnostics,
  count: number,
  stopped: boolean,
): ChainsResult => ({ draws: rounds.map(joined), diagnostics, rounds: count, stopped })

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function inThisThread(tasks: readonly ChainTask[]): Runner {
  const chains = tasks.map((task) => new Chain(task))
  let closed = false
  return {
    round: async (draws) => {
      const done = []
      for (const [i, chain] of chains.entries()) {
        // Lets a stop be heard between chains.
        await new Promise((resolve) => setImmediate(resolve))
        if (closed) break
        done.push({ chain: tasks[i]?.chain ?? i, unseen: chain.next(draws) })
      }
      return done
    },
    close: async () => {
      closed = true
    },
  }
}

function inThreads(tasks: readonly ChainTask[], threads: number): Runner {
  const workers = Array.from({ length: threads }, (_, thread) => {
    const mine = tasks.filter((_, i) => i % threads === thread)
    return new Worker(new URL("./worker.ts", import.meta.url), { workerData: mine })
  })
  return {
    round: async (draws) => {
      const done = await Promise.all(
        workers.map(
          (worker) =>
            new Promise<RoundDone>((resolve, reject) => {
              worker.once("message", resolve)
              worker.once("error", reject)
              worker.postMessage(draws)
            }),
        ),
      )
      return done.flatMap(({ draws: part }) => part)
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

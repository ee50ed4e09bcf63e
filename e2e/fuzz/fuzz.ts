/** Bent inputs by the thousand: none may break what takes them, or take long. */
import { chanceOf } from "../loss/chance.ts"
import { bend } from "./bend.ts"
import { Coverage } from "./coverage.ts"
import type { Group, Target } from "./target.ts"

/** Of one processor; the sound ones take milliseconds at most. */
const MOST_SECONDS = 2
const MOST_RSS = 1.5 * 2 ** 30
/** Inputs between two looks at what they reached. */
const BATCH = 200
const MOST_CORPUS = 400

export interface Finding {
  readonly target: string
  /** Hexadecimal. */
  readonly input: string
  readonly what: string
}

export interface Fuzzed {
  readonly inputs: number
  readonly byTarget: Readonly<Record<string, number>>
  /** Inputs kept since they reached code that none before had. */
  readonly kept: number
  readonly findings: readonly Finding[]
  readonly mostMiB: number
}

export interface FuzzOptions {
  readonly seed: number
  readonly inputs: number
  /** Follows what inputs reach. */
  readonly guided: boolean
  /** Told before each input. */
  readonly onInput?: (target: Target, input: Uint8Array) => void
}

export async function fuzz({ targets }: Group, options: FuzzOptions): Promise<Fuzzed> {
  const chance = chanceOf(options.seed)
  const coverage = options.guided ? new Coverage() : null
  const findings: Finding[] = []
  const byTarget: Record<string, number> = {}
  const weights = targets.reduce((sum, { weight }) => sum + weight, 0)
  let [kept, inputs, mostRss] = [0, 0, 0]
  for (const target of targets) {
    const own = chance.named(target.name)
    const corpus = [...target.samples]
    const count = Math.max(1, Math.ceil((options.inputs * target.weight) / weights))
    for (const sample of corpus) await tryOne(target, sample, findings)
    coverage?.isNew()
    for (let done = 0; done < count; ) {
      const batch: Uint8Array[] = []
      while (batch.length < BATCH && done < count) {
        const input = bend(target, corpus, own)
        options.onInput?.(target, input)
        await tryOne(target, input, findings)
        batch.push(input)
        done += 1
      }
      inputs += batch.length
      if (coverage?.isNew()) {
        // It tells of all together: of a batch that reached something new one in eight stays.
        const reaching = batch.filter((_, i) => i % 8 === 0)
        kept += reaching.length
        corpus.push(...reaching)
        while (corpus.length > MOST_CORPUS)
          corpus.splice(target.samples.length + own.below(corpus.length - target.samples.length), 1)
      }
      mostRss = Math.max(mostRss, process.memoryUsage.rss())
    }
    byTarget[target.name] = count
  }
  coverage?.close()
  if (mostRss > MOST_RSS)
    findings.push({ target: "all", input: "", what: `memory grew to ${Math.round(mostRss / 2 ** 20)} MiB` })
  return { inputs, byTarget, kept, findings: findings.slice(0, 50), mostMiB: Math.round(mostRss / 2 ** 20) }
}

export async function tryOne(target: Target, input: Uint8Array, findings: Finding[]): Promise<void> {
  const before = process.threadCpuUsage()
  let what: string | null = null
  try {
    await target.take(input)
  } catch (error) {
    what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  }
  const { user, system } = process.threadCpuUsage(before)
  const seconds = (user + system) / 1e6
  if (seconds > MOST_SECONDS) what ??= `it took ${seconds.toFixed(1)} s of a processor`
  const isNew = !findings.some(
    (one) => one.target === target.name && one.what.slice(0, 60) === what?.slice(0, 60),
  )
  if (what !== null && isNew)
    findings.push({ target: target.name, input: Buffer.from(input).toString("hex"), what })
}

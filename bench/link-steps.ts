/**
 * One linkage as a process of its own, for the bench: what `kunak link` does, with the clock between its steps.
 * Prints one line of JSON: seconds of each step, peak memory as the kernel reports it, and quality.
 */
import { runLink } from "../packages/figures/linkage/run/run-link.ts"

export const STEPS = ["reading", "blocking", "comparing", "learning", "joining"] as const
export type Step = (typeof STEPS)[number]

export interface MeasuredLinkage {
  readonly steps: Readonly<Record<Step, number>>
  readonly mebibytes: number
  readonly truth: {
    readonly f1: number
    readonly clusterPrecision: number
    readonly pairs: { readonly f1: number }
    readonly bestThreshold: { readonly f1: number }
  }
}

/** As `runLink` says them. */
const BEGINS: readonly (readonly [RegExp, Step])[] = [
  [/^choosing/, "blocking"],
  [/^comparing/, "comparing"],
  [/^learning/, "learning"],
  [/^joining/, "joining"],
]

async function measure(file: string, truth: string): Promise<MeasuredLinkage> {
  const steps: Record<Step, number> = { reading: 0, blocking: 0, comparing: 0, learning: 0, joining: 0 }
  let step: Step = "reading"
  let since = performance.now()
  const turn = (next: Step): void => {
    const now = performance.now()
    steps[step] += (now - since) / 1000
    step = next
    since = now
  }
  const result = await runLink({
    files: [file],
    truth,
    seed: 1,
    clean: [],
    decisions: [],
    onProgress: (text) => {
      const next = BEGINS.find(([begins]) => begins.test(text))?.[1]
      if (next !== undefined) turn(next)
    },
  })
  turn("joining")
  if (!result.ok) throw new Error(result.error.text)
  const { truth: quality } = result.value.summary
  if (quality === null) throw new Error("no truth")
  return { steps, mebibytes: process.resourceUsage().maxRSS / 1024, truth: quality }
}

const [file, truth] = process.argv.slice(2)
if (file !== undefined && truth !== undefined && import.meta.main)
  process.stdout.write(`${JSON.stringify(await measure(file, truth))}\n`)

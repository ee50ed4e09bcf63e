/**
 * node e2e/fuzz/run.ts [--inputs N] [--seed N] [--group core]: one group in a thread of its own, looked after by this one: an input that never
 * comes back ends it, and is said. Prints one line of JSON for each group.
 */
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads"
import { type Finding, type Fuzzed, fuzz } from "./fuzz.ts"
import { GROUPS } from "./groups.ts"

/** Of a million inputs so many each: what is quick gets most. */
const SHARES: Readonly<Record<string, number>> = { core: 0.7, files: 0.2, relay: 0.08, desk: 0.02 }
/** Of a processor, for one input: then it hangs. */
const HANG_CPU_SECONDS = 60
const LOOK_MS = 2_000
const MOST_BYTES = 400_000

interface Job {
  readonly group: string
  readonly inputs: number
  readonly seed: number
  /** u32 count, u32 length, u32 length of the name, name, input: what is being tried. */
  readonly trying: SharedArrayBuffer
}

async function work({ group: name, inputs, seed, trying }: Job): Promise<void> {
  const words = new Uint32Array(trying, 0, 4)
  const bytes = new Uint8Array(trying, 16)
  const group = await (GROUPS[name] as (typeof GROUPS)[string])()
  const fuzzed = await fuzz(group, {
    seed,
    inputs,
    guided: true,
    onInput: (target, input) => {
      const label = new TextEncoder().encode(target.name)
      words[1] = Math.min(input.length, MOST_BYTES)
      words[2] = label.length
      bytes.set(label)
      bytes.set(input.subarray(0, MOST_BYTES), label.length)
      words[0] = (words[0] ?? 0) + 1
    },
  })
  await group.close()
  parentPort?.postMessage(fuzzed)
}

/** @returns what the thread found; a finding of its own where it stood still or broke. */
function look(job: Omit<Job, "trying">): Promise<Fuzzed> {
  const trying = new SharedArrayBuffer(16 + 200 + MOST_BYTES)
  const words = new Uint32Array(trying, 0, 4)
  const bytes = new Uint8Array(trying, 16)
  return new Promise((resolve) => {
    const worker = new Worker(fileURLToPath(import.meta.url), {
      workerData: { ...job, trying } satisfies Job,
    })
    const give = (what: string): void => {
      clearInterval(timer)
      const [inputs = 0, length = 0, label = 0] = words
      const finding: Finding = {
        target: new TextDecoder().decode(bytes.slice(0, label)),
        input: Buffer.from(bytes.slice(label, label + length)).toString("hex"),
        what,
      }
      resolve({ inputs, byTarget: {}, kept: 0, findings: [finding], mostMiB: 0 })
    }
    let [count, cpu] = [0, process.cpuUsage()]
    const timer = setInterval(() => {
      const { user, system } = process.cpuUsage(cpu)
      if (words[0] !== count) [count, cpu] = [words[0] ?? 0, process.cpuUsage()]
      else if (count > 0 && (user + system) / 1e6 > HANG_CPU_SECONDS) {
        give("it does not come back")
        void worker.terminate()
      }
    }, LOOK_MS)
    worker.once("message", (fuzzed: Fuzzed) => {
      clearInterval(timer)
      resolve(fuzzed)
      void worker.terminate()
    })
    worker.once("error", (error) => give(`the thread broke: ${error.message}`))
  })
}

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      inputs: { type: "string", default: "20000" },
      seed: { type: "string", default: "1" },
      group: { type: "string", default: Object.keys(GROUPS).join(",") },
    },
  })
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1))
  const groups = values.group.split(",")
  const share = groups.reduce((sum, group) => sum + (SHARES[group] ?? 0), 0)
  let isClean = true
  for (const group of groups) {
    const began = process.cpuUsage()
    const inputs = Math.ceil((Number(values.inputs) * (SHARES[group] ?? 0)) / share)
    const fuzzed = await look({ group, inputs, seed: Number(values.seed) })
    const { user, system } = process.cpuUsage(began)
    isClean &&= fuzzed.findings.length === 0
    process.stdout.write(
      `${JSON.stringify({ group, ...fuzzed, cpuSeconds: Math.round((user + system) / 1e6) })}\n`,
    )
  }
  process.exitCode = isClean ? 0 : 1
} else await work(workerData as Job)

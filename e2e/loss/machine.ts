/** One machine: a real `kunak …` process on a folder of its own, that can be killed, cut from its power, given a bad disk or another time. */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Chance } from "./chance.ts"
import { afterPowerCut, type Image, readChanges, readImage, writeImage } from "./disk-image.ts"
import { recorderLibrary } from "./recorder.ts"

const KUNAK = fileURLToPath(new URL("../../packages/cli/main.ts", import.meta.url))
const KEEP_COMPILED = new URL("keep-compiled.ts", import.meta.url).href
const COMPILED = fileURLToPath(new URL("../../.cache/compiled", import.meta.url))

export const DISKS = ["well", "full", "read-only", "failing"] as const
export type Disk = (typeof DISKS)[number]

export interface MachineOptions {
  readonly name: string
  readonly folder: string
  /** Where its records lie: outside its folder. */
  readonly beside: string
  /** Of `kunak`. */
  readonly args: readonly string[]
  /** It reads another file in the place of one. */
  readonly swap: { readonly path: string; readonly by: string }
  readonly onLine?: (line: Readonly<Record<string, unknown>>) => void
}

export class Machine {
  readonly name: string
  readonly #options: MachineOptions
  readonly #log: string
  readonly #orders: string
  #child: ChildProcess | null = null
  #ended: Promise<void> = Promise.resolve()
  #before: Image = new Map()
  #disk: Disk = "well"
  #clockSeconds = 0
  /** All that its processes have said on standard error. */
  readonly sentences: string[] = []

  constructor(options: MachineOptions) {
    this.name = options.name
    this.#options = options
    mkdirSync(options.beside, { recursive: true })
    this.#log = join(options.beside, `${options.name}.log`)
    this.#orders = join(options.beside, `${options.name}.orders`)
    this.#order()
  }

  get isRunning(): boolean {
    return this.#child !== null
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** @returns the process's first line of JSON; null where it ended before it said one. */
  async start(): Promise<Readonly<Record<string, unknown>> | null> {
    const { args, folder, swap, onLine } = this.#options
    this.#before = readImage(folder)
    rmSync(this.#log, { force: true })
    const child = spawn(process.execPath, ["--import", KEEP_COMPILED, KUNAK, ...args, "--json"], {
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        NODE_COMPILE_CACHE: COMPILED,
        LD_PRELOAD: recorderLibrary(),
        KUNAK_DISK_ROOT: folder,
        KUNAK_DISK_LOG: this.#log,
        KUNAK_DISK_ORDERS: this.#orders,
        KUNAK_DISK_SWAP: `${swap.path}=${swap.by}`,
      },
    })
    this.#child = child
    const last = (): void => void child.kill("SIGKILL")
    process.once("exit", last)
    child.stderr.on("data", (part: Buffer) =>
      this.sentences.push(...part.toString().split("\n").filter(Boolean)),
    )
    child.stdin.on("error", () => {})
    let resolveFirst: (line: Readonly<Record<string, unknown>> | null) => void = () => {}
    const first = new Promise<Readonly<Record<string, unknown>> | null>((resolve) => {
      resolveFirst = resolve
    })
    let text = ""
    child.stdout.on("data", (part: Buffer) => {
      text += part.toString()
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
        const line = JSON.parse(text.slice(0, end)) as Readonly<Record<string, unknown>>
        text = text.slice(end + 1)
        resolveFirst(line)
        onLine?.(line)
      }
    })
    this.#ended = new Promise((resolve) => {
      child.once("close", () => {
        process.off("exit", last)
        if (this.#child === child) this.#child = null
        resolveFirst(null)
        resolve()
      })
    })
    return await first
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.#child?.kill(signal)
    await this.#ended
  }

  /** The process is gone, and of what it had not synced chance takes its part. @returns changes since it started. */
  async cutPower(chance: Chance): Promise<number> {
    const ran = this.#child !== null
    await this.kill()
    if (!ran) return 0
    const changes = readChanges(this.#readLog())
    writeImage(this.#options.folder, afterPowerCut(this.#before, changes, chance))
    return changes.length
  }

  #readLog(): Uint8Array {
    try {
      return readFileSync(this.#log)
    } catch {
      return new Uint8Array()
    }
  }

  setDisk(disk: Disk): void {
    this.#disk = disk
    this.#order()
  }

  /** @param seconds ahead of the true time. */
  setClock(seconds: number): void {
    this.#clockSeconds = seconds
    this.#order()
  }

  /** Written in place: the process has it mapped. */
  #order(): void {
    const page = Buffer.alloc(16)
    page.writeUInt32LE(DISKS.indexOf(this.#disk), 0)
    page.writeBigInt64LE(BigInt(this.#clockSeconds), 8)
    writeFileSync(this.#orders, page, { flag: existsSync(this.#orders) ? "r+" : "w" })
  }
}

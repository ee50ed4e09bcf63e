/** A full disk under a real relay. A read-only one: store/sqlite/group-commit.test.ts. */
import { spawnSync } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { ByteWriter } from "@kunak/core/bytes/writer"
import type { Posted } from "@kunak/core/tick/codec"
import { instantFromMs } from "@kunak/core/time/instant"
import { expect, onTestFinished, test } from "vitest"
import { noticeSentences } from "./notice.ts"
import { countsIn, makeHotline, readPosted, tick } from "./testing/hotline-process.ts"
import {
  organisationOfToday,
  type RelayProcess,
  startProcess,
  writeRelayFiles,
} from "./testing/relay-process.ts"
import { temporaryFolder } from "./testing/temporary-folder.ts"
import { makePublication } from "./testing/test-relay.ts"

/** A way to make writing impossible for a relay, and possible again. */
interface Disk {
  readonly folder: string
  readonly fill: (relay: RelayProcess) => void
  readonly free: (relay: RelayProcess) => void
}

function run(command: string, ...args: readonly string[]): void {
  const done = spawnSync(command, args)
  if (done.status !== 0) throw new Error(`${command}: ${done.stderr}`)
}

/** The kernel refuses to let the relay's files grow: needs no rights. */
function limitedDisk(): Disk {
  const limit = (relay: RelayProcess, bytes: string): void =>
    run("prlimit", "--pid", String(relay.process.pid), `--fsize=${bytes}:`)
  return {
    folder: temporaryFolder(),
    fill: (relay) => limit(relay, "1024"),
    free: (relay) => limit(relay, "unlimited"),
  }
}

/** Somebody else fills the disk to the last byte. */
function fullDisk(): Disk {
  const folder = join(temporaryFolder(), "disk")
  mkdirSync(folder)
  run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder)
  onTestFinished(() => run("umount", "-l", folder))
  const filler = join(folder, "somebody-elses-file")
  return {
    folder,
    fill: () => {
      for (const bytes of [1 << 20, 1 << 16, 1 << 12, 1]) {
        try {
          for (;;) writeFileSync(filler, new Uint8Array(bytes), { flag: "a" })
        } catch {
          // Full for this size: on with smaller pieces.
        }
      }
    },
    free: () => rmSync(filler),
  }
}

const disks: readonly (readonly [string, () => Disk])[] = [
  ["may not grow", limitedDisk],
  // Mounting is for root alone; the limit above takes the same way through the relay.
  ...(process.getuid?.() === 0 ? ([["is full", fullDisk]] as const) : []),
]

const cells = (head: number): Uint8Array =>
  new ByteWriter()
    .u64(head)
    .u8(16)
    .raw(new Uint8Array(16 * 4_096).fill(head % 251))
    .bytes()

test.each(disks)(
  "[T18] while the disk %s, writing waits, reading goes on, and nothing is lost",
  async (_how, make) => {
    const disk = make()
    const relay = await startProcess(await writeRelayFiles(disk.folder))
    const organisation = await organisationOfToday()
    const publication = (number: number) =>
      makePublication(organisation, { id: { term: 1, number }, issued: instantFromMs(Date.now()) })
    const first = await publication(1)
    expect((await relay.post("/publish", "publish", first)).status).toBe(200)

    let head = 0
    const fill = async (): Promise<number> => {
      for (let tries = 0; tries < 400; tries++) {
        const { status } = await relay.post("/log/append", "append", cells(head))
        if (status !== 200) return status
        head += 16
      }
      return 200
    }
    expect((await relay.post("/log/append", "append", cells(0))).status).toBe(200)
    head = 16
    disk.fill(relay)
    expect(await fill()).toBe(507)
    const second = await publication(2)
    const refused = await relay.post("/publish", "publish", second)
    expect([507, 200]).toContain(refused.status)
    const shown = refused.status === 200 ? second : first
    expect((await relay.ask({ path: "/header" })).body.equals(shown.subarray(100, 4_196))).toBe(true)
    const page = await relay.post("/log/read", "read", new ByteWriter().u64(0).u16(1).bytes())
    expect([page.status, page.body.readUInt32BE(4)]).toEqual([200, head])

    disk.free(relay)
    expect((await relay.post("/log/append", "append", cells(head))).status).toBe(200)
    expect((await relay.post("/publish", "publish", second)).status).toBe(200)
    await relay.kill("SIGTERM")
    const sentences = relay
      .said()
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("{"))
    expect(sentences).toContain(noticeSentences["store-refuses-writes"])
    expect(sentences.at(-1)).toBe(noticeSentences["store-writes-again"])
    expect(new Set(sentences).size).toBe(2)
  },
)

test.each(disks)(
  "[T18] while the disk %s, visitors are told busy or their envelope is kept, and look-ups are answered",
  async (_how, make) => {
    const disk = make()
    const relay = await startProcess(await writeRelayFiles(disk.folder))
    const hotline = await makeHotline()
    expect((await relay.post("/publish", "publish", hotline.publication)).status).toBe(200)
    const told: Posted[] = []
    const post = async (posted: Posted): Promise<boolean> => {
      const room = await tick(relay, hotline, posted)
      if (room) told.push(posted)
      return room === true
    }
    expect(await post(await hotline.seal())).toBe(true)
    disk.fill(relay)
    let isBusy = false
    // Overwriting takes no room in the file, but its log does, sooner or later.
    for (let i = 0; i < 600 && !isBusy; i++) isBusy = !(await post(await hotline.seal("a letter")))
    expect(isBusy).toBe(true)
    // Everybody hears the same, with or without an envelope.
    expect(await tick(relay, hotline, null)).toBe(false)
    disk.free(relay)
    const last = await hotline.seal("the letter once more")
    expect(await post(last)).toBe(true)
    expect(await tick(relay, hotline, null)).toBe(true)
    expect(countsIn(await readPosted(relay), told)).toEqual(told.map(() => 1))
  },
)

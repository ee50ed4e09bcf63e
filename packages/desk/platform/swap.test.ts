import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { readSwap } from "./swap.ts"

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kunak-swap-"))
})
afterEach(() => rmSync(root, { recursive: true }))

const put = (path: string, content: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}
const swaps = (...places: string[]): void =>
  put(
    "proc/swaps",
    [
      "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority",
      ...places.map((one) => `${one}    partition\t1048572\t0\t-2`),
      "",
    ].join("\n"),
  )

it("[MEM3] no swap is none; a partition, a file, and a volume that is not encrypted are in the clear", () => {
  swaps()
  expect(readSwap(root)).toBe("none")
  for (const place of ["/dev/sda2", "/swapfile", "/dev/dm-3"]) {
    swaps(place)
    expect(readSwap(root), place).toBe("clear")
  }
})

it("[MEM3] dm-crypt, a volume on dm-crypt and compressed memory are encrypted; one place in the clear is enough", () => {
  put("sys/block/dm-0/dm/uuid", "CRYPT-LUKS2-0123-luks\n")
  put("sys/block/dm-1/dm/uuid", "LVM-0123\n")
  mkdirSync(join(root, "sys/block/dm-1/slaves/dm-0"), { recursive: true })
  put("sys/block/zram0/backing_dev", "none\n")
  swaps("/dev/dm-0", "/dev/dm-1", "/dev/zram0")
  expect(readSwap(root)).toBe("encrypted")
  swaps("/dev/dm-0", "/dev/sda2")
  expect(readSwap(root)).toBe("clear")
})

it("[MEM3] a volume that lies on an encrypted and on a clear disk, and zram with a disk behind it, are in the clear", () => {
  put("sys/block/dm-0/dm/uuid", "CRYPT-LUKS2-0123-luks\n")
  put("sys/block/dm-1/dm/uuid", "LVM-0123\n")
  for (const slave of ["dm-0", "sda2"])
    mkdirSync(join(root, "sys/block/dm-1/slaves", slave), { recursive: true })
  swaps("/dev/dm-1")
  expect(readSwap(root)).toBe("clear")
  put("sys/block/zram0/backing_dev", "/dev/sda3\n")
  swaps("/dev/zram0")
  expect(readSwap(root)).toBe("clear")
})

it("[MEM3] where the system does not say, it is unknown, never none", () => {
  expect(readSwap(root)).toBe("unknown")
})

it("[MEM3] a process whose cgroup, or one above it, was given no swap writes none, whatever the system has", () => {
  put("proc/self/cgroup", "1:name=systemd:/other\n0::/system.slice/kunak-relay.service\n")
  for (const group of ["system.slice/kunak-relay.service", "system.slice"]) {
    put(`sys/fs/cgroup/${group}/memory.swap.max`, "0\n")
    expect(readSwap(root), group).toBe("none")
    swaps("/dev/sda2")
    expect(readSwap(root), group).toBe("none")
    rmSync(join(root, "proc/swaps"))
    put(`sys/fs/cgroup/${group}/memory.swap.max`, "max\n")
    expect(readSwap(root), group).toBe("unknown")
  }
  // Of somebody else's cgroup.
  put("sys/fs/cgroup/system.slice/kunak-duty.service/memory.swap.max", "0\n")
  put("sys/fs/cgroup/other/memory.swap.max", "0\n")
  swaps("/dev/sda2")
  expect(readSwap(root)).toBe("clear")
})

/** Whether this computer may write memory, and with it what stands in a desk's memory, to a disk in the clear. */
import { readdirSync, readFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"

/** `unknown` where the system does not say it in a way that we read: anything but Linux. */
export type Swap = "none" | "encrypted" | "clear" | "unknown"

/** @param root other than "/" in tests. */
export function readSwap(root = "/"): Swap {
  if (isKeptOut(root)) return "none"
  const table = contentOf(join(root, "proc/swaps"))
  if (table === null) return "unknown"
  const places = table
    .split("\n")
    .slice(1)
    .map((line) => line.split(/\s+/)[0] ?? "")
    .filter((place) => place !== "")
  if (places.length === 0) return "none"
  return places.every((place) => isEncrypted(join(root, "sys/block"), place)) ? "encrypted" : "clear"
}

/**
 * Whether the kernel writes nothing of this process to any swap: a cgroup that it is in, or one above, was given none. So it is under our
 * units (MemorySwapMax=0), which also hide the system's table of swaps. Cgroups of version 1 know no such limit.
 */
function isKeptOut(root: string): boolean {
  const own = /^0::(\/.*)$/m.exec(contentOf(join(root, "proc/self/cgroup")) ?? "")?.[1]
  if (own === undefined) return false
  for (let at = own; at !== "/"; at = dirname(at))
    if (contentOf(join(root, "sys/fs/cgroup", at, "memory.swap.max"))?.trim() === "0") return true
  return false
}

/**
 * A device-mapper device of dm-crypt, or one that lies on nothing but such (LVM on LUKS); memory compressed into memory (zram) with no
 * disk behind it. A swap file counts as clear: whether the disk below is encrypted is not asked.
 */
function isEncrypted(blocks: string, place: string): boolean {
  const name = basename(place)
  if (/^zram\d+$/.test(name)) return /^(none)?\s*$/.test(contentOf(join(blocks, name, "backing_dev")) ?? "")
  if (!/^dm-\d+$/.test(name)) return false
  if (contentOf(join(blocks, name, "dm/uuid"))?.startsWith("CRYPT-")) return true
  const below = slavesOf(join(blocks, name, "slaves"))
  return below.length > 0 && below.every((slave) => isEncrypted(blocks, slave))
}

function slavesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return null
  }
}

/** With whom processes speak, from /proc: what is not loopback is named. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs"

const TABLES = ["tcp", "tcp6", "udp", "udp6"] as const

/** These processes and all that they have started. */
export function withChildren(pids: readonly number[]): readonly number[] {
  return pids.flatMap((pid) => {
    const children = contentOf(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number)
    return [pid, ...withChildren(children)]
  })
}

/** Peers beyond loopback to which one of these processes holds a socket, as the kernel writes them. */
export function strangers(pids: readonly number[]): readonly string[] {
  const inodes = new Set(pids.flatMap(socketsOf))
  return TABLES.flatMap((table) =>
    contentOf(`/proc/self/net/${table}`)
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((field) => inodes.has(field[9] ?? "") && !isLoopback(field[2] ?? ""))
      .map((field) => `${table} ${field[2]}`),
  )
}

function socketsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        return []
      }
    })
  } catch {
    return []
  }
}

/** 127.0.0.0/8 and ::1 in the kernel's byte order; all zeroes is nobody yet. */
const isLoopback = (peer: string): boolean => {
  const address = peer.split(":")[0] ?? ""
  return (
    /^0+$/.test(address) ||
    address === "00000000000000000000000001000000" ||
    /^(0000000000000000FFFF0000)?[0-9A-F]{6}7F$/.test(address)
  )
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

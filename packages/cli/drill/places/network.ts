/**
 * A network of the drill's own: loopback, and a way to everywhere else that ends nowhere. Whoever is spoken to there leaves a
 * trace in the kernel's table of neighbours, be it a packet of TCP, UDP or anything else; every name that is asked for comes to
 * the drill's own name server. Linux, as root.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** RFC 5737 and RFC 3849: addresses for documentation, which nobody has. */
const OWN = "192.0.2.1"
const OWN_6 = "2001:db8::1"
export const NAME_SERVER = "192.0.2.53"
const AWAY = "kunak0"
/** Tells the program inside how it runs: "own", or why not. */
const MARK = "KUNAK_DRILL_NETWORK"

const SET_UP = `set -e
ip link set lo up
ip link add ${AWAY} type veth peer name kunak1
ip addr add ${OWN}/32 dev ${AWAY}
ip addr add ${NAME_SERVER}/32 dev lo
ip link set ${AWAY} up
ip link set kunak1 up
ip route add default dev ${AWAY}
ip -6 addr add ${OWN_6}/128 dev ${AWAY} nodad && ip -6 route add default dev ${AWAY} || true
echo 'nameserver ${NAME_SERVER}' > "$1"
mount --bind "$1" /etc/resolv.conf
shift
exec "$@"`

const within = (folder: string, command: readonly string[]): readonly string[] => [
  ...["--net", "--mount", "sh", "-c", SET_UP, "sh", join(folder, "resolv.conf")],
  ...command,
]

/** @returns why the drill does not run in a network of its own; null where it does. */
export function whyNoNetwork(): string | null {
  const mark = process.env[MARK] ?? "it was not started in a network of its own"
  return mark === "own" ? null : mark
}

/**
 * Starts this program once more, in a network of its own where the system gives one.
 *
 * @returns its exit code; null where this is that program already.
 */
export async function inOwnNetwork(): Promise<number | null> {
  if (process.env[MARK] !== undefined) return null
  const folder = mkdtempSync(join(tmpdir(), "kunak-network-"))
  const probe = spawnSync("unshare", within(folder, ["true"]), { stdio: ["ignore", "ignore", "pipe"] })
  const why =
    probe.status === 0
      ? "own"
      : probe.stderr?.toString().trim().split("\n").at(-1) || "the system gives no network of its own"
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const [command, args] =
    why === "own" ? ["unshare", within(folder, again)] : [process.execPath, again.slice(1)]
  const child = spawn(command as string, args as readonly string[], {
    stdio: "inherit",
    env: { ...process.env, [MARK]: why },
  })
  const stop = passOn(child)
  try {
    return await new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 130)))
  } finally {
    stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A terminal's Ctrl-C reaches both; what is sent to this one alone has to reach the other. */
function passOn(child: ChildProcess): () => void {
  const wait = (): void => {}
  const end = (): void => {
    child.kill("SIGTERM")
  }
  process.on("SIGINT", wait)
  process.on("SIGTERM", end)
  return () => {
    process.removeListener("SIGINT", wait)
    process.removeListener("SIGTERM", end)
  }
}

/** What the kernel itself sends to its neighbours: groups of routers and of listeners. RFC 3376, RFC 4291, RFC 3810. */
const OF_THE_KERNEL = /^(224\.0\.0\.(1|2|22)|ff02::(1|2|16|1:ff[0-9a-f:]+))$/

/** Addresses beyond this machine to which anything was sent. */
export function addressesSpokenTo(): readonly string[] {
  const said = execFileSync("ip", ["neigh", "show", "nud", "all", "dev", AWAY], { encoding: "utf8" })
  return addressesIn(said)
}

/** @param neighbours "198.51.100.7 FAILED", a line each. */
export const addressesIn = (neighbours: string): readonly string[] => [
  ...new Set(
    neighbours
      .split("\n")
      .map((line) => line.trim().split(/\s+/)[0] ?? "")
      .filter((address) => address !== "" && !OF_THE_KERNEL.test(address)),
  ),
]

/** Datagrams on this machine to where nobody listens: a name server of the system's own, asked by its number. */
export function datagramsToNobody(): number {
  const lines = readFileSync("/proc/net/snmp", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("Udp:"))
    .map((line) => line.split(" "))
  const place = lines[0]?.indexOf("NoPorts") ?? -1
  return Number(lines[1]?.[place] ?? 0)
}

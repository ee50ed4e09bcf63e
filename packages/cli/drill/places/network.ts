/**
 * A machine of the drill's own, as far as the kernel gives one. A network: loopback, and a way to everywhere else that ends nowhere. Whoever is spoken to there leaves a
 * trace in the kernel's table of neighbours, be it a packet of TCP, UDP or anything else; every name that is asked for comes to
 * the drill's own name server. And the folders that all programs of a machine share, empty at the beginning, so that what lies in them at the
 * end is the drill's. Linux, as root.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"

/** RFC 5737 and RFC 3849: addresses for documentation, which nobody has. */
const OWN = "192.0.2.1"
const OWN_6 = "2001:db8::1"
export const NAME_SERVER = "192.0.2.53"
const AWAY = "kunak0"
/** Tells the program inside how it runs: "own", or why not; and where it may keep its disks. */
const MARK = "KUNAK_DRILL_NETWORK"
const FOLDER = "KUNAK_DRILL_FOLDER"
const ROOT = fileURLToPath(new URL("../../../..", import.meta.url))

/** Where any program may leave a file, whatever it was told of temporary folders. */
export const SHARED_FOLDERS = ["/tmp", "/var/tmp", "/dev/shm"] as const

/** What has to be reached below them all the same goes aside, and is put back at its own path. */
const SET_UP = `set -e
aside=$(mktemp -d /run/kunak-drill-XXXXXX)
mount -t tmpfs none "$aside"
for kept in KEPT; do mkdir "$aside/$(echo "$kept" | tr / _)"; mount --bind "$kept" "$aside/$(echo "$kept" | tr / _)"; done
for folder in ${SHARED_FOLDERS.join(" ")}; do [ -d $folder ] && mount -t tmpfs -o mode=1777 none $folder; done
for kept in KEPT; do mkdir -p "$kept"; mount --bind "$aside/$(echo "$kept" | tr / _)" "$kept"; done
umount -R "$aside"
rmdir "$aside"
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

const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`

function within(folder: string, kept: readonly string[], command: readonly string[]): readonly string[] {
  const setUp = SET_UP.replaceAll("KEPT", kept.map(quoted).join(" "))
  return ["--net", "--mount", "sh", "-c", setUp, "sh", join(folder, "resolv.conf"), ...command]
}

/** The drill's own: its disks, and where it and the programs themselves are read from. */
export const keptFolders = (scratch: string): readonly string[] =>
  belowShared([scratch, process.cwd(), ROOT, dirname(process.execPath)].map((path) => resolve(path)))

/** Of these, the ones that the shared folders would hide. */
const belowShared = (paths: readonly string[]): readonly string[] => [
  ...new Set(paths.filter((path) => SHARED_FOLDERS.some((shared) => path.startsWith(`${shared}/`)))),
]

/** @returns why the drill does not run in a network of its own; null where it does. */
export function whyNoNetwork(): string | null {
  const mark = process.env[MARK] ?? "it was not started in a network of its own"
  return mark === "own" ? null : mark
}

/** Made by whoever started this program, and removed by it. */
export const ownFolder = (): string | undefined => process.env[FOLDER]

/**
 * Starts this program once more, in a network of its own where the system gives one.
 *
 * @param keptFolder where disks are to lie. @returns its exit code; null where this is that program already.
 */
export async function inOwnNetwork(keptFolder: string | undefined): Promise<number | null> {
  if (process.env[MARK] !== undefined) return null
  const folder = mkdtempSync(join(keptFolder ?? tmpdir(), "kunak-drill-"))
  const kept = keptFolders(folder)
  const probe = spawnSync("unshare", within(folder, kept, ["true"]), { stdio: ["ignore", "ignore", "pipe"] })
  const why =
    probe.status === 0
      ? "own"
      : probe.stderr?.toString().trim().split("\n").at(-1) || "the system gives no network of its own"
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const [command, args] =
    why === "own" ? ["unshare", within(folder, kept, again)] : [process.execPath, again.slice(1)]
  const child = spawn(command as string, args as readonly string[], {
    stdio: "inherit",
    env: { ...process.env, [MARK]: why, [FOLDER]: folder },
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

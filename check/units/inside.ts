/**
 * Runs in the system that boot.sh makes: installs relay and duty as the handbook says, lets systemd start them, ends them in every way,
 * and writes down what it saw. Files: /units/ceremony as `kunak init` leaves it; /units/report.json.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process"
import { existsSync, readFileSync, readlinkSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { installCommands } from "./handbook.ts"

const CEREMONY = "/units/ceremony"
const SOCKET = "/run/kunak-relay/relay.sock"
const KUNAK = "/opt/kunak/kunak"
const UNITS = ["kunak-relay", "kunak-duty"] as const
type Unit = (typeof UNITS)[number]
const PATIENCE_SECONDS = 120
/** No way to open a debugger, to write memory out: what units and guard-memory.ts see to. */
const FENCES: Readonly<Record<string, RegExp>> = {
  "Max core file size": /^Max core file size +1 +1 /m,
  "no new privileges": /^NoNewPrivs:\t1$/m,
  "a filter of system calls": /^Seccomp:\t2$/m,
  "no capability": /^CapEff:\t0+$/m,
  "a user that is not root": /^Uid:\t[1-9]/m,
}

/** Once the clock of everything here is one that can be put ahead (as in `kunak drill`). */
let clock: Readonly<Record<string, string>> = {}
const CLOCK = "/etc/kunak-clock"
const putAhead = (days: number): void => writeFileSync(CLOCK, `${String(days * 86_400_000).padStart(15)}\n`)

const problems: string[] = []
const figures: Record<string, unknown> = {}
const must = (what: string, holds: boolean): void => {
  if (!holds) problems.push(what)
}
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const sh = (command: string): string =>
  execFileSync("/bin/bash", ["-ec", command], {
    cwd: CEREMONY,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  })
const tried = (...command: readonly string[]): string => {
  const [program = "", ...args] = command
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8", env: { ...process.env, ...clock } })
  return `${stdout}${stderr}`
}
const show = (unit: string, property: string): string =>
  tried("systemctl", "show", "--property", property, "--value", unit).trim()
const journal = (unit: string): string => tried("journalctl", "--no-pager", "--output=cat", `--unit=${unit}`)

/** @returns seconds until it was so; null where it never was. */
async function until(what: string, ask: () => boolean): Promise<number | null> {
  const began = performance.now()
  const passed = (): number => (performance.now() - began) / 1000
  while (passed() < PATIENCE_SECONDS) {
    if (ask()) return Math.round(passed() * 10) / 10
    await sleep(200)
  }
  problems.push(`${what}: not within ${PATIENCE_SECONDS} s; ${UNITS.map(journal).join(" | ").slice(-600)}`)
  return null
}

const { relayA } = JSON.parse(readFileSync(`${CEREMONY}/ports.json`, "utf8")) as { relayA: number }
/** Of the page as whoever comes through the front gets it: its edition's number; null where it is not genuine and fresh. */
function pageEdition(): number | null {
  const said = tried(KUNAK, "verify", `http://127.0.0.1:${relayA}`)
  const number = /^Edition \d+\.(\d+)/m.exec(said)?.[1]
  return said.startsWith("GENUINE.") && said.includes("It is fresh.") && number ? Number(number) : null
}
const isNewer = (than: number | null) => (): boolean => (pageEdition() ?? -1) > (than ?? -1)

function install(): void {
  for (const command of installCommands(readFileSync("/opt/kunak/docs/handbook/en/1-install.md", "utf8")))
    sh(command)
  const config = JSON.parse(readFileSync("/etc/kunak-relay/relay.json", "utf8")) as Record<string, unknown>
  const changed = {
    ...config,
    store: { kind: "sqlite", path: "/var/lib/kunak-relay/relay.db" },
    listen: [`unix:${SOCKET}`],
  }
  writeFileSync("/etc/kunak-relay/relay.json", JSON.stringify(changed))
  const said = UNITS.map((unit) =>
    tried("systemd-analyze", "verify", `/etc/systemd/system/${unit}.service`),
  ).join("")
  must(`systemd-analyze verify: ${said}`, said.trim() === "")
}

/** Stands on another machine; here it is a process of ours. */
const startRelayB = (): ChildProcess =>
  spawn(KUNAK, ["relay", "--config", `${CEREMONY}/relay-b/relay.json`], {
    stdio: "ignore",
    env: { ...process.env, ...clock },
  })

function startFront(): void {
  const front = fileURLToPath(new URL("front.ts", import.meta.url))
  const nobody = ["--reuid=nobody", "--regid=nogroup", "--clear-groups", process.execPath, front]
  spawn("setpriv", [...nobody, String(relayA), SOCKET], { stdio: "ignore" })
}

function lookAtFences(unit: Unit): void {
  const pid = show(unit, "MainPID")
  const known = ["limits", "status"].map((name) => readFileSync(`/proc/${pid}/${name}`, "utf8")).join("")
  for (const [what, pattern] of Object.entries(FENCES)) must(`${unit}: ${what}`, pattern.test(known))
  must(`${unit}: at most 1 GiB of memory`, show(unit, "MemoryMax") === String(2 ** 30))
  if (unit !== "kunak-relay") return
  const [own, systems] = [pid, "1"].map((one) => readlinkSync(`/proc/${one}/ns/net`))
  must("the relay shares the system's network", own !== systems)
}

/** Whatever ends it, systemd starts it again, and it goes on. */
async function harm(signal: "KILL" | "SEGV"): Promise<void> {
  for (const unit of UNITS) {
    const before = Number(show(unit, "NRestarts"))
    const edition = pageEdition()
    tried("systemctl", "kill", "--kill-whom=main", `--signal=${signal}`, unit)
    await until(`${unit} is not started after SIG${signal}`, () => Number(show(unit, "NRestarts")) > before)
    figures[`${unit} after SIG${signal}, seconds until a newer edition`] = await until(
      `${unit}: no newer edition after SIG${signal}`,
      isNewer(edition),
    )
    lookAtFences(unit)
  }
}

/** Beside a process that may: else a system that makes no core dumps at all would count as one that forbids ours. */
async function lookForDumps(): Promise<void> {
  tried(
    "systemd-run",
    "--unit=control",
    "--property=LimitCORE=infinity",
    "--working-directory=/tmp",
    "sleep",
    "600",
  )
  tried("systemctl", "kill", "--signal=SEGV", "control")
  await until("the control ended", () => journal("control").includes("status=11/SEGV"))
  const makesDumps = journal("control").includes("code=dumped")
  figures["core dumps"] = makesDumps
    ? "none of ours; one of a process beside that may"
    : "not shown: this system makes none"
  for (const unit of UNITS) {
    must(`${unit} left no trace of SIGSEGV`, journal(unit).includes("status=11/SEGV"))
    must(`${unit} dumped its memory`, !journal(unit).includes("code=dumped"))
  }
}

/** A week ends while the duty runs: its process begins anew (rule U17) within its fences, and systemd sees nothing of it. */
async function endTheWeek(relayB: ChildProcess): Promise<void> {
  for (const unit of UNITS) tried("systemctl", "stop", unit)
  relayB.kill()
  putAhead(0)
  clock = {
    KUNAK_DRILL_CLOCK: CLOCK,
    NODE_OPTIONS: "--import=/opt/kunak/packages/cli/drill/clock/shift.ts",
  }
  const lines = Object.entries(clock).map(([name, value]) => `Environment=${name}=${value}`)
  for (const unit of UNITS) {
    sh(`mkdir -p /etc/systemd/system/${unit}.service.d`)
    writeFileSync(`/etc/systemd/system/${unit}.service.d/clock.conf`, `[Service]\n${lines.join("\n")}\n`)
  }
  sh("systemctl daemon-reload")
  startRelayB()
  for (const unit of UNITS) tried("systemctl", "start", unit)
  const before = pageEdition()
  await until("a page under the clock that can be put ahead", isNewer(before))
  const known = (): string =>
    ["MainPID", "NRestarts", "ExecMainStartTimestampMonotonic"].map((one) => show("kunak-duty", one)).join()
  const [started, edition] = [known(), pageEdition()]
  putAhead(7)
  const isAnew = (): boolean =>
    readFileSync(`/proc/${show("kunak-duty", "MainPID")}/environ`, "utf8").includes("KUNAK_DUTY_BEFORE=")
  figures["kunak-duty begins anew seconds after its week"] = await until("the duty begins anew", isAnew)
  await until("no newer edition after the duty began anew", isNewer(edition))
  must(`systemd took a duty that began anew for another: ${started}, ${known()}`, known() === started)
  lookAtFences("kunak-duty")
}

/** What was left out of the units because it would break them still would. */
async function plantWriteXorExecute(): Promise<void> {
  const place = "/etc/systemd/system/kunak-relay.service.d"
  sh(
    `mkdir -p ${place}; printf '[Service]\\nMemoryDenyWriteExecute=yes\\n' > ${place}/planted.conf; systemctl daemon-reload`,
  )
  tried("systemctl", "start", "kunak-relay")
  await until(
    "with MemoryDenyWriteExecute the relay runs: the units can have it",
    () => Number(show("kunak-relay", "NRestarts")) > 0,
  )
  figures["with MemoryDenyWriteExecute the relay ends by"] = journal("kunak-relay")
    .match(/status=\S+/g)
    ?.at(-1)
  tried("systemctl", "stop", "kunak-relay")
}

async function all(): Promise<void> {
  install()
  sh("systemctl enable --now kunak-relay")
  figures["relay listens after seconds"] = await until("the relay's socket", () => existsSync(SOCKET))
  const relayB = startRelayB()
  startFront()
  sh("systemctl enable --now kunak-duty")
  figures["page after seconds"] = await until("a page that is genuine and fresh", isNewer(null))
  for (const unit of UNITS) lookAtFences(unit)
  await harm("KILL")
  await harm("SEGV")
  await lookForDumps()
  await endTheWeek(relayB)
  for (const unit of [...UNITS].reverse()) {
    tried("systemctl", "stop", unit)
    must(`${unit} does not end by itself: ${show(unit, "Result")}`, show(unit, "Result") === "success")
    must(`${unit} is enabled`, tried("systemctl", "is-enabled", unit).trim() === "enabled")
  }
  const said = UNITS.map(journal).join("")
  must("core dumps are said to be possible", !said.includes("A crash of this process"))
  const isTold = said.includes("writes memory to the disk unencrypted")
  const canForbid = existsSync("/sys/fs/cgroup/system.slice/memory.swap.max")
  must("swap is told, though the unit forbids it", !(isTold && canForbid))
  figures.swap = canForbid
    ? "forbidden, and not told"
    : "cgroups of version 1 can't forbid it, and it is told"
  await plantWriteXorExecute()
}

await all().catch((error: unknown) => problems.push(String((error as { stderr?: string }).stderr ?? error)))
writeFileSync("/units/report.json", JSON.stringify({ problems, figures }))
// What it started itself would keep it from ending.
process.exit(0)

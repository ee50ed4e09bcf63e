/** The onion service of deploy/torrc with Debian's tor, offline, before a real relay. */
import { spawn, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { instantFromMs } from "@kunak/core/time/instant"
import { expect, onTestFinished, test } from "vitest"
import { organisationOfToday, startProcess, writeRelayFiles } from "../testing/relay-process.ts"
import { temporaryFolder } from "../testing/temporary-folder.ts"
import { makePublication, samplePage } from "../testing/test-relay.ts"

const TORRC = readFileSync(fileURLToPath(new URL("./torrc", import.meta.url)), "utf8")

/** The documented file with nothing changed but its folders. */
function torrcIn(folder: string, socket: string): string {
  const path = join(folder, "torrc")
  const text = TORRC.replaceAll("/var/lib/tor/kunak-relay", join(folder, "onion")).replace(
    "/run/kunak-relay/relay.sock",
    socket,
  )
  expect(text).not.toContain("/var/lib/tor")
  writeFileSync(path, text)
  return path
}

const tor = existsSync("/usr/sbin/tor") ? "/usr/sbin/tor" : "tor"

test("[T21] the documented torrc is one that Debian's tor accepts without a warning", () => {
  const folder = temporaryFolder()
  const data = join(folder, "data")
  mkdirSync(data, { mode: 0o700 })
  const checked = spawnSync(tor, [
    "--verify-config",
    ...["-f", torrcIn(folder, join(folder, "relay.sock"))],
    ...["--defaults-torrc", "/dev/null", "--DataDirectory", data, "--Log", "warn stdout"],
  ])
  // Tor warns that it must not be root; a service of Debian's is not.
  const warnings = String(checked.stdout)
    .split("\n")
    .filter((line) => /\[(warn|err)\]/.test(line) && !line.includes("running Tor as root"))
  expect([checked.status, warnings]).toEqual([0, []])
})

test("[T21] tor makes the address, and behind the same socket the relay answers it with the onion's page", async () => {
  const folder = temporaryFolder()
  const socketPath = join(folder, "relay.sock")
  const relay = await startProcess(await writeRelayFiles(folder, { listen: [`unix:${socketPath}`] }))
  const body = await makePublication(await organisationOfToday(), { issued: instantFromMs(Date.now()) })

  const data = join(folder, "data")
  mkdirSync(data, { mode: 0o700 })
  const service = spawn(
    tor,
    [
      ...["-f", torrcIn(folder, socketPath), "--defaults-torrc", "/dev/null"],
      ...["--DataDirectory", data, "--DisableNetwork", "1", "--Log", "warn stdout"],
    ],
    { stdio: "ignore" },
  )
  const ended = new Promise((resolve) => service.once("exit", resolve))
  onTestFinished(async () => {
    service.kill("SIGKILL")
    await ended
  })
  const hostname = join(folder, "onion", "hostname")
  await expect.poll(() => existsSync(hostname), { timeout: 20_000 }).toBe(true)
  const host = readFileSync(hostname, "utf8").trim()
  expect(host).toMatch(/^[a-z2-7]{56}\.onion$/)

  const options = { socketPath, path: "/", headers: { Host: host } }
  expect((await relay.ask(options)).status).toBe(503)
  const published = await relay.ask(
    { ...options, method: "POST", path: "/publish", headers: { Authorization: relay.bearer("publish") } },
    body,
  )
  expect(published.status).toBe(200)
  expect((await relay.ask(options)).body).toEqual(Buffer.from(samplePage("onion")))
})

/** What a relay leaves behind on its disk and in its logs. */
import { readdirSync, readFileSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { instantFromMs } from "@kunak/core/time/instant"
import { expect, test } from "vitest"
import { organisationOfToday, startProcess, writeRelayFiles } from "./testing/relay-process.ts"
import { temporaryFolder } from "./testing/temporary-folder.ts"
import { makePublication } from "./testing/test-relay.ts"

/** All of 127/8 is this machine: an address that nothing else here uses. */
const ADDRESS = "127.66.77.88"
const CANARY = "canary-5f2a91"

/** Everything in the folder, hidden files included, and its forms in which an address may be written. */
function findIn(folder: string, said: string, needles: readonly Buffer[]): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const images = files.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name))] as const)
  return [...images, ["output", Buffer.from(said)] as const].flatMap(([name, bytes]) =>
    needles
      .filter((needle) => bytes.includes(needle))
      .map((needle) => `${name}: ${needle.toString("latin1")}`),
  )
}

test("[T4] neither address, agent, path, body nor capability of any request is kept or said", async () => {
  const folder = temporaryFolder()
  const relay = await startProcess(await writeRelayFiles(folder))
  const organisation = await organisationOfToday()
  const publish = await makePublication(organisation, { issued: instantFromMs(Date.now()) })
  expect((await relay.post("/publish", "publish", publish)).status).toBe(200)
  const headers = {
    "User-Agent": CANARY,
    "X-Forwarded-For": CANARY,
    Referer: `http://${CANARY}/`,
    Cookie: `id=${CANARY}`,
    Authorization: `Bearer ${CANARY}`,
  }
  for (const path of ["/", "/header", "/feed.atom", `/${CANARY}`, `/?${CANARY}`]) {
    await relay.ask({ path, headers, localAddress: ADDRESS })
  }
  for (const path of ["/publish", "/term", "/log/append", "/log/read", "/revoke", `/${CANARY}`]) {
    await relay.ask({ method: "POST", path, headers, localAddress: ADDRESS }, Buffer.from(CANARY.repeat(30)))
    const body = Buffer.from(CANARY.repeat(400))
    await relay.post(path, path === "/log/read" ? "read" : "append", body)
    await relay.post(path, "publish", body.subarray(0, 100))
  }
  // Half a request, no HTTP at all, a torn connection.
  for (const bytes of [`GET /${CANARY}`, `${CANARY}\r\n\r\n`, `GET / HTTP/9.9\r\nX: ${CANARY}\r\n\r\n`]) {
    const socket = connect({ port: relay.port, host: "127.0.0.1", localAddress: ADDRESS })
    socket.on("error", () => {})
    socket.write(bytes)
    await sleep(50)
    socket.resetAndDestroy()
  }
  const needles = [Buffer.from(CANARY), Buffer.from(ADDRESS), Buffer.from([127, 66, 77, 88])]
  expect(findIn(folder, relay.said(), needles)).toEqual([])
  await relay.kill("SIGTERM")
  expect(findIn(folder, relay.said(), needles)).toEqual([])
  // The search finds what is there: the edition itself.
  expect(findIn(folder, relay.said(), [Buffer.from("<feed/>")])).not.toEqual([])
  expect(relay.said().trim().split("\n")).toHaveLength(1)
})

test("[T16] a thousand slow connections: readers are still answered and memory stays bounded", async () => {
  const relay = await startProcess(await writeRelayFiles(temporaryFolder()))
  const organisation = await organisationOfToday()
  const publish = await makePublication(organisation, { issued: instantFromMs(Date.now()) })
  await relay.post("/publish", "publish", publish)
  const sockets = Array.from({ length: 1_000 }, (_, i) => {
    const socket = connect(relay.port, "127.0.0.1")
    socket.on("error", () => {})
    socket.write(
      i % 2
        ? "GET / HTTP/1.1\r\nX-Slow: "
        : "POST /publish HTTP/1.1\r\nHost: r\r\nContent-Length: 4000000\r\n\r\n",
    )
    return socket
  })
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write("x")
  }, 200)
  await sleep(1_500)
  const started = performance.now()
  for (let i = 0; i < 20; i++) expect((await relay.ask({ path: "/" })).status).toBe(200)
  const perAnswerMs = (performance.now() - started) / 20
  const memory = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${relay.process.pid}/status`, "utf8"))
  clearInterval(drip)
  for (const socket of sockets) socket.destroy()
  expect(perAnswerMs).toBeLessThan(500)
  expect(Number(memory?.[1]) / 1_024).toBeLessThan(256)
})

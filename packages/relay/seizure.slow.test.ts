/** What a relay leaves behind on its disk and in its logs. */
import { readdirSync, readFileSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { setTimeout as sleep } from "node:timers/promises"
import { instantFromMs } from "@kunak/core/time/instant"
import { expect, test } from "vitest"
import { countsIn, type Hotline, makeHotline, readPosted, tick } from "./testing/hotline-process.ts"
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
  const routes = [
    "/publish",
    "/term",
    "/log/append",
    "/log/read",
    "/revoke",
    "/ring/read",
    "/ring/acknowledge",
  ]
  for (const path of [...routes, "/tick", `/${CANARY}`]) {
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

/** What a seized disk holds after as many ticks: of people who asked for help, or of people who only read. */
async function historyOf(
  hotline: Hotline,
  folder: string,
  texts: readonly (string | undefined)[],
): Promise<{ readonly files: readonly string[]; readonly image: Buffer; readonly tables: unknown }> {
  const relay = await startProcess(await writeRelayFiles(folder))
  expect((await relay.post("/publish", "publish", hotline.publication)).status).toBe(200)
  const sent = []
  for (const text of texts) {
    const posted = await hotline.seal(text)
    expect(await tick(relay, hotline, posted)).toBe(true)
    expect(await tick(relay, hotline, null)).toBe(true)
    sent.push(posted)
  }
  expect(countsIn(await readPosted(relay), sent)).toEqual(sent.map(() => 1))
  await relay.kill("SIGTERM")
  const path = join(folder, "relay.db")
  const db = new DatabaseSync(path, { readOnly: true })
  const slots = db.prepare("select slot, envelope from ring order by slot").all()
  const tables = {
    schema: db.prepare("select type, name, sql from sqlite_master order by name").all(),
    state: db.prepare("select * from state").all(),
    ring: db.prepare("select * from ring_state").all(),
    slots: slots.map(({ slot, envelope }) => [slot, (envelope as Uint8Array).length]),
    log: db.prepare("select count(*) as count from log").get(),
  }
  db.close()
  const image = readFileSync(path)
  let from = 0
  for (const { slot, envelope } of slots) {
    const bytes = envelope as Uint8Array
    // Neighbours in the file, more or less: searched for from there, then from the beginning.
    const near = image.indexOf(bytes, from)
    const at = near < 0 ? image.indexOf(bytes) : near
    expect(at).toBeGreaterThan(0)
    from = Math.max(0, at - 10 * bytes.length)
    // The head of what people posted stays: version and key id are the same for all. Dummies have keys of their own.
    image.fill(0, at + (Number(slot) < texts.length ? 9 : 1), at + bytes.length)
  }
  return { files: readdirSync(folder).sort(), image, tables }
}

test("[T4] two relays, one asked for help and one only read, leave the same disk but for what is random", async () => {
  const hotline = await makeHotline()
  const times = 40
  const asking = Array.from({ length: times }, (_, i) =>
    `${CANARY} ${i}: помогите, за мной пришли. `.repeat(i + 1),
  )
  const [asked, read] = [
    await historyOf(hotline, temporaryFolder(), asking),
    await historyOf(hotline, temporaryFolder(), new Array<undefined>(times).fill(undefined)),
  ]
  expect(asked.files).toEqual(read.files)
  expect(asked.tables).toEqual(read.tables)
  expect(asked.image.length).toBe(read.image.length)
  expect(asked.image.equals(read.image)).toBe(true)
  // The comparison sees a difference where there is one: one tick more.
  const more = await historyOf(hotline, temporaryFolder(), new Array<undefined>(times + 1).fill(undefined))
  expect(more.image.equals(read.image)).toBe(false)
})

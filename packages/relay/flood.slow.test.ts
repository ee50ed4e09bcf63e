/** A thousand connections that want a relay to spend itself: what they send is bounded, and everybody else is answered. */
import { readFileSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { bearer } from "./capability.ts"
import { makeHotline, tick } from "./testing/hotline-process.ts"
import { type RelayProcess, startProcess, writeRelayFiles } from "./testing/relay-process.ts"
import { temporaryFolder } from "./testing/temporary-folder.ts"
import { capabilities } from "./testing/test-relay.ts"

/** A busy machine takes its time for a thousand connections. */
const PATIENCE_MS = 900_000

/** The most that the process has ever held. */
const mostMiB = ({ process: child }: RelayProcess): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1_024

interface Held {
  socket: Socket
  heard: string
}

/** Connections that end with the test. @param isStubborn who is cut off begins again. */
function hold(
  relay: RelayProcess,
  count: number,
  first: (i: number) => string,
  isStubborn = false,
): readonly Held[] {
  let isOver = false
  const begin = (i: number): Socket => {
    const socket = connect(relay.port, "127.0.0.1")
    socket.on("error", () => {})
    if (isStubborn)
      socket.on("close", () => {
        if (!isOver && held[i]) held[i].socket = begin(i)
      })
    socket.write(first(i))
    return socket
  }
  const held: Held[] = Array.from({ length: count }, (_, i) => ({ socket: begin(i), heard: "" }))
  onTestFinished(() => {
    isOver = true
    for (const { socket } of held) socket.destroy()
  })
  return held
}

/** Those who read keep what they hear. */
function listening(held: readonly Held[]): readonly Held[] {
  for (const one of held)
    one.socket.on("data", (part) => {
      one.heard += part.toString("latin1")
    })
  return held
}

async function relayWithEdition() {
  const relay = await startProcess(await writeRelayFiles(temporaryFolder()))
  const hotline = await makeHotline()
  expect((await relay.post("/publish", "publish", hotline.publication)).status).toBe(200)
  return { relay, hotline }
}

/** Readers get page, header and warnings; visitors' envelopes are taken. */
async function othersAreAnswered({
  relay,
  hotline,
}: Awaited<ReturnType<typeof relayWithEdition>>): Promise<void> {
  for (let i = 0; i < 10; i++) {
    for (const path of ["/", "/header", "/feed.atom"]) expect((await relay.ask({ path })).status).toBe(200)
    expect(await tick(relay, hotline, await hotline.seal("a letter"))).toBe(true)
  }
}

const head = (path: string, extra: string, role: keyof typeof capabilities = "publish"): string =>
  `POST ${path} HTTP/1.1\r\nHost: r\r\nAuthorization: ${bearer(capabilities[role])}\r\n${extra}`

test(
  "[T16] a thousand slow senders, of heads and of bodies to every route: others are answered, and memory stays bounded",
  async () => {
    const line = await relayWithEdition()
    const before = mostMiB(line.relay)
    const slow = hold(
      line.relay,
      1_000,
      (i) =>
        [
          "GET / HTTP/1.1\r\nX-Slow: ",
          head("/publish", "Content-Length: 4000000\r\n\r\n"),
          "POST /tick HTTP/1.1\r\nHost: r\r\nContent-Length: 4267\r\n\r\n",
          head("/log/append", "Transfer-Encoding: chunked\r\n\r\n", "append"),
          head("/revoke", "Content-Length: 2000\r\n\r\n", "append"),
        ][i % 5] ?? "",
      true,
    )
    const drip = setInterval(() => {
      for (const { socket } of slow) if (socket.writable) socket.write("1\r\nx\r\n")
    }, 200)
    onTestFinished(() => clearInterval(drip))
    const areMany = () => slow.filter(({ socket }) => socket.readyState === "open").length
    await expect.poll(areMany, { timeout: 120_000 }).toBeGreaterThan(900)
    await othersAreAnswered(line)
    await expect.poll(areMany, { timeout: 120_000 }).toBeGreaterThan(900)
    expect(mostMiB(line.relay)).toBeLessThan(256)
    expect(mostMiB(line.relay) - before).toBeLessThan(128)
  },
  PATIENCE_MS,
)

test(
  "[T16] a thousand bodies announced as too large are refused before a byte of them is read",
  async () => {
    const line = await relayWithEdition()
    const before = mostMiB(line.relay)
    const announced = "Content-Length: 99999999999\r\n\r\n"
    const heads = [
      `POST /tick HTTP/1.1\r\nHost: r\r\n${announced}`,
      head("/publish", announced),
      head("/log/append", announced, "append"),
      head("/ring/read", announced, "read"),
    ]
    const large = listening(hold(line.relay, 1_000, (i) => heads[i % 4] ?? ""))
    // Nothing of a body was sent: what they hear, they hear for what they announced.
    await expect
      .poll(() => large.filter(({ heard }) => !/^HTTP\/1\.1 4(00|13) /.test(heard)).length, {
        timeout: 60_000,
      })
      .toBe(0)
    await othersAreAnswered(line)
    expect(mostMiB(line.relay) - before).toBeLessThan(128)
  },
  PATIENCE_MS,
)

test(
  "[T16] bodies without an end are cut at the limit, and readers who take nothing hold little",
  async () => {
    const line = await relayWithEdition()
    const before = mostMiB(line.relay)
    const endless = listening(
      hold(line.relay, 50, () => head("/publish", "Transfer-Encoding: chunked\r\n\r\n")),
    )
    const chunk = `10000\r\n${"x".repeat(0x1_0000)}\r\n`
    const pour = setInterval(() => {
      for (const { socket } of endless) if (socket.writable && !socket.writableNeedDrain) socket.write(chunk)
    }, 5)
    onTestFinished(() => clearInterval(pour))
    // They ask for the page a hundred times each, and read none of it.
    hold(line.relay, 300, () => "GET / HTTP/1.1\r\nHost: r\r\nAccept-Encoding: identity\r\n\r\n".repeat(100))
    await expect
      .poll(() => endless.filter(({ heard }) => !/^HTTP\/1\.1 (400|413|503) /.test(heard)).length, {
        timeout: 120_000,
      })
      .toBe(0)
    await othersAreAnswered(line)
    // Fifty publications of 4 MiB would be 200 MiB: 64 MiB are set aside for all bodies together.
    expect(mostMiB(line.relay) - before).toBeLessThan(64 + 160)
  },
  PATIENCE_MS,
)

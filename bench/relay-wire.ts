/** Bytes of one tick as a socket carries them, both relays, both directions, with a browser's request head. */
import type { Server } from "node:http"
import { type AddressInfo, connect } from "node:net"
import { rowBytes } from "@kunak/core/board/merkle"
import { ENVELOPE_BYTES, MAX_LOG2_ROWS } from "@kunak/core/parameters"
import { encodeTickRequest } from "@kunak/core/tick/codec"
import type { App } from "@kunak/relay/app"
import { httpServer } from "@kunak/relay/http/server"
import { httpSettings } from "@kunak/relay/http/settings"
import { type Row, row } from "./row.ts"

/** What Chromium 150 sends with such a fetch, letter for letter but for its addresses. */
const browserHead = (length: number): string =>
  [
    "POST /tick HTTP/1.1",
    "Host: relay-a.example.org",
    "Connection: keep-alive",
    `Content-Length: ${length}`,
    'sec-ch-ua-platform: "Android"',
    "User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36",
    'sec-ch-ua: "Not)A;Brand";v="8", "Chromium";v="150", "Google Chrome";v="150"',
    "sec-ch-ua-mobile: ?1",
    "Accept: */*",
    "Origin: https://relay-b.example.org",
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Mode: cors",
    "Sec-Fetch-Dest: empty",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Accept-Language: ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7",
    "",
    "",
  ].join("\r\n")

const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes))

export async function wireRows(app: App): Promise<Row[]> {
  const server = httpServer(app, httpSettings)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const of = async (wantsHeader: boolean, log2Rows: number): Promise<number> =>
    (await tickBytes(port, wantsHeader, true, log2Rows)) +
    (await tickBytes(port, wantsHeader, false, log2Rows))
  const rows = [
    await wireRow("relay.tick-bytes", "without headers", (log2Rows) => of(false, log2Rows), 12),
    await wireRow("relay.tick-bytes-headers", "with both headers", (log2Rows) => of(true, log2Rows), 20),
  ]
  close(server)
  return rows
}

async function wireRow(
  id: string,
  what: string,
  of: (log2Rows: number) => Promise<number>,
  goalKib: number,
): Promise<Row> {
  const [small, middle, large] = [await of(9), await of(10), await of(11)]
  /** The format ends at 2^11 rows: beyond, what its form would give, each of the other bytes as they are. */
  const would = (log2Rows: number): string =>
    Math.round(large + lookUpBytes(log2Rows) - lookUpBytes(MAX_LOG2_ROWS)).toLocaleString("en")
  return row({
    id,
    what: `one tick on the wire, both relays, HTTP included, an envelope to one of them, ${what}`,
    value: small / 1_024,
    unit: "KiB",
    beside: null,
    besideValue: null,
    goal: goalKib,
    direction: "lower is better",
    slope: `512, 1,024, 2,048 rows: ${[small, middle, large].map((bytes) => bytes.toLocaleString("en")).join(", ")} bytes; boards of 8 and 128 times as many rows, which the format does not know, would make it ${would(12)} and ${would(16)}: masks grow with the rows, paths with their logarithm.`,
  })
}

/** Two look-ups at each of two relays: a mask there, a row back. */
const lookUpBytes = (log2Rows: number): number => 4 * (2 ** log2Rows / 8 + rowBytes(log2Rows))

/** @returns bytes written and read on the socket. */
function tickBytes(port: number, wantsHeader: boolean, posts: boolean, log2Rows: number): Promise<number> {
  const maskBytes = 2 ** log2Rows / 8
  const body = encodeTickRequest({
    wantsHeader,
    log2Rows,
    headerHash: random(32),
    masks: [random(maskBytes), random(maskBytes)],
    posted: posts ? { nonce: random(8), envelope: random(ENVELOPE_BYTES) } : null,
  })
  const request = Buffer.concat([Buffer.from(browserHead(body.length)), body])
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1")
    let heard = Buffer.alloc(0)
    socket.on("error", reject)
    socket.on("data", (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk])
      const headEnd = heard.indexOf("\r\n\r\n")
      const length = /content-length: (\d+)/i.exec(heard.toString("latin1", 0, Math.max(0, headEnd)))?.[1]
      if (headEnd < 0 || heard.length < headEnd + 4 + Number(length)) return
      if (!heard.subarray(0, 15).equals(Buffer.from("HTTP/1.1 200 OK")))
        reject(new Error("the tick was refused"))
      socket.destroy()
      resolve(request.length + heard.length)
    })
    socket.write(request)
  })
}

function close(server: Server): void {
  server.close()
  server.closeAllConnections()
}

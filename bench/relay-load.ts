/** The asking side of bench/relay.ts, in a thread of its own: raw sockets, one request at a time on each. */
import { connect, type Socket } from "node:net"
import { parentPort, workerData } from "node:worker_threads"

interface Work {
  readonly kind: "get" | "append"
  readonly port: number
  readonly ms?: number
  readonly appends?: number
  readonly connections?: number
  readonly cells?: number
  readonly head?: number
  readonly ahead?: number
  readonly authorization: string
}

const work = workerData as Work
const deadline = performance.now() + (work.ms ?? 0)
const targets = ["/", "/header"]

/** Reads answers that carry a Content-Length; calls back with status and body once each is whole. */
function answers(socket: Socket, onAnswer: (status: number, body: Buffer) => void): void {
  let kept: Buffer = Buffer.alloc(0)
  socket.on("data", (chunk: Buffer) => {
    kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk])
    for (;;) {
      const headEnd = kept.indexOf("\r\n\r\n")
      if (headEnd < 0) return
      const head = kept.toString("latin1", 0, headEnd)
      const end = headEnd + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (kept.length < end) return
      const body = kept.subarray(headEnd + 4, end)
      kept = kept.subarray(end)
      onAnswer(Number(head.slice(9, 12)), body)
    }
  })
}

async function get(): Promise<number> {
  let count = 0
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(work.port, "127.0.0.1")
      let turn = 0
      const ask = (): void => {
        socket.write(`GET ${targets[turn++ % 2]} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br\r\n\r\n`)
      }
      answers(socket, (status) => {
        if (status !== 200) throw new Error(`status ${status}`)
        count++
        if (performance.now() < deadline) ask()
        else {
          socket.destroy()
          resolve()
        }
      })
      socket.once("connect", ask)
    })
  await Promise.all(Array.from({ length: work.connections ?? 1 }, one))
  return count
}

/** Sends `ahead` appends before it waits for the first answer: nobody else writes, so the heads are known. */
function append(): Promise<{ readonly count: number; readonly next: number }> {
  const cells = work.cells ?? 1
  const ahead = work.ahead ?? 1
  const body = Buffer.alloc(9 + cells * 4_096, 7)
  const head = Buffer.from(
    `POST /log/append HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${work.authorization}\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  let expected = work.head ?? 0
  let next = expected
  let count = 0
  let asked = 0
  const most = work.appends ?? 0
  return new Promise((resolve) => {
    const socket = connect(work.port, "127.0.0.1")
    const ask = (): void => {
      body.writeBigUInt64BE(BigInt(expected), 0)
      body.writeUInt8(cells, 8)
      expected += cells
      asked += 1
      socket.write(Buffer.concat([head, body]))
    }
    answers(socket, (status, answered) => {
      if (status !== 200) throw new Error(`status ${status}`)
      next = Number(answered.readBigUInt64BE(0))
      count += cells
      if (asked < most) ask()
      else if (next === expected) {
        socket.destroy()
        resolve({ count, next })
      }
    })
    socket.once("connect", () => {
      for (let i = 0; i < ahead; i++) ask()
    })
  })
}

const started = performance.now()
const result = work.kind === "get" ? { count: await get(), next: 0 } : await append()
parentPort?.postMessage({
  perSecond: (result.count * 1_000) / (performance.now() - started),
  next: result.next,
})

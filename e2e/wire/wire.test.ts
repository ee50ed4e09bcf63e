import { createServer } from "node:http"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { afterAll, expect, test } from "vitest"
import { tellApart } from "./classifier.ts"
import { recordWire, tracesOf } from "./recorder.ts"

const server = createServer((request, response) => {
  request.on("data", () => {})
  request.on("end", () => response.end("x".repeat(1_000)))
})
await new Promise<void>((done) => {
  server.listen(0, "127.0.0.1", done)
})
const address = server.address()
const recorder = await recordWire("A", typeof address === "object" && address ? address.port : 0)
afterAll(async () => {
  await recorder.close()
  server.close()
})

test("the recorder writes down every message with its size and passes every byte on", async () => {
  const heard = await fetch(`${recorder.origin}/tick`, { method: "POST", body: new Uint8Array(5_000) })
  expect((await heard.text()).length).toBe(1_000)
  const [request, answer] = tracesOf(recorder.seen, "A")
  expect(request).toMatchObject({ kind: "request", start: "POST /tick HTTP/1.1" })
  expect(request?.bytes).toBeGreaterThan(5_000)
  expect(answer).toMatchObject({ kind: "answer", start: "HTTP/1.1 200 OK" })
  recorder.cut(true)
  await expect(fetch(recorder.origin)).rejects.toThrow()
  recorder.cut(false)
})

test("the classifier finds 20 ms among 15 ms of noise, and nothing where there is nothing", () => {
  const bytes = seededRandom("noise")
  const normal = (): number => Array.from(bytes(12)).reduce((sum, byte) => sum + byte / 256, 0) - 6
  const visits = (planted: number): number[][] =>
    Array.from({ length: 200 }, () =>
      Array.from({ length: 12 }, (_, i) => 15 * normal() + (i === 4 ? planted : 0)),
    )
  expect(tellApart(visits(0), visits(20)).sigmas).toBeGreaterThan(4)
  const judged = Array.from({ length: 5 }, () => tellApart(visits(0), visits(0)).sigmas)
  expect(Math.max(...judged.map(Math.abs))).toBeLessThan(3.3)
})

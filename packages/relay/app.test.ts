import { ByteWriter } from "@kunak/core/bytes/writer"
import { LOG_CELL_BYTES, MAX_PACKAGE_BYTES } from "@kunak/core/parameters"
import { runs } from "@kunak/core/testing/runs"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Answer } from "./answer.ts"
import { ROLES, type Role } from "./capability.ts"
import type { RelayRequest } from "./request.ts"
import {
  CAP_NAME,
  makePublication,
  makeRequest,
  sampleOrganisation,
  testRelay,
} from "./testing/test-relay.ts"

const PUBLIC = ["/", "/header", "/feed.atom", "/bulletin", `/${CAP_NAME}`]
const STAFF: readonly (readonly [string, Role])[] = [
  ["/term", "publish"],
  ["/publish", "publish"],
  ["/log/append", "append"],
  ["/log/read", "read"],
  ["/revoke", "append"],
  ["/ring/read", "read"],
  ["/ring/acknowledge", "acknowledge"],
]

const plain = ({ status, headers, body }: Answer) => ({
  status,
  headers,
  body: Buffer.from(body).toString("hex"),
})

describe("[T1] one constant answer for everything that is no route", () => {
  test("[T1] other paths, other methods and staff paths that are asked by GET look alike", async () => {
    const relay = await testRelay()
    const odd: Partial<RelayRequest>[] = [
      { target: "/admin" },
      { target: "//" },
      { target: "/index.html" },
      { target: "/header?x" },
      { target: "/cap/..%2f..%2frelay.db" },
      { target: "http://relay-a.example/" },
      { target: "*", method: "OPTIONS" },
      { target: "/header", method: "OPTIONS" },
      { target: "/", method: "POST" },
      { target: "/tick" },
      { target: "/tick", method: "OPTIONS" },
      { target: "/tick?x", method: "POST" },
      { target: "/board" },
      { target: "/", method: "PUT" },
      ...STAFF.flatMap(([target]) => [
        { target },
        { target, method: "PUT" },
        { target: `${target}/`, method: "POST" },
      ]),
    ]
    const answers = await Promise.all(odd.map((change) => relay.app(makeRequest(change))))
    for (const given of answers) {
      expect(given.status).toBe(404)
      expect(plain(given)).toEqual(plain(answers[0] as Answer))
    }
  })

  test("[T1] relay B has no route for terms", async () => {
    const relay = await testRelay({ relay: "B" })
    expect((await relay.post("/term", "publish", new Uint8Array(100))).status).toBe(404)
  })
})

describe("[T2] strict headers", () => {
  test("[T2] stand on every answer, refusals included", async () => {
    const relay = await testRelay()
    const before = await Promise.all(PUBLIC.map((target) => relay.get(target)))
    await relay.post("/publish", "publish", await makePublication(relay.organisation))
    const after = await Promise.all([...PUBLIC, "/nothing"].map((target) => relay.get(target)))
    const refused = await Promise.all(STAFF.map(([target]) => relay.post(target, null, new Uint8Array(9))))
    const given = await relay.post("/log/read", "read", new Uint8Array(10))
    for (const { headers } of [...before, ...after, ...refused, given]) {
      expect(headers["Cache-Control"]).toBe("no-store")
      expect(headers["X-Content-Type-Options"]).toBe("nosniff")
      expect(headers["Referrer-Policy"]).toBe("no-referrer")
      expect(headers["Content-Security-Policy"]).toContain("frame-ancestors 'none'")
      expect(headers["Cross-Origin-Opener-Policy"]).toBe("same-origin")
      expect(headers["Cross-Origin-Resource-Policy"]).toMatch(/^(same|cross)-origin$/)
      expect(headers["Permissions-Policy"]).toContain("camera=()")
      expect(headers["X-DNS-Prefetch-Control"]).toBe("off")
      const names = Object.keys(headers).map((name) => name.toLowerCase())
      for (const banned of ["server", "x-powered-by", "set-cookie", "etag", "last-modified"]) {
        expect(names).not.toContain(banned)
      }
    }
  })

  test("[T2] only the header, and ticks, may be read by other origins, with the date beside them", async () => {
    const relay = await testRelay()
    await relay.post("/publish", "publish", await makePublication(relay.organisation))
    const { headers } = await relay.get("/header")
    expect(headers["Access-Control-Allow-Origin"]).toBe("*")
    expect(headers["Access-Control-Expose-Headers"]).toBe("Date")
    for (const target of PUBLIC.filter((path) => path !== "/header")) {
      expect((await relay.get(target)).headers).not.toHaveProperty("Access-Control-Allow-Origin")
    }
  })
})

describe("[T3] capabilities", () => {
  test("[T3] a wrong, missing or foreign capability is refused before a byte of the body is read", async () => {
    const relay = await testRelay()
    for (const [target, role] of STAFF) {
      const others = ROLES.filter((other) => other !== role)
      const headers = [
        "",
        "Bearer ",
        "Basic eve:eve",
        `Bearer ${"A".repeat(43)}`,
        `Bearer ${"A".repeat(4_000)}`,
        `Bearer ${Buffer.alloc(32, 9).toString("base64url")}`,
        ...others.map(
          (other) => `Bearer ${Buffer.alloc(32, ROLES.indexOf(other) + 1).toString("base64url")}`,
        ),
      ]
      for (const authorization of headers) {
        const answered = await relay.app(
          makeRequest({
            method: "POST",
            target,
            authorization,
            readBody: () => {
              throw new Error("the body was read")
            },
          }),
        )
        expect([target, authorization, answered.status]).toEqual([target, authorization, 403])
      }
    }
    expect(relay.notices).toEqual([])
  })

  test("[T3] each capability opens the routes of its role", async () => {
    const relay = await testRelay()
    for (const [target, role] of STAFF) {
      expect((await relay.post(target, role, new Uint8Array(1))).status).not.toBe(403)
    }
  })
})

describe("[T5] refusals", () => {
  test("[T5] carry a status and nothing else, whatever was wrong", async () => {
    const relay = await testRelay()
    for (const [target, role] of STAFF) {
      const bodies = [0, 1, 9, 10, 99, 100, 101, 3_000].map((length) => new Uint8Array(length).fill(7))
      for (const body of bodies) {
        const answered = await relay.post(target, role, body)
        if (answered.status === 200 || answered.status === 409) continue
        expect([400, 413, 422]).toContain(answered.status)
        expect(answered.body).toHaveLength(0)
        expect(answered.headers).not.toHaveProperty("Content-Type")
      }
    }
  })

  test("[T5] bodies that are too long are refused by every staff route", async () => {
    const relay = await testRelay()
    const longest: Readonly<Record<string, number>> = {
      "/term": 100,
      "/publish": 100 + MAX_PACKAGE_BYTES,
      "/log/append": 9 + 16 * LOG_CELL_BYTES,
      "/log/read": 10,
      "/revoke": 2_048,
      "/ring/read": 10,
      "/ring/acknowledge": 8,
    }
    for (const [target, role] of STAFF) {
      const max = longest[target] as number
      expect((await relay.post(target, role, new Uint8Array(max + 1))).status).toBe(413)
      expect((await relay.post(target, role, new Uint8Array(max))).status).not.toBe(413)
    }
  })

  test("[T5] a sender who stops halfway, and one too many, are told so", async () => {
    const relay = await testRelay()
    const status = async (kind: "cut-off" | "too-busy"): Promise<number> =>
      (
        await relay.app(
          makeRequest({
            method: "POST",
            target: "/publish",
            authorization: `Bearer ${Buffer.alloc(32, 1).toString("base64url")}`,
            readBody: async () => ({ ok: false, error: { kind } }),
          }),
        )
      ).status
    expect(await status("cut-off")).toBe(408)
    expect(await status("too-busy")).toBe(503)
  })

  test("[T5] an error inside is 500 without words, and a notice without data", async () => {
    const relay = await testRelay()
    const broken = await relay.app(
      makeRequest({
        method: "POST",
        target: "/publish",
        authorization: `Bearer ${Buffer.alloc(32, 1).toString("base64url")}`,
        readBody: () => Promise.reject(new Error("canary")),
      }),
    )
    expect([broken.status, broken.body.length]).toEqual([500, 0])
    expect(relay.notices).toEqual(["internal-error"])
  })
})

describe("[T19] any bytes to any route", () => {
  const target = fc.oneof(
    fc.constantFrom(...PUBLIC, "/tick", ...STAFF.map(([path]) => path)),
    fc.string({ unit: "binary", maxLength: 60 }).map((rest) => `/${rest}`),
    fc.webPath(),
  )
  const anyRequest = fc.record({
    method: fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "QUERY", ""),
    target,
    host: fc.oneof(fc.string(), fc.constantFrom("a.onion", "a.onion:80", "relay-a.example")),
    acceptEncoding: fc.oneof(fc.string(), fc.constantFrom("br", "gzip;q=0, br", "*;q=0", "br;q=x,,;")),
    authorization: fc.oneof(
      fc.string(),
      fc.constantFrom(1, 2, 3, 4).map((fill) => `Bearer ${Buffer.alloc(32, fill).toString("base64url")}`),
    ),
  })
  const lengths = [0, 1, 8, 9, 10, 100, 163, 2_048, 9 + LOG_CELL_BYTES, 9 + 2 * LOG_CELL_BYTES, 4_300, 5_000]
  const anyBody = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.constantFrom(...lengths).chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
  )

  test("[T19] is answered, never by 500, before and after an edition", async () => {
    const organisation = await sampleOrganisation()
    const publication = await makePublication(organisation)
    for (const relay of [await testRelay(), await testRelay()]) {
      await fc.assert(
        fc.asyncProperty(anyRequest, anyBody, async (request, body) => {
          const { status, headers } = await relay.app(
            makeRequest({
              ...request,
              readBody: async (max) =>
                body.length > max ? { ok: false, error: { kind: "too-large" } } : { ok: true, value: body },
            }),
          )
          expect(status).not.toBe(500)
          expect(headers["Cache-Control"]).toBe("no-store")
        }),
        { numRuns: runs(1_500) },
      )
      await relay.post("/publish", "publish", publication)
    }
  })

  test("[T19] a publication with bytes changed, cut or added is refused and changes nothing", async () => {
    const organisation = await sampleOrganisation()
    const relay = await testRelay()
    await relay.post("/publish", "publish", await makePublication(organisation))
    const before = await relay.get("/header")
    const good = await makePublication(organisation, { id: { term: 1, number: 2 } })
    const headEnd = 100 + 4_096
    const change = fc.oneof(
      // The page itself is not signed but rendered; everything else is.
      fc
        .tuple(fc.integer({ min: 0, max: headEnd - 1 }), fc.integer({ min: 1, max: 255 }))
        .map(([at, flip]) => {
          const changed = Uint8Array.from(good)
          changed[at] = (changed[at] as number) ^ flip
          return changed
        }),
      fc.integer({ min: 0, max: good.length - 1 }).map((length) => good.slice(0, length)),
      fc.uint8Array({ minLength: 1, maxLength: 40 }).map((more) => new Uint8Array([...good, ...more])),
    )
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        const { status } = await relay.post("/publish", "publish", changed)
        expect([400, 422]).toContain(status)
        expect(plain(await relay.get("/header"))).toEqual(plain(before))
      }),
      { numRuns: runs(150) },
    )
    expect((await relay.post("/publish", "publish", good)).status).toBe(200)
  })

  test("[T19] log requests with any numbers are answered", async () => {
    const relay = await testRelay()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.nat(65_535), async (from, limit) => {
        const body = new ByteWriter().raw(from).u16(limit).bytes()
        expect([200, 400]).toContain((await relay.post("/log/read", "read", body)).status)
      }),
      { numRuns: runs(300) },
    )
  })
})

import { brotliDecompressSync, gunzipSync } from "node:zlib"
import { concatBytes } from "@kunak/core/bytes/equal"
import { ByteReader } from "@kunak/core/bytes/reader"
import { ByteWriter } from "@kunak/core/bytes/writer"
import { signTermGrant, signTermRequest, verifyTermGrant } from "@kunak/core/edition/term"
import { err, must } from "@kunak/core/result"
import { makeSigningKey } from "@kunak/core/suite"
import { makeOrganisation, revocationBy, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { plusSeconds, WEEK_SECONDS } from "@kunak/core/time/instant"
import { describe, expect, test } from "vitest"
import type { RelayStore } from "../store/contract.ts"
import { memoryStore } from "../testing/memory-store.ts"
import { cell } from "../testing/store-contract.ts"
import {
  CAP_NAME,
  makePackage,
  makePublication,
  sampleOrganisation,
  samplePage,
  termRequest,
  testRelay,
} from "../testing/test-relay.ts"

const id = (term: number, number: number) => ({ id: { term, number } })
const idBytes = (term: number, number: number) => new ByteWriter().u32(term).u32(number).bytes()
const u64 = (value: number) => new ByteWriter().u64(value).bytes()

describe("public routes", () => {
  test("[T15] before the first edition a calm page in two languages says nothing about anybody", async () => {
    const relay = await testRelay()
    const { status, headers, body } = await relay.get("/")
    const text = new TextDecoder().decode(body)
    expect(status).toBe(503)
    expect(headers["Retry-After"]).toBeDefined()
    expect(text).toContain("Загляните через несколько минут")
    expect(text).toContain("Please look again in a few minutes")
    expect(text).not.toMatch(/kunak|relay|warning|edition|mountain|http/i)
    for (const target of ["/header", "/feed.atom", "/bulletin", `/${CAP_NAME}`]) {
      const other = await relay.get(target)
      expect([other.status, Buffer.from(other.body)]).toEqual([503, Buffer.from(body)])
    }
  })

  test("[T14] serves the page, the header and the feeds of the newest edition", async () => {
    const relay = await testRelay()
    const publication = await makePublication(relay.organisation)
    expect((await relay.post("/publish", "publish", publication)).status).toBe(200)
    expect((await relay.get("/")).body).toEqual(samplePage("web"))
    expect((await relay.get("/?from=messenger")).body).toEqual(samplePage("web"))
    const header = await relay.get("/header")
    expect(Buffer.from(header.body)).toEqual(Buffer.from(publication.subarray(100, 100 + 4_096)))
    expect((await relay.get("/feed.atom")).headers["Content-Type"]).toContain("application/atom+xml")
    expect((await relay.get(`/${CAP_NAME}`)).headers["Content-Type"]).toContain("application/cap+xml")
    expect((await relay.get("/cap/ff0102030405060708090a0b0c0d0e0f-0.xml")).status).toBe(404)
    for (const name of ["/page.web.html", "/page.onion.html"])
      expect((await relay.get(name)).status).toBe(404)
  })

  test("[T14] onion addresses are served to who comes by an onion, and to nobody else", async () => {
    const relay = await testRelay()
    await relay.post("/publish", "publish", await makePublication(relay.organisation))
    const host = `${"a".repeat(56)}.onion`
    for (const name of [host, `${host}:80`, host.toUpperCase()]) {
      expect((await relay.get("/", { host: name })).body).toEqual(samplePage("onion"))
    }
    for (const name of ["", "relay-a.example", "onion", "a.onion.example", "a.onion@relay"]) {
      expect((await relay.get("/", { host: name })).body).toEqual(samplePage("web"))
    }
  })

  test("[T14] sends the smallest form that is accepted", async () => {
    const relay = await testRelay()
    await relay.post("/publish", "publish", await makePublication(relay.organisation))
    const [br, gzip, none] = await Promise.all(
      ["gzip, deflate, br", "gzip", "identity"].map((acceptEncoding) => relay.get("/", { acceptEncoding })),
    )
    expect(br?.headers).toMatchObject({ "Content-Encoding": "br", Vary: "Accept-Encoding" })
    expect(Buffer.from(brotliDecompressSync(br?.body ?? ""))).toEqual(Buffer.from(samplePage("web")))
    expect(gzip?.headers).toMatchObject({ "Content-Encoding": "gzip", Vary: "Accept-Encoding" })
    expect(Buffer.from(gunzipSync(gzip?.body ?? ""))).toEqual(Buffer.from(samplePage("web")))
    expect(none?.headers).not.toHaveProperty("Content-Encoding")
    expect(none?.headers).toMatchObject({ Vary: "Accept-Encoding" })
  })

  test("[T14] shows within a second what another process on the same store published", async () => {
    const store = await memoryStore()
    const relay = await testRelay({ store })
    expect((await relay.get("/")).status).toBe(503)
    const bytes = await makePackage(relay.organisation)
    must(await store.publish({ id: { term: 1, number: 1 }, package: bytes }))
    relay.clock.ms += 1_000
    expect((await relay.get("/")).status).toBe(200)
  })

  test("[T18] goes on serving from memory while the store is away", async () => {
    const relay = await testRelay()
    await relay.post("/publish", "publish", await makePublication(relay.organisation))
    await relay.get("/")
    Object.assign(relay.store, {
      newestId: async () => err({ kind: "unavailable" }),
    } satisfies Partial<RelayStore>)
    relay.clock.ms += 10_000
    expect((await relay.get("/")).status).toBe(200)
    expect((await relay.get("/header")).status).toBe(200)
  })
})

describe("/term", () => {
  test("[T6] grants the next term to the duty that asked, signed by relay A", async () => {
    const relay = await testRelay()
    const { organisation } = relay
    const first = await relay.post("/term", "publish", await termRequest(organisation, 0))
    expect(first.status).toBe(200)
    const grant = await verifyTermGrant(first.body, organisation.relayA.publicKey)
    expect([grant?.term, Buffer.from(grant?.duty ?? [])]).toEqual([
      1,
      Buffer.from(organisation.duties[0].publicKey),
    ])
    const again = await relay.post("/term", "publish", await termRequest(organisation, 0, 1))
    expect([again.status, [...again.body]]).toEqual([409, [0, 0, 0, 1]])
  })

  test("[T6] two duties at once: one gets the term", async () => {
    const relay = await testRelay()
    const [one, two] = [
      await termRequest(relay.organisation, 0, 0),
      await termRequest(relay.organisation, 0, 1),
    ]
    const answers = await Promise.all(
      [one, two, one, two].map((body) => relay.post("/term", "publish", body)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
  })

  test("[T6] a request whose signature does not hold grants nothing", async () => {
    const relay = await testRelay()
    const { organisation } = relay
    const request = await termRequest(organisation, 0)
    const eve = makeSigningKey("duty", seededRandom("eve"))
    const forged = concatBytes(request.subarray(0, 36), (await signTermRequest(eve, 0)).subarray(36))
    const grantAsRequest = await signTermGrant(0, organisation.duties[0].publicKey, organisation.relayA)
    for (const body of [forged, grantAsRequest, new Uint8Array(100)]) {
      expect((await relay.post("/term", "publish", body)).status).toBe(422)
    }
    expect(must(await relay.store.term())).toBe(0)
  })
})

describe("/publish", () => {
  test("[T7] the same bytes again succeed; other bytes under a used or lower id are refused", async () => {
    const relay = await testRelay()
    const { organisation } = relay
    const third = await makePublication(organisation, id(1, 3))
    expect((await relay.post("/publish", "publish", third)).status).toBe(200)
    expect((await relay.post("/publish", "publish", third)).status).toBe(200)
    const other = await makePublication(organisation, { ...id(1, 3), issued: plusSeconds(SAMPLE_NOW, 9) })
    const lower = await makePublication(organisation, id(1, 2))
    for (const body of [other, lower]) {
      const refused = await relay.post("/publish", "publish", body)
      expect([refused.status, Buffer.from(refused.body)]).toEqual([409, Buffer.from(idBytes(1, 3))])
    }
    expect(Buffer.from((await relay.get("/header")).body)).toEqual(Buffer.from(third.subarray(100, 4_196)))
  })

  test("[T7] an edition that was replaced never comes back", async () => {
    const relay = await testRelay()
    const old = await makePublication(relay.organisation, id(1, 1))
    await relay.post("/publish", "publish", old)
    const next = await makePublication(relay.organisation, id(1, 2))
    await relay.post("/publish", "publish", next)
    // A retry of what is still kept is told that all is well; readers keep the newer one.
    expect((await relay.post("/publish", "publish", old)).status).toBe(200)
    expect(Buffer.from((await relay.get("/header")).body)).toEqual(Buffer.from(next.subarray(100, 4_196)))
  })

  test("[T8] several publications at once follow one another: the highest is shown and only it", async () => {
    const relay = await testRelay()
    const bodies = await Promise.all(
      [3, 1, 2, 5, 4].map((number) => makePublication(relay.organisation, id(1, number))),
    )
    const answers = await Promise.all(bodies.map((body) => relay.post("/publish", "publish", body)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses).toEqual([200, 409, 409, 200, 409])
    expect(Buffer.from((await relay.get("/header")).body)).toEqual(
      Buffer.from(bodies[3]?.subarray(100, 4_196) ?? []),
    )
  })

  test("[T9] a duty whose term was taken over is refused at A, and at B from the new term's first edition", async () => {
    const a = await testRelay({ relay: "A" })
    const b = await testRelay({ relay: "B" })
    const { organisation } = a
    const publish = async (body: Uint8Array): Promise<number[]> => [
      (await b.post("/publish", "publish", body)).status,
      (await a.post("/publish", "publish", body)).status,
    ]
    await a.post("/term", "publish", await termRequest(organisation, 0, 0))
    expect(await publish(await makePublication(organisation, id(1, 1)))).toEqual([200, 200])
    await a.post("/term", "publish", await termRequest(organisation, 1, 1))
    expect(await publish(await makePublication(organisation, id(1, 2)))).toEqual([200, 409])
    expect(await publish(await makePublication(organisation, { ...id(2, 1), duty: 1 }))).toEqual([200, 200])
    expect(await publish(await makePublication(organisation, id(1, 3)))).toEqual([409, 409])
  })

  test("[T9] a term that relay A did not give to this duty publishes nothing", async () => {
    const relay = await testRelay({ relay: "B" })
    const { organisation } = relay
    const [first, second] = organisation.duties
    const eve = makeSigningKey("relay-term", seededRandom("eve"))
    const grants = [
      await signTermGrant(1, first.publicKey, eve),
      await signTermGrant(2, first.publicKey, organisation.relayA),
      await signTermGrant(1, second.publicKey, organisation.relayA),
      await signTermRequest(first, 1),
    ]
    for (const grant of grants) {
      const body = await makePublication(organisation, { grant })
      expect((await relay.post("/publish", "publish", body)).status).toBe(422)
    }
    expect((await relay.get("/")).status).toBe(503)
  })

  test("[T12] an edition of another organisation, or of a duty nobody delegated, is refused", async () => {
    const relay = await testRelay()
    const other = await makeOrganisation({ seed: "another organisation" })
    expect((await relay.post("/publish", "publish", await makePublication(other))).status).toBe(422)
    // Eve holds the capability, and a duty key of her own organisation; relay A's key is ours.
    const grant = await signTermGrant(1, other.duties[0].publicKey, relay.organisation.relayA)
    const body = await makePublication(other, { grant })
    expect((await relay.post("/publish", "publish", body)).status).toBe(422)
  })

  test("[T12] an edition a day off this clock is refused, and the operator hears why", async () => {
    const organisation = await sampleOrganisation()
    const body = await makePublication(organisation)
    for (const seconds of [86_401, -86_401, 2 * WEEK_SECONDS]) {
      const relay = await testRelay({ now: plusSeconds(SAMPLE_NOW, seconds) })
      expect((await relay.post("/publish", "publish", body)).status).toBe(422)
      expect(relay.notices).toEqual(["clock-differs"])
    }
    const relay = await testRelay({ now: plusSeconds(SAMPLE_NOW, 86_400) })
    expect((await relay.post("/publish", "publish", body)).status).toBe(200)
  })

  test("[T12] a bulletin that is not the one the header names is refused", async () => {
    const relay = await testRelay()
    const { organisation } = relay
    const body = await makePublication(organisation)
    const at = Buffer.from(body).lastIndexOf("bulletin") + "bulletin".length + 4 + 60
    body[at] = (body[at] as number) ^ 1
    expect((await relay.post("/publish", "publish", body)).status).toBe(422)
  })
})

describe("/revoke", () => {
  test("[T13] a duty that two officers revoke is refused from then on, for editions and for terms", async () => {
    const relay = await testRelay()
    const { organisation } = relay
    const [seized, other] = organisation.duties
    await relay.post("/publish", "publish", await makePublication(organisation, id(1, 1)))
    const revocation = await revocationBy(
      organisation,
      [seized.publicKey],
      [organisation.amina, organisation.boris],
    )
    expect((await relay.post("/revoke", "append", revocation.bytes)).status).toBe(200)
    expect((await relay.post("/revoke", "append", revocation.bytes)).status).toBe(200)
    // The seized duty leaves its own revocation out.
    const next = await makePublication(organisation, id(1, 2))
    expect((await relay.post("/publish", "publish", next)).status).toBe(422)
    expect((await relay.post("/term", "publish", await signTermRequest(seized, 1))).status).toBe(422)
    expect((await relay.post("/term", "publish", await signTermRequest(other, 1))).status).toBe(200)
    const taken = await makePublication(organisation, { ...id(2, 1), duty: 1 })
    expect((await relay.post("/publish", "publish", taken)).status).toBe(200)
  })

  test("[T13] charter signers overrule two seized desks: the duty publishes again", async () => {
    const relay = await testRelay()
    const { organisation } = relay
    const { amina, boris, duties, signers } = organisation
    await relay.post("/publish", "publish", await makePublication(organisation, id(1, 1)))
    const bySeized = await revocationBy(organisation, [duties[0].publicKey], [amina, boris])
    const next = await makePublication(organisation, id(1, 2))
    expect((await relay.post("/revoke", "append", bySeized.bytes)).status).toBe(200)
    expect((await relay.post("/publish", "publish", next)).status).toBe(422)
    const bySigners = await revocationBy(
      organisation,
      [amina.publicKey, boris.publicKey],
      signers.slice(0, 2),
    )
    expect((await relay.post("/revoke", "append", bySigners.bytes)).status).toBe(200)
    expect((await relay.post("/publish", "publish", next)).status).toBe(200)
  })

  test("[T13] what one officer, Eve, or another organisation signed revokes nobody", async () => {
    const relay = await testRelay()
    const { organisation } = relay
    await relay.post("/publish", "publish", await makePublication(organisation, id(1, 1)))
    const good = await revocationBy(
      organisation,
      [organisation.duties[0].publicKey],
      [organisation.amina, organisation.boris],
    )
    const forged = Uint8Array.from(good.bytes)
    forged[forged.length - 1] = (forged.at(-1) as number) ^ 1
    const oneSignature = good.bytes.slice(0, good.bytes.length - 65)
    oneSignature[oneSignature.length - 66] = 1
    const other = await makeOrganisation({ seed: "another organisation" })
    const foreign = await revocationBy(other, [organisation.duties[0].publicKey], [other.amina, other.boris])
    for (const body of [forged, oneSignature, foreign.bytes]) {
      expect((await relay.post("/revoke", "append", body)).status).toBe(422)
    }
    expect(must(await relay.store.revocations())).toEqual([])
    expect(
      (await relay.post("/publish", "publish", await makePublication(organisation, id(1, 2)))).status,
    ).toBe(200)
  })
})

describe("/log", () => {
  const append = (head: number, ...cells: Uint8Array[]) =>
    new ByteWriter()
      .u64(head)
      .u8(cells.length)
      .raw(concatBytes(...cells))
      .bytes()
  const read = (from: number, limit: number) => new ByteWriter().u64(from).u16(limit).bytes()

  test("[T10] appends at the head, tells the head to who missed it, and reads back", async () => {
    const relay = await testRelay()
    const first = await relay.post("/log/append", "append", append(0, cell(1), cell(2)))
    expect([first.status, Buffer.from(first.body)]).toEqual([200, Buffer.from(u64(2))])
    const late = await relay.post("/log/append", "append", append(0, cell(3)))
    expect([late.status, Buffer.from(late.body)]).toEqual([409, Buffer.from(u64(2))])
    const page = await relay.post("/log/read", "read", read(1, 64))
    const from = new ByteReader(page.body)
    expect([from.u64(), from.u64(), from.take(4_096), from.end()]).toEqual([2, 1, cell(2), true])
    expect((await relay.post("/log/read", "read", read(0, 0))).body).toHaveLength(16)
  })

  test("[T10] only relay B, which mirrors, takes cells beyond its head: relay A orders the log", async () => {
    const [a, b] = [await testRelay(), await testRelay({ relay: "B" })]
    expect((await a.post("/log/append", "append", append(5, cell(1)))).status).toBe(409)
    const leapt = await b.post("/log/append", "append", append(5, cell(1)))
    expect([leapt.status, Buffer.from(leapt.body)]).toEqual([200, Buffer.from(u64(6))])
    expect((await b.post("/log/append", "append", append(5, cell(2)))).status).toBe(409)
    expect((await b.post("/log/append", "append", append(2 ** 52, cell(2)))).status).toBe(409)
  })

  test("[T10] two appends at once: one wins", async () => {
    const relay = await testRelay()
    const answers = await Promise.all(
      [1, 2].map((fill) => relay.post("/log/append", "append", append(0, cell(fill)))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test("[T10] a count that does not fit the bytes is refused", async () => {
    const relay = await testRelay()
    const good = append(0, cell(1), cell(2))
    for (const count of [0, 1, 3, 16, 17, 255]) {
      const body = Uint8Array.from(good)
      body[8] = count
      expect((await relay.post("/log/append", "append", body)).status).toBe(400)
    }
    expect((await relay.post("/log/read", "read", read(0, 65))).status).toBe(400)
    expect((await relay.post("/log/append", "append", good)).status).toBe(200)
  })
})

test("[T18] a store that refuses to write is told by one status on every route, and nothing changes", async () => {
  const relay = await testRelay()
  const { organisation } = relay
  await relay.post("/publish", "publish", await makePublication(organisation, id(1, 1)))
  const unavailable = async () => err({ kind: "unavailable" } as const)
  const working = {
    publish: relay.store.publish,
    append: relay.store.append,
    grantTerm: relay.store.grantTerm,
    addRevocation: relay.store.addRevocation,
  }
  Object.assign(relay.store, {
    publish: unavailable,
    append: unavailable,
    grantTerm: unavailable,
    addRevocation: unavailable,
  } satisfies Partial<RelayStore>)
  const next = await makePublication(organisation, id(1, 2))
  const revocation = await revocationBy(
    organisation,
    [organisation.duties[1].publicKey],
    [organisation.amina, organisation.boris],
  )
  const tries = [
    await relay.post("/publish", "publish", next),
    await relay.post("/log/append", "append", new ByteWriter().u64(0).u8(1).raw(cell(1)).bytes()),
    await relay.post("/term", "publish", await termRequest(organisation, 1)),
    await relay.post("/revoke", "append", revocation.bytes),
  ]
  expect(tries.map(({ status, body }) => [status, body.length])).toEqual(tries.map(() => [507, 0]))
  expect((await relay.get("/")).status).toBe(200)
  Object.assign(relay.store, working)
  expect((await relay.post("/publish", "publish", next)).status).toBe(200)
})

import { boardRows, rowBytes, verifiedCell } from "@kunak/core/board/merkle"
import { ByteReader } from "@kunak/core/bytes/reader"
import { ByteWriter } from "@kunak/core/bytes/writer"
import { CELL_BYTES, ENVELOPE_BYTES, HEADER_BYTES } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { sha256 } from "@kunak/core/suite"
import { makeEdition, type Organisation, SAMPLE_NOW, sampleBoard } from "@kunak/core/testing/organisation"
import { runs } from "@kunak/core/testing/runs"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { decodeTickAnswer, type TickAnswer, tickAnswerBytes, tickRequestBytes } from "@kunak/core/tick/codec"
import { plusSeconds } from "@kunak/core/time/instant"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Answer } from "../answer.ts"
import type { RelayRequest } from "../request.ts"
import type { RelayStore } from "../store/contract.ts"
import { makeIntake, sealSample, solve, type TestIntake, tickBytes } from "../testing/hotline.ts"
import { memoryStore, TEST_SLOTS } from "../testing/memory-store.ts"
import {
  bodyOf,
  makePackage,
  makePublication,
  makeRequest,
  sampleOrganisation,
  type TestRelay,
  testRelay,
} from "../testing/test-relay.ts"

const PUZZLE_BITS = 8
const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes))

interface Line {
  readonly organisation: Organisation
  readonly relay: TestRelay
  readonly intake: TestIntake
  /** Hash of the newest header, by number. */
  readonly publish: (number: number, intake?: TestIntake | null) => Promise<Uint8Array>
  readonly ask: (body: Uint8Array, change?: Partial<RelayRequest>) => Promise<Answer>
  /** An envelope with its puzzle solved for this relay and header. */
  readonly envelope: (
    headerHash: Uint8Array,
    to?: TestIntake,
  ) => Promise<{ nonce: Uint8Array; envelope: Uint8Array }>
}

/** A relay that serves edition 1, with an intake key. */
async function line(
  options: { relay?: "A" | "B"; store?: RelayStore; intake?: TestIntake } = {},
): Promise<Line & { hash: Uint8Array }> {
  const organisation = await sampleOrganisation()
  const { intake = await makeIntake(organisation), ...ofRelay } = options
  const relay = await testRelay(ofRelay)
  const { charter } = organisation
  const { termKey } = charter.relays[options.relay === "B" ? 1 : 0]
  const publish: Line["publish"] = async (number, given = intake) => {
    const edition = {
      id: { term: 1, number },
      issued: plusSeconds(SAMPLE_NOW, number),
      ...(given ? { intakeKey: given.key.bytes } : {}),
    }
    expect(
      (await relay.post("/publish", "publish", await makePublication(organisation, edition))).status,
    ).toBe(200)
    return sha256((await makeEdition(organisation, edition)).header)
  }
  return {
    organisation,
    relay,
    intake,
    publish,
    ask: (body, change = {}) =>
      relay.app(makeRequest({ method: "POST", target: "/tick", readBody: bodyOf(body), ...change })),
    envelope: async (headerHash, to = intake) => {
      const envelope = await sealSample(organisation, to.key)
      return { envelope, nonce: solve(termKey, headerHash, envelope, PUZZLE_BITS) }
    },
    hash: await publish(1),
  }
}

const heard = (answer: Answer, wantsHeader = false): TickAnswer => {
  expect(answer.status).toBe(200)
  return decodeTickAnswer(answer.body, 9, wantsHeader) as TickAnswer
}
const headOf = async (store: RelayStore): Promise<number> => must(await store.ringState()).head
const lastPosted = async (store: RelayStore, count: number): Promise<readonly Uint8Array[]> =>
  must(await store.readRing((await headOf(store)) - count, count)).envelopes.map(
    (bytes) => new Uint8Array(bytes),
  )

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ (b[i] as number))
const withBit = (mask: Uint8Array, i: number): Uint8Array => {
  const other = mask.slice()
  other[i >> 3] = (other[i >> 3] as number) ^ (128 >> (i & 7))
  return other
}

describe("[Z6] one answer to everybody", () => {
  test("[Z6] status, headers and size are the same whatever is asked and whatever becomes of it", async () => {
    const { ask, hash, envelope, organisation, relay, intake } = await line()
    const good = await envelope(hash)
    const wrongKey = await sealSample(organisation, { keyId: random(8), publicKey: intake.key.publicKey })
    const termKey = organisation.charter.relays[0].termKey
    const posts = {
      accepted: good,
      replayed: good,
      unsolved: { ...good, envelope: (await envelope(hash)).envelope },
      "to a key that is none": { envelope: wrongKey, nonce: solve(termKey, hash, wrongKey, PUZZLE_BITS) },
      garbage: { envelope: random(ENVELOPE_BYTES), nonce: random(8) },
      zeros: { envelope: new Uint8Array(ENVELOPE_BYTES), nonce: new Uint8Array(8) },
    }
    for (const wantsHeader of [false, true]) {
      const answers = [
        await ask(tickBytes({ headerHash: hash, wantsHeader })),
        await ask(tickBytes({ wantsHeader })),
      ]
      for (const posted of Object.values(posts)) {
        answers.push(await ask(tickBytes({ headerHash: hash, wantsHeader, posted })))
        answers.push(await ask(tickBytes({ wantsHeader, posted })))
      }
      for (const { status, headers, body } of answers) {
        expect([status, body.length, body[0]]).toEqual([200, tickAnswerBytes(9, wantsHeader), 1])
        expect(headers).toEqual(answers[0]?.headers)
      }
    }
    expect(await headOf(relay.store)).toBe(TEST_SLOTS + 1)
  })

  test("[Z6] headers are few, and let any origin read the answer and the date", async () => {
    const { ask, hash } = await line()
    expect((await ask(tickBytes({ headerHash: hash }))).headers).toEqual({
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Expose-Headers": "Date",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    })
  })

  test("[Z6] of an unknown header, or of another size than its board's, random rows: never twice the same", async () => {
    const { ask, hash } = await line()
    const masks = [random(64), random(64)] as const
    const known = [
      heard(await ask(tickBytes({ headerHash: hash, masks }))),
      heard(await ask(tickBytes({ headerHash: hash, masks }))),
    ]
    expect(known[0]?.rows).toEqual(known[1]?.rows)
    const unknown = random(32)
    const filler = [
      heard(await ask(tickBytes({ headerHash: unknown, masks }))),
      heard(await ask(tickBytes({ headerHash: unknown, masks }))),
    ]
    expect(filler[0]?.rows).not.toEqual(filler[1]?.rows)
    for (const log2Rows of [10, 11]) {
      const { status, body } = await ask(tickBytes({ headerHash: hash, log2Rows }))
      expect([status, body.length]).toEqual([200, 1 + 2 * rowBytes(log2Rows)])
    }
  })

  test("[Z6] any other length, version, flag or size is one constant refusal", async () => {
    const { ask, hash } = await line()
    const good = tickBytes({
      headerHash: hash,
      posted: { nonce: random(8), envelope: random(ENVELOPE_BYTES) },
    })
    const changed = (at: number, to: number): Uint8Array =>
      Uint8Array.from(good, (byte, i) => (i === at ? to : byte))
    const bodies = [
      new Uint8Array(),
      good.subarray(1),
      new Uint8Array([...good, 0]),
      new Uint8Array(9_000),
      changed(0, 2),
      changed(1, 4),
      changed(1, 0),
      changed(2, 8),
      changed(2, 12),
      changed(2, 10),
    ]
    const answers = await Promise.all(bodies.map((body) => ask(body)))
    for (const given of answers) {
      expect(given).toEqual(answers[0])
      expect([given.status, given.body.length]).toEqual([400, 0])
    }
  })

  test("[Z6] before the first edition, when there is no memory, and when the sender stops: a status, no body", async () => {
    const relay = await testRelay()
    const ask = (readBody: RelayRequest["readBody"]): Promise<Answer> =>
      relay.app(makeRequest({ method: "POST", target: "/tick", readBody }))
    expect(await ask(bodyOf(tickBytes({})))).toMatchObject({ status: 503, body: new Uint8Array() })
    const failing = (kind: "too-busy" | "cut-off") => async () => ({ ok: false, error: { kind } }) as const
    expect((await ask(failing("too-busy"))).status).toBe(503)
    expect((await ask(failing("cut-off"))).status).toBe(408)
  })
})

describe("[Z2] look-ups", () => {
  test("[Z2] two relays' answers give the wanted row, at every index and with any mask, and the path verifies", async () => {
    const a = await line()
    const b = await line({ relay: "B", intake: a.intake })
    const { bytes, header } = sampleBoard()
    await fc.assert(
      fc.asyncProperty(fc.nat(511), fc.nat(511), async (first, second) => {
        const masks = [random(64), random(64)] as const
        const [atA, atB] = [
          heard(await a.ask(tickBytes({ headerHash: a.hash, masks }))),
          heard(
            await b.ask(
              tickBytes({ headerHash: a.hash, masks: [withBit(masks[0], first), withBit(masks[1], second)] }),
            ),
          ),
        ]
        ;[first, second].forEach((wanted, i) => {
          const row = xor(atA.rows[i] as Uint8Array, atB.rows[i] as Uint8Array)
          const cell = verifiedCell(row, wanted, 9, header.merkleRoot)
          expect(cell).toEqual(bytes.slice(wanted * CELL_BYTES, (wanted + 1) * CELL_BYTES))
          expect(verifiedCell(row, wanted ^ 1, 9, header.merkleRoot)).toBeNull()
        })
      }),
      { numRuns: runs(40) },
    )
  })

  test("[Z2] the last five editions are kept, each with its own board, over a restart too", async () => {
    const organisation = await sampleOrganisation()
    const store = await memoryStore()
    const one = await testRelay({ store })
    const boards = Array.from({ length: 6 }, (_, i) => {
      const bytes = seededRandom(`board ${i}`)(CELL_BYTES * 512)
      return { bytes, header: { ...sampleBoard().header, merkleRoot: boardRows(bytes).root } }
    })
    const hashes: Uint8Array[] = []
    for (const [i, board] of boards.entries()) {
      const edition = { id: { term: 1, number: i + 1 }, board: board.header, boardBytes: board.bytes }
      const publication = await makePublication(organisation, edition)
      expect((await one.post("/publish", "publish", publication)).status).toBe(200)
      hashes.push(sha256((await makeEdition(organisation, edition)).header))
    }
    const restarted = await testRelay({ store })
    const onlyFirst = withBit(new Uint8Array(64), 0)
    for (const relay of [one, restarted]) {
      for (const [i, headerHash] of hashes.entries()) {
        const body = tickBytes({ headerHash, masks: [onlyFirst, onlyFirst] })
        const answer = await relay.app(
          makeRequest({ method: "POST", target: "/tick", readBody: bodyOf(body) }),
        )
        const isRow = Buffer.from(heard(answer).rows[0])
          .subarray(0, 64)
          .equals(boards[i]?.bytes.subarray(0, 64) ?? new Uint8Array())
        expect([i, isRow]).toEqual([i, i > 0])
      }
    }
  })

  test("[Z1] the header that is asked for is the newest one, whichever is named", async () => {
    const { ask, hash, publish, relay } = await line()
    await publish(2)
    const { header } = heard(await ask(tickBytes({ headerHash: hash, wantsHeader: true })), true)
    expect(header).toHaveLength(HEADER_BYTES)
    expect(header).toEqual(new Uint8Array((await relay.get("/header")).body))
  })
})

describe("[T12] the board of a publication", () => {
  test("[T12] of another size or root than the header's is refused, and so is a package without one", async () => {
    const { relay, organisation } = await line()
    const { bytes } = sampleBoard()
    const publish = async (boardBytes: Uint8Array): Promise<number> => {
      const edition = { id: { term: 1, number: 2 }, boardBytes }
      return (await relay.post("/publish", "publish", await makePublication(organisation, edition))).status
    }
    const oneBit = Uint8Array.from(bytes, (byte, i) => (i === 77_777 ? byte ^ 1 : byte))
    for (const wrong of [
      oneBit,
      new Uint8Array(),
      bytes.subarray(1),
      bytes.subarray(CELL_BYTES),
      seededRandom("twice as large")(CELL_BYTES * 1_024),
    ]) {
      expect(await publish(wrong)).toBe(422)
    }
    expect((await relay.get("/board")).status).toBe(404)
    expect(await publish(bytes)).toBe(200)
  })
})

describe("[Z7] which envelopes are kept", () => {
  test("[Z7] a good one is, whole and once; the same again is dropped", async () => {
    const { ask, hash, envelope, relay } = await line()
    const posted = await envelope(hash)
    for (let i = 0; i < 3; i++)
      expect(heard(await ask(tickBytes({ headerHash: hash, posted }))).hasRoom).toBe(true)
    expect(await headOf(relay.store)).toBe(TEST_SLOTS + 1)
    expect(await lastPosted(relay.store, 1)).toEqual([posted.envelope])
  })

  test("[Z7] at once from many connections it is kept once", async () => {
    const { ask, hash, envelope, relay } = await line()
    const posted = await envelope(hash)
    await Promise.all(Array.from({ length: 8 }, () => ask(tickBytes({ headerHash: hash, posted }))))
    expect(await headOf(relay.store)).toBe(TEST_SLOTS + 1)
  })

  test("[Z7] a puzzle solved for the other relay, another header or another envelope buys nothing", async () => {
    const a = await line()
    const b = await line({ relay: "B" })
    const second = await a.publish(2)
    const good = await a.envelope(a.hash)
    const toB = await b.envelope(b.hash, a.intake)
    const drop = async (named: Uint8Array, posted: typeof good): Promise<void> => {
      await a.ask(tickBytes({ headerHash: named, posted }))
      expect(await headOf(a.relay.store)).toBe(TEST_SLOTS)
    }
    await drop(second, good)
    await drop(random(32), good)
    await drop(a.hash, toB)
    await drop(a.hash, { ...good, nonce: random(8) })
    await drop(a.hash, {
      ...good,
      envelope: Uint8Array.from(good.envelope, (byte, i) => (i === 4_000 ? byte ^ 1 : byte)),
    })
    await a.ask(tickBytes({ headerHash: a.hash, posted: good }))
    expect(await headOf(a.relay.store)).toBe(TEST_SLOTS + 1)
  })

  test("[Z7] of intake keys the newest and the one before are taken, an older one is not", async () => {
    const { ask, publish, envelope, organisation, relay, intake: first } = await line()
    const [second, third] = [await makeIntake(organisation), await makeIntake(organisation)]
    const isTaken = async (hash: Uint8Array, to: TestIntake): Promise<boolean> => {
      const before = await headOf(relay.store)
      await ask(tickBytes({ headerHash: hash, posted: await envelope(hash, to) }))
      return (await headOf(relay.store)) === before + 1
    }
    const two = await publish(2, second)
    expect([await isTaken(two, first), await isTaken(two, second)]).toEqual([true, true])
    const three = await publish(3, third)
    expect([await isTaken(three, first), await isTaken(three, second), await isTaken(three, third)]).toEqual([
      false,
      true,
      true,
    ])
    // An edition without a key does not bring an older one back.
    const four = await publish(4, null)
    expect([await isTaken(four, first), await isTaken(four, second), await isTaken(four, third)]).toEqual([
      false,
      true,
      true,
    ])
  })

  test("[I1] under a key that duty made up nothing is taken", async () => {
    const { ask, publish, envelope, relay, intake } = await line()
    const forged = {
      ...intake,
      key: {
        ...intake.key,
        bytes: Uint8Array.from(intake.key.bytes, (byte, i) => (i === 1_300 ? byte ^ 1 : byte)),
      },
    }
    const organisation = await sampleOrganisation()
    const other = await makeIntake(organisation)
    const bad = { seed: other.seed, key: { ...other.key, bytes: forged.key.bytes } } as TestIntake
    const hash = await publish(2, bad)
    const before = await headOf(relay.store)
    await ask(tickBytes({ headerHash: hash, posted: await envelope(hash, other) }))
    expect(await headOf(relay.store)).toBe(before)
  })

  test("[Z7] an edition that is not kept any more solves no puzzle, and what was seen under it is forgotten", async () => {
    const { ask, hash, publish, envelope, relay } = await line()
    const posted = await envelope(hash)
    for (let number = 2; number <= 6; number++) await publish(number)
    await ask(tickBytes({ headerHash: hash, posted }))
    expect(await headOf(relay.store)).toBe(TEST_SLOTS)
  })
})

describe("[Z6] busy", () => {
  /** Posts until the ring is full of what nobody has acknowledged. */
  async function full(store: RelayStore): Promise<void> {
    for (let i = 0; i < TEST_SLOTS; i += 64) {
      await Promise.all(Array.from({ length: 64 }, () => store.post(random(ENVELOPE_BYTES))))
    }
  }

  test("[Z6] is said to everybody alike, and nothing is kept; room again once desks have acknowledged", async () => {
    const { ask, hash, envelope, relay } = await line()
    await full(relay.store)
    relay.clock.ms += 1_000
    const good = await envelope(hash)
    const bodies = [
      tickBytes({ headerHash: hash }),
      tickBytes({}),
      tickBytes({ headerHash: hash, posted: good }),
      tickBytes({ headerHash: hash, posted: { ...good, nonce: random(8) } }),
      tickBytes({ headerHash: hash, posted: { nonce: random(8), envelope: random(ENVELOPE_BYTES) } }),
    ]
    for (const body of bodies) expect(heard(await ask(body)).hasRoom).toBe(false)
    expect(await headOf(relay.store)).toBe(2 * TEST_SLOTS)

    const upTo = new ByteWriter().u64(TEST_SLOTS + 1).bytes()
    expect((await relay.post("/ring/acknowledge", "acknowledge", upTo)).status).toBe(200)
    for (const body of [bodies[0], bodies[1], bodies[4]])
      expect(heard(await ask(body as Uint8Array)).hasRoom).toBe(true)
    // The one that was told "busy" comes again and is taken, into the only slot.
    expect(heard(await ask(bodies[2] as Uint8Array)).hasRoom).toBe(true)
    expect(await lastPosted(relay.store, 1)).toEqual([good.envelope])
    for (const body of bodies) expect(heard(await ask(body)).hasRoom).toBe(false)
  })

  test("[Z6] the last place counts as taken while an envelope is on its way to it", async () => {
    const { ask, hash, envelope, relay } = await line()
    await full(relay.store)
    await relay.post("/ring/acknowledge", "acknowledge", new ByteWriter().u64(TEST_SLOTS + 1).bytes())
    relay.clock.ms += 1_000
    const posted = await envelope(hash)
    const { post } = relay.store
    let letGo = (): void => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    Object.assign(relay.store, {
      post: (bytes: Uint8Array) => held.then(() => post.call(relay.store, bytes)),
    })
    const first = ask(tickBytes({ headerHash: hash, posted }))
    const garbage = { nonce: random(8), envelope: random(ENVELOPE_BYTES) }
    for (const body of [tickBytes({}), tickBytes({ headerHash: hash, posted: garbage })]) {
      expect(heard(await ask(body)).hasRoom).toBe(false)
    }
    letGo()
    expect(heard(await first).hasRoom).toBe(true)
    expect(await lastPosted(relay.store, 1)).toEqual([posted.envelope])
  })

  test("[Z8] of many at once for the last slots, as many are told room as are kept", async () => {
    const { ask, hash, envelope, relay } = await line()
    await full(relay.store)
    await relay.post("/ring/acknowledge", "acknowledge", new ByteWriter().u64(TEST_SLOTS + 3).bytes())
    relay.clock.ms += 1_000
    const posts = await Promise.all(Array.from({ length: 8 }, () => envelope(hash)))
    const answers = await Promise.all(posts.map((posted) => ask(tickBytes({ headerHash: hash, posted }))))
    const kept = await lastPosted(relay.store, 3)
    expect(answers.filter((answer) => heard(answer).hasRoom)).toHaveLength(3)
    answers.forEach((answer, i) => {
      const isKept = kept.some((bytes) => Buffer.from(bytes).equals(posts[i]?.envelope ?? new Uint8Array()))
      expect(isKept).toBe(heard(answer).hasRoom)
    })
  })

  test("[T18] while the disk refuses everybody is told busy, and look-ups go on; the first that is written ends it", async () => {
    const { ask, hash, envelope, relay } = await line()
    const { post } = relay.store
    Object.assign(relay.store, { post: async () => ({ ok: false, error: { kind: "unavailable" } }) })
    const good = await envelope(hash)
    expect(heard(await ask(tickBytes({ headerHash: hash, posted: good }))).hasRoom).toBe(false)
    for (const body of [
      tickBytes({}),
      tickBytes({ posted: { nonce: random(8), envelope: random(ENVELOPE_BYTES) } }),
    ]) {
      expect(heard(await ask(body)).hasRoom).toBe(false)
    }
    Object.assign(relay.store, { post })
    // It was not stored, so it counts as new.
    expect(heard(await ask(tickBytes({ headerHash: hash, posted: good }))).hasRoom).toBe(true)
    expect(heard(await ask(tickBytes({}))).hasRoom).toBe(true)
    expect(await lastPosted(relay.store, 1)).toEqual([good.envelope])
  })

  test("[Z8] [G23] of an envelope that may be stored and may not nobody is told busy, nor room: the answer counts as lost", async () => {
    const { ask, hash, envelope, relay } = await line()
    const { post } = relay.store
    Object.assign(relay.store, {
      post: async (bytes: Uint8Array) => {
        await post.call(relay.store, bytes)
        return { ok: false, error: { kind: "unavailable", mayBeStored: true } }
      },
    })
    const good = await envelope(hash)
    const asked = tickBytes({ headerHash: hash, posted: good })
    for (let tries = 0; tries < 2; tries += 1) {
      const { status, body } = await ask(asked)
      expect([status, body.length]).toEqual([503, 0])
    }
    // Whoever brought none that was worth posting hears what is known: the disk refuses.
    expect(heard(await ask(tickBytes({}))).hasRoom).toBe(false)
    Object.assign(relay.store, { post })
    expect(heard(await ask(asked)).hasRoom).toBe(true)
  })
})

describe("the ring to desks", () => {
  const read = async (relay: TestRelay, from: number, limit: number) => {
    const { status, body } = await relay.post(
      "/ring/read",
      "read",
      new ByteWriter().u64(from).u16(limit).bytes(),
    )
    const out = new ByteReader(new Uint8Array(body))
    return { status, head: out.u64(), acknowledged: out.u64(), first: out.u64(), bytes: out.left }
  }

  test("[R3] envelopes are read by position, 64 at most; [R4] and acknowledged, never taken back", async () => {
    const { ask, hash, envelope, relay } = await line()
    await ask(tickBytes({ headerHash: hash, posted: await envelope(hash) }))
    expect(await read(relay, 0, 64)).toEqual({
      status: 200,
      head: 1_025,
      acknowledged: 1_024,
      first: 1,
      bytes: 64 * 4_096,
    })
    expect(await read(relay, 1_024, 64)).toMatchObject({ first: 1_024, bytes: 4_096 })
    expect((await relay.post("/ring/read", "read", new ByteWriter().u64(0).u16(65).bytes())).status).toBe(400)
    const acknowledge = async (position: number): Promise<number> => {
      const { status, body } = await relay.post(
        "/ring/acknowledge",
        "acknowledge",
        new ByteWriter().u64(position).bytes(),
      )
      expect(status).toBe(200)
      return new ByteReader(new Uint8Array(body)).u64()
    }
    expect([await acknowledge(1_025), await acknowledge(3), await acknowledge(9_999)]).toEqual([
      1_025, 1_025, 1_025,
    ])
  })

  test("[T18] a store that is away is 507 for both", async () => {
    const { relay } = await line()
    const unavailable = async () => ({ ok: false, error: { kind: "unavailable" } })
    Object.assign(relay.store, { readRing: unavailable, acknowledge: unavailable })
    expect((await relay.post("/ring/read", "read", new Uint8Array(10))).status).toBe(507)
    expect((await relay.post("/ring/acknowledge", "acknowledge", new Uint8Array(8))).status).toBe(507)
  })
})

test("[T19] any bytes as a tick are answered by 200 or 400, at the size that their first bytes fix", async () => {
  const { ask, hash, relay } = await line()
  const lengths = [9, 10, 11].flatMap((log2Rows) => [
    tickRequestBytes(log2Rows, false),
    tickRequestBytes(log2Rows, true),
  ])
  const anyTick = fc
    .record({
      length: fc.oneof(fc.constantFrom(...lengths), fc.nat(5_000)),
      head: fc.tuple(
        fc.constantFrom(0, 1, 1, 1),
        fc.constantFrom(0, 1, 2, 3, 4, 255),
        fc.constantFrom(8, 9, 10, 11, 12),
      ),
      named: fc.constantFrom(hash, new Uint8Array(32)),
      fill: fc.uint8Array({ maxLength: 40 }),
    })
    .map(({ length, head, named, fill }) => {
      const body = new Uint8Array(Math.max(length, 40))
      body.set(head)
      body.set(named, 3)
      body.set(fill.subarray(0, body.length - 35), 35)
      return body.subarray(0, length)
    })
  await fc.assert(
    fc.asyncProperty(anyTick, async (body) => {
      const { status, body: said } = await ask(body)
      const [version, kind = 0, log2Rows = 0] = body
      const isTick =
        version === 1 &&
        kind < 4 &&
        log2Rows > 8 &&
        log2Rows < 12 &&
        body.length === tickRequestBytes(log2Rows, kind > 1)
      expect([status, said.length]).toEqual(
        isTick ? [200, tickAnswerBytes(log2Rows, (kind & 1) === 1)] : [400, 0],
      )
    }),
    { numRuns: runs(600) },
  )
  expect(await headOf(relay.store)).toBe(TEST_SLOTS)
  expect(relay.notices).toEqual([])
})

test("[T14] a package that another process stored can be looked up in within a second", async () => {
  const store = await memoryStore()
  const relay = await testRelay({ store })
  const organisation = await sampleOrganisation()
  for (const number of [1, 2]) {
    const id = { term: 1, number }
    must(await store.publish({ id, package: await makePackage(organisation, { id }) }))
  }
  relay.clock.ms += 1_000
  const body = tickBytes({ wantsHeader: true })
  const answer = await relay.app(makeRequest({ method: "POST", target: "/tick", readBody: bodyOf(body) }))
  expect(heard(answer, true).header).toEqual(new Uint8Array((await relay.get("/header")).body))
})

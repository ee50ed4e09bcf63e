/**
 * Two real relays behind real sockets, with a page whose visits take seconds, and what desk and duty would do: envelopes are
 * opened, replies placed. For the page alone; the programs themselves meet in other tests.
 */
import { randomBytes } from "node:crypto"
import type { Server } from "node:http"
import type { AddressInfo } from "node:net"
import { type LiveThread, makeBoard } from "@kunak/core/board/make-board"
import { boardRows } from "@kunak/core/board/merkle"
import { OPENED_ONLY, type Part, REPLY_ID_BYTES, sealPart } from "@kunak/core/board/part"
import { openEnvelope, parseEnvelope } from "@kunak/core/envelope/envelope"
import { type Letter, MESSAGE_ID_BYTES, type Message } from "@kunak/core/envelope/letter"
import { MAX_PART_TEXT_BYTES, RING_READ_ENVELOPES } from "@kunak/core/parameters"
import type { PhraseLanguage } from "@kunak/core/phrase/language"
import { rootFromPhrase } from "@kunak/core/phrase/phrase"
import { readPhrase } from "@kunak/core/phrase/read"
import { must } from "@kunak/core/result"
import { kemOpener, sha256 } from "@kunak/core/suite"
import {
  type EditionOptions,
  makeEdition,
  makeOrganisation,
  type Organisation,
} from "@kunak/core/testing/organisation"
import { splitText } from "@kunak/core/text/split-text"
import {
  placingKeysOf,
  replyKeyOf,
  type ThreadRoot,
  threadIdOf,
  type WeekKey,
  weekKeyOf,
} from "@kunak/core/thread/keys"
import { type Instant, instantFromMs, plusSeconds, weekOf } from "@kunak/core/time/instant"
import { renderPage } from "@kunak/page/document/render"
import { QUICK } from "@kunak/page/testing/five-warnings"
import { sampleTemplate } from "@kunak/page/testing/page-site"
import { type App, createApp } from "@kunak/relay/app"
import { bearer } from "@kunak/relay/capability"
import { httpServer } from "@kunak/relay/http/server"
import { httpSettings } from "@kunak/relay/http/settings"
import type { RelayStore } from "@kunak/relay/store/contract"
import { makeIntake, type TestIntake } from "@kunak/relay/testing/hotline"
import { memoryStore, TEST_SLOTS } from "@kunak/relay/testing/memory-store"
import {
  bodyOf,
  capabilities,
  capabilityHashes,
  makePublication,
  makeRequest,
} from "@kunak/relay/testing/test-relay"

/** What visitors' requests go through on their way to a relay. @returns the origin that the charter then names. */
export type Front = (relay: "A" | "B", port: number) => Promise<string>

interface LineRelay {
  readonly origin: string
  readonly server: Server
  app: App
  store: RelayStore
  /** Does not answer ticks. */
  isDown: boolean
}

/** What a letter gives a desk to answer by. */
export type Writer = Pick<Letter, "threadId" | "weekKeys"> & {
  readonly message: Pick<Message, "id"> | null
}

export interface PageLine {
  readonly organisation: Organisation
  readonly a: LineRelay
  readonly b: LineRelay
  readonly requests: string[]
  /** The next edition, with these threads' replies on its board. */
  publish(threads?: readonly LiveThread[], change?: EditionOptions): Promise<void>
  /** What pages have said, "nothing" left out. */
  letters(): Promise<readonly Letter[]>
  /** Whoever has these words, as a letter of theirs would name them. */
  writerOf(words: readonly string[], language?: PhraseLanguage): Promise<Writer>
  /** A reply to whoever wrote this letter; of its parts only some, where they are named. */
  replyTo(letter: Writer, text: string, places?: readonly number[]): Promise<LiveThread>
  /** What only says that this letter was opened. */
  openedOf(letter: Writer): Promise<LiveThread>
  close(): Promise<void>
}

const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))
const now = (): Instant => instantFromMs(Date.now())
const notYet: App = async () => ({ status: 503, headers: {}, body: new Uint8Array() })

const straight: Front = async (_relay, port) => `http://127.0.0.1:${port}`

async function openRelay(requests: string[], name: "A" | "B", front: Front): Promise<LineRelay> {
  const settings = { ...httpSettings }
  const relay: Partial<LineRelay> & { app: App; isDown: boolean } = { app: notYet, isDown: false }
  const server = httpServer((request) => {
    requests.push(`${name} ${request.method} ${request.target}`)
    return relay.app(request)
  }, settings)
  server.prependListener("request", (message) => {
    if (relay.isDown && message.url === "/tick") message.socket.destroy()
  })
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  const origin = await front(name, (server.address() as AddressInfo).port)
  return Object.assign(relay, { server, origin, store: await memoryStore(TEST_SLOTS) })
}

export async function openLine(tickMs = 1_200, front: Front = straight): Promise<PageLine> {
  const requests: string[] = []
  const [a, b] = [await openRelay(requests, "A", front), await openRelay(requests, "B", front)]
  const start = now()
  const organisation = await makeOrganisation({
    ...QUICK,
    now: start,
    relays: [{ web: a.origin }, { web: b.origin }],
    change: (charter) => ({ ...charter, tickMs }),
  })
  const { chain } = organisation
  for (const relay of [a, b]) {
    relay.app = createApp({
      chain,
      store: relay.store,
      capabilities: capabilityHashes,
      termKey: relay === a ? organisation.relayA : null,
      now,
      clockMs: () => performance.now(),
      report: () => {},
    })
  }
  const intake: TestIntake = await makeIntake(organisation, start)
  const template = await sampleTemplate()
  let number = 0

  async function publish(threads: readonly LiveThread[] = [], change: EditionOptions = {}): Promise<void> {
    number += 1
    const board = await makeBoard(threads, number, random)
    const { root } = boardRows(board.bytes)
    const options: EditionOptions = {
      id: { term: 1, number },
      issued: now(),
      intakeKey: intake.key.bytes,
      board: { log2Rows: board.log2Rows, salt: board.salt, merkleRoot: root, puzzleBits: 8 },
      ...change,
    }
    const edition = await makeEdition(organisation, options)
    const page = renderPage(template, edition, "web")
    const files = ["page.web.html", "page.onion.html", "feed.atom"].map((name) => ({
      name,
      bytes: name === "page.web.html" ? page : new Uint8Array(10),
    }))
    const body = await makePublication(organisation, { ...options, boardBytes: board.bytes, files })
    for (const { app } of [a, b]) {
      const { status } = await app(
        makeRequest({
          method: "POST",
          target: "/publish",
          authorization: bearer(capabilities.publish),
          readBody: bodyOf(body),
        }),
      )
      if (status !== 200) throw new TypeError(`a relay answers ${status}`)
    }
  }

  async function letters(): Promise<readonly Letter[]> {
    const opener = await kemOpener(intake.seed)
    const found: Letter[] = []
    for (const { store } of [a, b]) {
      const { head, slots } = must(await store.ringState())
      const { envelopes } = must(
        await store.readRing(Math.max(slots, head - RING_READ_ENVELOPES), RING_READ_ENVELOPES),
      )
      for (const bytes of envelopes) {
        const envelope = parseEnvelope(new Uint8Array(bytes))
        const letter = envelope && (await openEnvelope(envelope, opener, chain.organisationId))
        if (letter) found.push(letter)
      }
    }
    return found
  }

  async function writerOf(words: readonly string[], language: PhraseLanguage = "ru"): Promise<Writer> {
    const phrase = must(readPhrase(language, words.join(" ")))
    const root = (await rootFromPhrase(phrase, chain.organisationId)) as ThreadRoot
    const week = weekOf(now())
    return {
      threadId: await threadIdOf(root),
      weekKeys: [await weekKeyOf(root, week)],
      message: { id: random(MESSAGE_ID_BYTES) },
    }
  }

  /** What a desk says to whoever wrote this letter, in these parts. */
  async function sealed(
    { threadId, weekKeys: [weekKey], message }: Writer,
    pieces: readonly string[],
    sequence: (place: number) => number,
    places: readonly number[] = pieces.map((_, place) => place),
  ): Promise<LiveThread> {
    // Of the same text the same, so that its parts can be placed one after the other.
    const replyId = sha256(new TextEncoder().encode(pieces.join(""))).slice(0, REPLY_ID_BYTES)
    const replyKey = await replyKeyOf(weekKey as WeekKey)
    const parts = pieces.map(
      (piece, place): Part => ({
        sequence: sequence(place),
        replyId,
        place,
        parts: pieces.length,
        written: now(),
        expires: plusSeconds(now(), 86_400),
        opened: message ? [message.id] : [],
        openedAt: now(),
        text: piece,
      }),
    )
    return {
      keys: await placingKeysOf(weekKey as WeekKey),
      parts: await Promise.all(
        parts
          .filter(({ place }) => places.includes(place))
          .map((part) => sealPart(part, threadId, replyKey, random)),
      ),
    }
  }

  return {
    organisation,
    a,
    b,
    requests,
    publish,
    letters,
    writerOf,
    replyTo: (letter, text, places) => {
      const pieces = splitText(text, MAX_PART_TEXT_BYTES)
      return sealed(letter, pieces, (place) => 16 * (place + 1), places)
    },
    openedOf: (letter) => sealed(letter, [""], () => OPENED_ONLY),
    close: async () => {
      for (const { server } of [a, b]) {
        server.closeAllConnections()
        await new Promise<void>((done) => server.close(() => done()))
      }
    },
  }
}

/** What is public now, for a new paper: from the ceremony's folder, saved pages, addresses, finished papers. */
import { readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import { equalBytes } from "@kunak/core/bytes/equal"
import type { CharterChain } from "@kunak/core/charter/charter"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import type { Delegation } from "@kunak/core/delegation/delegation"
import { type Edition, verifyEdition } from "@kunak/core/edition/verify"
import type { Revocation } from "@kunak/core/revocation/revocation"
import type { Veto } from "@kunak/core/warning/veto"
import type { Warning } from "@kunak/core/warning/warning"
import { type EmbeddedEdition, extractEdition } from "@kunak/page/document/extract"
import { decodeDelegations } from "../ceremony/delegations-file.ts"
import { Failure } from "../failure.ts"
import { isPinned } from "../verify/knowledge.ts"
import { verifiedDelegations } from "./delegations.ts"
import { fetchPage } from "./fetch-page.ts"
import { finishPaper } from "./finish.ts"
import { judgePaper } from "./judge.ts"
import { decodePaper } from "./paper.ts"

export interface SeenEdition {
  readonly edition: Edition
  readonly embedded: EmbeddedEdition
}

export interface Known {
  readonly chain: CharterChain
  /** In the order of their weeks; those of a later charter after those of an earlier one. */
  readonly delegations: readonly Delegation[]
  /** Oldest first. */
  readonly editions: readonly SeenEdition[]
  /** As the newest edition has them. */
  readonly warnings: readonly Warning[]
  /** Of every source. */
  readonly revocations: readonly Revocation[]
  readonly vetoes: readonly Veto[]
}

export interface KnownOptions {
  /** As printed: refuses another organisation's sources. */
  readonly fingerprint?: string
  readonly socks?: string
}

/** One source, its charter verified, its delegations not yet. */
interface Source {
  readonly chain: CharterChain
  readonly delegations: readonly Uint8Array[]
  readonly edition: SeenEdition | null
}

/** @param sources folders, files or addresses: together they are what is known. */
export async function knownFrom(sources: readonly string[], options: KnownOptions = {}): Promise<Known> {
  const read: Source[] = []
  for (const source of sources) read.push(await readSource(source, options.socks))
  const first = read[0]
  if (!first)
    throw new Failure("Say what is public now: --from FOLDER, a saved page, or an address.", "usage")
  const chain = read.map((source) => source.chain).reduce(longer)
  isPinned(chain, options.fingerprint)
  const editions = read
    .flatMap(({ edition }) => (edition ? [edition] : []))
    .sort((a, b) => a.edition.header.issued - b.edition.header.issued)
  const bulletins = editions.map(({ edition }) => edition.bulletin)
  return {
    chain,
    delegations: await verifiedDelegations(
      read.flatMap((source) => source.delegations),
      chain,
    ),
    editions,
    warnings: bulletins.at(-1)?.warnings ?? [],
    revocations: once(bulletins.flatMap(({ revocations }) => revocations)),
    vetoes: once(bulletins.flatMap(({ vetoes }) => vetoes)),
  }
}

/** @throws Failure unless one continues the other. */
function longer(a: CharterChain, b: CharterChain): CharterChain {
  const [short, long] = a.links.length <= b.links.length ? [a, b] : [b, a]
  const continues = short.links.every(({ hash }, i) =>
    equalBytes(hash, long.links[i]?.hash ?? new Uint8Array()),
  )
  if (continues) return long
  throw new Failure(
    equalBytes(a.organisationId, b.organisationId)
      ? "Two of the sources have charters of this organisation that contradict each other: do not go on before all signers have spoken to each other."
      : "The sources belong to different organisations: give only those of one.",
    "different-charters",
    1,
  )
}

const once = <T extends { readonly hash: Uint8Array }>(items: readonly T[]): readonly T[] =>
  items.filter((item, i) => items.findIndex(({ hash }) => equalBytes(hash, item.hash)) === i)

async function readSource(source: string, socks: string | undefined): Promise<Source> {
  if (/^https?:\/\//.test(source)) return await fromPage(await fetchPage(source, socks), source)
  const info = await stat(source).catch(() => null)
  if (!info) throw new Failure(`${source} is not there: check the path.`, "no-file")
  if (info.isDirectory()) return await fromFolder(source)
  const bytes = new Uint8Array(await readFile(source))
  const text = new TextDecoder().decode(bytes)
  if (/^\s*<!doctype html/i.test(text)) return await fromPage(text, source)
  if (text.startsWith("{")) return await fromPaper(text, source)
  return { chain: await charterOf(bytes, source), delegations: [], edition: null }
}

async function charterOf(bytes: Uint8Array, source: string): Promise<CharterChain> {
  const chain = await verifyCharterChain(bytes, null)
  if (chain.ok) return chain.value
  throw new Failure(
    chain.error.kind === "malformed-charter"
      ? `${source} is neither a charter, a folder with one, a saved page, nor a finished paper.`
      : `The charter in ${source} does not verify (${chain.error.kind}): do not use it.`,
    chain.error.kind,
    chain.error.kind === "malformed-charter" ? 2 : 1,
  )
}

/** The ceremony's folder, or the `public` folder in it. */
async function fromFolder(folder: string): Promise<Source> {
  for (const place of [folder, join(folder, "public")]) {
    const charter = await readFile(join(place, "charter.kunak")).catch(() => null)
    if (!charter) continue
    const file = await readFile(join(place, "delegations.kunak")).catch(() => null)
    const delegations = file ? decodeDelegations(new Uint8Array(file)) : []
    if (!delegations)
      throw new Failure(
        `${join(place, "delegations.kunak")} is damaged: take another signer's copy.`,
        "malformed-delegations",
      )
    return {
      chain: await charterOf(new Uint8Array(charter), join(place, "charter.kunak")),
      delegations,
      edition: null,
    }
  }
  throw new Failure(
    `${folder} holds no charter.kunak: name the ceremony's folder, or its folder "public".`,
    "no-charter",
  )
}

async function fromPage(html: string, source: string): Promise<Source> {
  const embedded = extractEdition(html)
  if (!embedded)
    throw new Failure(
      `There is no edition in ${source}: it is no page of Kunak's, or it is cut off.`,
      "no-edition",
    )
  const edition = await verifyEdition(embedded.header, embedded.bulletin, null)
  if (!edition.ok)
    throw new Failure(
      `The edition in ${source} does not verify (${edition.error.kind}).`,
      edition.error.kind,
      1,
    )
  const { chain, delegations } = edition.value.bulletin
  return {
    chain,
    delegations: [...delegations.map(({ bytes }) => bytes), edition.value.header.delegation],
    edition: { edition: edition.value, embedded },
  }
}

/** A finished paper says what it will make public. */
async function fromPaper(text: string, source: string): Promise<Source> {
  const paper = decodePaper(text)
  if (!paper) throw new Failure(`${source} is no paper, or it is cut off.`, "malformed-paper")
  const finished = await finishPaper(await judgePaper(paper))
  return {
    chain: finished.chain,
    delegations: [...paper.delegations, ...finished.delegations],
    edition: null,
  }
}

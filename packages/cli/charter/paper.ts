/**
 * A paper: what charter signers pass from hand to hand while they sign, far from each other and offline.
 * A JSON file with the bytes to be signed, what they are judged by, and the signatures so far. docs/ceremony.md
 *
 * Nothing in it is believed: what a signer is shown is made from the bytes that the signature covers (rule Y3).
 */
import { fromBase64, toBase64 } from "@kunak/core/bytes/base64"
import { SIGNATURE_BYTES } from "@kunak/core/keys"
import { type Domain, type IndexedSignature, MAX_SIGNATURES } from "@kunak/core/signature/signed"
import type { WarningText } from "@kunak/core/warning/warning"
import type { EmbeddedEdition } from "@kunak/page/document/extract"

export const PAPER_KINDS = [
  "delegations",
  "all-clear-proposal",
  "all-clear",
  "veto",
  "revocation",
  "charter",
] as const
export type PaperKind = (typeof PAPER_KINDS)[number]

export interface PaperObject {
  readonly domain: Domain
  readonly body: Uint8Array
  /** Of all-clears and their proposals: every language. */
  readonly texts: readonly WarningText[]
  /** By the charter's signers; of a new charter: by its own. */
  readonly signatures: readonly IndexedSignature[]
  /** Of a new charter: by the signers of the one before. */
  readonly byPrevious: readonly IndexedSignature[]
}

export interface Paper {
  readonly kind: PaperKind
  /** The charter in force when the paper was written. */
  readonly charterChain: Uint8Array
  /** Signed ones, newest last: what keys are called, and what changes. */
  readonly delegations: readonly Uint8Array[]
  /** Editions that stood in public: the warning to be cleared, and that its proposal was there for a day. */
  readonly editions: readonly EmbeddedEdition[]
  readonly objects: readonly PaperObject[]
}

const VERSION = 1
/** Two editions of 256 KiB in base64, and room. */
export const MAX_PAPER_LETTERS = 2 * 1024 * 1024
const MOST_OBJECTS = 27

export function encodePaper(paper: Paper): string {
  const signatures = (list: readonly IndexedSignature[]) =>
    list.map(({ index, signature }) => ({ signer: index + 1, signature: toBase64(signature) }))
  return `${JSON.stringify(
    {
      kunak: "paper",
      version: VERSION,
      kind: paper.kind,
      charterChain: toBase64(paper.charterChain),
      delegations: paper.delegations.map(toBase64),
      editions: paper.editions.map(({ header, bulletin }) => ({
        header: toBase64(header),
        bulletin: toBase64(bulletin),
      })),
      objects: paper.objects.map((object) => ({
        domain: object.domain,
        body: toBase64(object.body),
        texts: object.texts,
        signatures: signatures(object.signatures),
        byPrevious: signatures(object.byPrevious),
      })),
    },
    null,
    1,
  )}\n`
}

const DOMAIN_OF: Readonly<Record<PaperKind, readonly Domain[]>> = {
  delegations: ["delegation"],
  "all-clear-proposal": ["warning"],
  "all-clear": ["warning"],
  veto: ["veto"],
  revocation: ["revocation"],
  // With it the weeks that the old charter's signers can no longer delegate (rule D3).
  charter: ["charter", "delegation"],
}

/** @returns null for anything but a paper of this version. Nothing is verified: that is `judgePaper`. */
export function decodePaper(text: string): Paper | null {
  const json = text.length <= MAX_PAPER_LETTERS ? record(parse(text)) : null
  const kind = PAPER_KINDS.find((known) => known === json?.kind)
  if (json?.kunak !== "paper" || json.version !== VERSION || !kind) return null
  const charterChain = bytes(json.charterChain)
  const delegations = each(json.delegations, bytes)
  const editions = each(json.editions, edition)
  const objects = each(json.objects, object)
  if (!charterChain || !delegations || !editions || !objects) return null
  const domains = DOMAIN_OF[kind]
  const known = objects.every(({ domain }, i) => domain === domains[Math.min(i, domains.length - 1)])
  const several = kind === "delegations" || kind === "charter"
  const count = objects.length >= 1 && objects.length <= (several ? MOST_OBJECTS : 1)
  return known && count ? { kind, charterChain, delegations, editions, objects } : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const record = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null

const bytes = (value: unknown): Uint8Array | null => (typeof value === "string" ? fromBase64(value) : null)

function each<T>(value: unknown, read: (item: unknown) => T | null): readonly T[] | null {
  if (!Array.isArray(value) || value.length > 255) return null
  const items = value.map(read)
  return items.every((item) => item !== null) ? (items as T[]) : null
}

function edition(value: unknown): EmbeddedEdition | null {
  const given = record(value)
  const [header, bulletin] = [bytes(given?.header), bytes(given?.bulletin)]
  return header && bulletin ? { header, bulletin } : null
}

function object(value: unknown): PaperObject | null {
  const given = record(value)
  const body = bytes(given?.body)
  const texts = each(given?.texts, warningText)
  const signatures = signatureList(given?.signatures)
  const byPrevious = signatureList(given?.byPrevious)
  if (!body || !texts || !signatures || !byPrevious) return null
  return { domain: given?.domain as Domain, body, texts, signatures, byPrevious }
}

function warningText(value: unknown): WarningText | null {
  const { language, headline, description, instruction } = record(value) ?? {}
  return typeof language === "string" &&
    typeof headline === "string" &&
    typeof description === "string" &&
    typeof instruction === "string"
    ? { language, headline, description, instruction }
    : null
}

function signatureList(value: unknown): readonly IndexedSignature[] | null {
  const list = each(value, (item): IndexedSignature | null => {
    const given = record(item)
    const signature = bytes(given?.signature)
    const index = Number.isInteger(given?.signer) ? (given?.signer as number) - 1 : -1
    return signature?.length === SIGNATURE_BYTES && index >= 0 && index < 256 ? { index, signature } : null
  })
  const rising = list?.every((item, i) => i === 0 || item.index > (list[i - 1]?.index ?? 255))
  return rising && list && list.length <= MAX_SIGNATURES ? list : null
}

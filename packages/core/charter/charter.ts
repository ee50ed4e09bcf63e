/** The charter: what the organisation is, signed by its people offline. docs/protocol.md §3. */
import type { Brand } from "../brand.ts"
import type { PublicKey } from "../keys.ts"
import type { ObjectHash } from "../signature/signed.ts"
import type { Instant } from "../time/instant.ts"
import type { Certainty, Response, Severity, Urgency } from "../warning/scale.ts"

/** Hash of the first charter (rule C1): salts every derivation and is what partners print on paper. */
export type OrganisationId = Brand<Uint8Array, "OrganisationId">

/** BCP 47, lower case: "ru", "en", "ce". */
export type Language = string

export interface Relay {
  /** Signs terms; only relay A's is used. */
  readonly termKey: PublicKey<"relay-term">
  /** "https://…", without a path. */
  readonly web: string
  /** "http://….onion", or "" without one. */
  readonly onion: string
}

/** An area that a slot may name. A smaller area lies in its `parent`; 0 is none. */
export interface Area {
  readonly id: number
  readonly parent: number
  /** In the order of `languages`. */
  readonly names: readonly string[]
}

/** A danger wording that one officer may publish: texts with the slots {area} and {since}. */
export interface Wording {
  readonly id: number
  readonly severity: Severity
  readonly urgency: Urgency
  readonly certainty: Certainty
  readonly responses: readonly Response[]
  /** Longest validity of a warning so worded. */
  readonly maxHours: number
  /** In the order of `languages`. */
  readonly texts: readonly WordingText[]
}

export interface WordingText {
  readonly headline: string
  readonly description: string
  readonly instruction: string
}

export interface CharterLanguage {
  readonly tag: Language
  readonly organisation: string
  /** How to reach the line otherwise: plain text, lines kept. */
  readonly contact: string
  /** "Moscow time", beside every time. */
  readonly zoneName: string
  /** Who reviewed the texts "if you are detained" in this language, and their hash; "" until somebody has. */
  readonly reviewer: string
  readonly reviewedTexts: Uint8Array
}

export interface Charter {
  /** A demonstration says so on every page and is served on loopback only (rule C6). */
  readonly demonstration: boolean
  /** The last charter of its organisation: nobody reads here any more (rule C8). */
  readonly closed: boolean
  readonly sequence: number
  /** Hash of the charter before; 32 zeros in the first. */
  readonly previous: Uint8Array
  readonly issued: Instant
  readonly expires: Instant
  /** k of the n signers. */
  readonly threshold: number
  readonly signers: readonly PublicKey<"charter-signing">[]
  /** A, then B. */
  readonly relays: readonly [Relay, Relay]
  readonly offsetMinutes: number
  readonly languages: readonly CharterLanguage[]
  readonly areas: readonly Area[]
  readonly wordings: readonly Wording[]
  /** SHA-256 of the page templates that this organisation serves. */
  readonly templates: readonly Uint8Array[]
  readonly editionSeconds: number
  /** Between two ticks of a visit; other than a minute only in a demonstration (docs/protocol.md §21). */
  readonly tickMs: number
  /** The ring has 2^log2Slots slots. */
  readonly log2Slots: number
}

/** Charters whose chain of signatures has been verified; the last is in force. */
export type CharterChain = Brand<CharterLinks, "CharterChain">

export interface CharterLinks {
  readonly organisationId: OrganisationId
  readonly links: readonly VerifiedCharter[]
  readonly current: VerifiedCharter
  /** The chain as it was read. */
  readonly bytes: Uint8Array
}

export interface VerifiedCharter {
  readonly hash: ObjectHash
  readonly charter: Charter
}

export const charterByHash = (chain: CharterChain, hash: Uint8Array): VerifiedCharter | undefined =>
  chain.links.find((link) => link.hash.every((byte, i) => byte === hash[i]))

/** Index of a language in the charter's lists, or -1. */
export const languageIndex = (charter: Charter, tag: Language): number =>
  charter.languages.findIndex((language) => language.tag === tag)

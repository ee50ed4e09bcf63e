/** Warnings: what is signed, and what a verified one is. docs/protocol.md §6. */
import type { Brand } from "../brand.ts"
import type { Language, OrganisationId, WordingText } from "../charter/charter.ts"
import type { IndexedSignature, ObjectHash } from "../signature/signed.ts"
import type { Instant } from "../time/instant.ts"
import type { Certainty, Response, Severity, Urgency } from "./scale.ts"

/** Random, not sortable: it must not tell when or in which order warnings were written. */
export type WarningId = Brand<Uint8Array, "WarningId">
export const WARNING_ID_BYTES = 16

/** Text in one language. Bound to the core by hash, so that a forward carries its own language only. */
export interface WarningText extends WordingText {
  readonly language: Language
}

/**
 * approved: a danger in a wording of the charter, with slots; one officer.
 * free: a danger in free text; two officers.
 * withdrawal: "do not rely on that warning": not an all-clear; two officers.
 * all-clear-proposal, all-clear: k charter signers each, a day apart (rule W9).
 */
export type WarningContent =
  | { readonly kind: "approved"; readonly wording: number; readonly since: Instant }
  | { readonly kind: "free"; readonly texts: readonly TextHash[] }
  | { readonly kind: "withdrawal" }
  | { readonly kind: "all-clear-proposal"; readonly texts: readonly TextHash[] }
  | { readonly kind: "all-clear"; readonly texts: readonly TextHash[] }

export type WarningKind = WarningContent["kind"]

export interface TextHash {
  readonly language: Language
  /** SHA-256 of the text's canonical bytes. */
  readonly hash: Uint8Array
}

/** Everything that is signed. */
export interface WarningCore {
  readonly organisationId: OrganisationId
  /** The charter whose wordings, areas and signers are meant. */
  readonly charterHash: ObjectHash
  /** Hash of the delegation whose officers sign; 32 zeros when charter signers do. */
  readonly delegationHash: ObjectHash
  readonly id: WarningId
  /** 0 first; each update, withdrawal, proposal and all-clear one more. */
  readonly sequence: number
  /** Hash of the core that this one replaces; 32 zeros when it replaces none. */
  readonly supersedes: ObjectHash
  readonly signedAt: Instant
  readonly effective: Instant
  readonly expires: Instant
  readonly severity: Severity
  readonly urgency: Urgency
  readonly certainty: Certainty
  readonly responses: readonly Response[]
  /** Ids of the charter's areas. */
  readonly areas: readonly number[]
  readonly content: WarningContent
}

/** As it travels: nothing is trusted yet. */
export interface SignedWarning {
  /** Encoded core. */
  readonly body: Uint8Array
  readonly signatures: readonly IndexedSignature[]
  /** Of free texts and all-clears: all languages in an edition, one in a forward. */
  readonly texts: readonly WarningText[]
}

/** The only thing that page, feeds and forwards show; made by `verifyWarning` alone. */
export type Warning = Brand<
  {
    readonly hash: ObjectHash
    readonly core: WarningCore
    /** Filled in and ready to show; none for a withdrawal, else at least one. */
    readonly texts: readonly WarningText[]
    readonly signed: SignedWarning
    /** How many valid signatures of keys that are not revoked. */
    readonly signatures: number
  },
  "Warning"
>

export const isDanger = (core: WarningCore): boolean =>
  core.content.kind === "approved" || core.content.kind === "free"

/** Whether charter signers, not officers, sign this kind. */
export const isSignedByCharter = (kind: WarningKind): boolean =>
  kind === "all-clear-proposal" || kind === "all-clear"

export const NO_HASH = new Uint8Array(32) as ObjectHash

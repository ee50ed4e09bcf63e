/** What the window shows of warnings: plain data, made by queries, drawn by views. */
import type { Instant } from "@kunak/core/time/instant"
import type { Certainty, Response, Severity, Urgency } from "@kunak/core/warning/scale"
import type { WarningKind } from "@kunak/core/warning/warning"
import type { BlockLength, Problem } from "./compose.ts"
import type { DraftForm } from "./form.ts"

export interface ShownText {
  readonly language: string
  readonly headline: string
  readonly description: string
  readonly instruction: string
}

/** How far a signed warning has come. */
export type Publication =
  /** Still in this desk's outbox: the relays could not be reached yet. */
  | { readonly kind: "waiting-to-leave" }
  /** In the staff log; duty takes it into the next edition. */
  | { readonly kind: "handed-over"; readonly nextEditionInSeconds: number }
  | { readonly kind: "on-the-page"; readonly term: number; readonly number: number }

export type Phase = "scheduled" | "live" | "expired"
export type Outcome = "stands" | "superseded" | "withdrawn" | "cleared"

/** One line of the list. */
export type WarningItem =
  | {
      readonly kind: "draft"
      readonly id: string
      readonly headline: string
      readonly areas: string
      readonly changed: Instant
    }
  | {
      readonly kind: "waiting"
      readonly id: string
      readonly headline: string
      readonly areas: string
      readonly changed: Instant
      /** Whether this desk's officer has not signed it yet. */
      readonly mine: boolean
    }
  | {
      readonly kind: "signed"
      /** Hex hash. */
      readonly id: string
      readonly headline: string
      readonly areas: string
      readonly phase: Phase
      readonly outcome: Outcome
      readonly expires: Instant
      readonly signedAt: Instant
      readonly publication: Publication
    }

/** What is, or would be, signed, in full. */
export interface ShownWarning {
  readonly warningKind: WarningKind
  readonly texts: readonly ShownText[]
  readonly areas: string
  readonly severity: Severity
  readonly urgency: Urgency
  readonly certainty: Certainty
  readonly responses: readonly Response[]
  readonly signedAt: Instant
  readonly effective: Instant
  readonly expires: Instant
  readonly signatures: number
  readonly signaturesNeeded: number
  /** Hex SHA-256 of the bytes that are signed: what a signature on this screen is bound to. */
  readonly digest: string
}

export interface DraftCheck {
  readonly problems: readonly Problem[]
  readonly blocks: readonly BlockLength[]
  readonly shown: ShownWarning
}

export type WarningDetail =
  | {
      readonly kind: "draft"
      readonly id: string
      readonly form: DraftForm
      readonly check: DraftCheck
      readonly replaces: ShownWarning | null
    }
  | {
      readonly kind: "waiting"
      readonly id: string
      readonly shown: ShownWarning
      readonly note: string
      readonly mine: boolean
      /** What it was before its words changed; null when this desk has seen no other words. */
      readonly earlier: ShownWarning | null
      /** Why it can't be signed any more. */
      readonly problem:
        | "organisation-closed"
        | "delegation-over"
        | "past-its-time"
        | "key-not-delegated"
        | null
    }
  | {
      readonly kind: "signed"
      readonly id: string
      readonly shown: ShownWarning
      readonly phase: Phase
      readonly outcome: Outcome
      readonly publication: Publication
      readonly endedBy: ShownWarning | null
      /** Languages in which it can be forwarded. */
      readonly languages: readonly string[]
      readonly note: string
    }

export interface PublicSource {
  readonly id: string
  readonly source: string
  readonly kind: string
  readonly saidOn: string
  readonly where: string
  readonly claim: string
}

/** What the editor offers. */
export interface DeskContext {
  readonly label: string
  readonly organisation: Readonly<Record<string, string>>
  readonly fingerprint: string
  readonly demonstration: boolean
  readonly charterExpires: Instant
  readonly offsetMinutes: number
  readonly zoneNames: Readonly<Record<string, string>>
  readonly languages: readonly string[]
  readonly areas: readonly {
    readonly id: number
    readonly parent: number
    readonly names: Readonly<Record<string, string>>
  }[]
  readonly wordings: readonly {
    readonly id: number
    readonly headlines: Readonly<Record<string, string>>
    readonly maxHours: number
  }[]
  readonly now: Instant
  readonly sources: number
}

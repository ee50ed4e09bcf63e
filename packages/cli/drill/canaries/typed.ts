/** What people type in the drill's week. Each is an invented Russian word and an invented Latin one that stand nowhere else. */
import type { Canary } from "./canary.ts"
import { latinWord, russianWord } from "./words.ts"

export const TYPED = [
  "first letter",
  "second letter",
  "letter of a deleted conversation",
  "reply",
  "reply of a deleted conversation",
  "reply on the last day",
  "reply begun and not sent",
  "note on a conversation",
  "note on a deleted conversation",
  "name given to a conversation",
  "check question",
  "check answer",
  "warning begun: headline",
  "warning begun: description",
  "warning begun: instruction",
  "warning begun: note",
  "passphrase of desk 1",
  "passphrase of desk 2",
  "enrolment passphrase 1",
  "enrolment passphrase 2",
  "browser of a visitor",
] as const
export type TypedName = (typeof TYPED)[number]

export type TypedWords = Readonly<Record<TypedName, { readonly russian: string; readonly latin: string }>>

export const drawTyped = (): TypedWords =>
  Object.fromEntries(
    TYPED.map((name) => [name, { russian: russianWord(), latin: latinWord() }]),
  ) as TypedWords

/** Both words, as they stand in what is typed. */
export const wordsOf = (typed: TypedWords, name: TypedName): string =>
  `${typed[name].russian} ${typed[name].latin}`

export const typedCanaries = (typed: TypedWords): readonly Canary[] =>
  TYPED.flatMap((name) =>
    [typed[name].russian, typed[name].latin].map(
      (value): Canary => ({
        field: name,
        kind: "text",
        value,
        // Every browser says what it is, to whomever it asks.
        may: name === "browser of a visitor" ? ["wire", "relay-memory"] : [],
      }),
    ),
  )

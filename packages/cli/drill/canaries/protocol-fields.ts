/**
 * Every field of what travels: letters, replies, notes, entries, enrolments, and what a person types into the desk's
 * window. `Fields` makes the compiler refuse a field that is added to one of these types and is not watched here.
 */
import type { Part } from "@kunak/core/board/part"
import type { Capabilities, Enrolment } from "@kunak/core/enrolment/enrolment"
import type { Letter, Message } from "@kunak/core/envelope/letter"
import type { Entry, EntryKind, PlacedPart } from "@kunak/core/log/entry"
import type { FactField, FactNote, Note, OpenedLetter, ReplyNote } from "@kunak/core/log/note"
import type { HotlineRoutes } from "@kunak/desk/hotline/model"
import type { Settings } from "@kunak/desk/settings/model"
import type { DraftForm, FormText } from "@kunak/desk/warnings/form"
import { type Fields, type Holding, keyAs, plain, typedInto } from "./holding.ts"

const COUNT = plain("a count, a place or a mark")
const MOMENT = plain("a moment, inside what is sealed")
const CHOICE = plain("one of a few fixed words")
/** The same bytes stand in several columns, and are searched under the name of the first. */
const HANDLE = ["vault.thread.handle", "vault.placed_part.handle", "vault.deleted_thread.handle"]
const MESSAGE_ID = ["vault.message.id", "vault.ring_pending.item"]

export const LETTER: Fields<Letter> = {
  edition: plain("public"),
  threadId: keyAs("thread id of"),
  week: MOMENT,
  weekKeys: keyAs("week key of"),
  read: COUNT,
  message: typedInto("message.text", "first letter", "second letter"),
}
export const MESSAGE: Fields<Message> = {
  id: keyAs(MESSAGE_ID),
  text: typedInto("message.text", "first letter", "second letter"),
}
export const PART: Fields<Part> = {
  sequence: COUNT,
  replyId: keyAs("vault.reply.id"),
  place: COUNT,
  parts: COUNT,
  written: MOMENT,
  expires: MOMENT,
  opened: keyAs(MESSAGE_ID),
  openedAt: MOMENT,
  text: typedInto("reply.text", "reply"),
}
export const PLACED_PART: Fields<PlacedPart> = {
  handle: keyAs(HANDLE, "duty"),
  week: plain("duty is told"),
  keys: keyAs("placement key of", "duty"),
  sequence: plain("duty is told"),
  written: plain("duty is told"),
  expires: plain("duty is told"),
  part: plain("sealed"),
}
export const OPENED_LETTER: Fields<OpenedLetter> = {
  relay: COUNT,
  position: COUNT,
  letter: typedInto("message.text", "first letter"),
}
export const REPLY_NOTE: Fields<ReplyNote> = {
  threadId: keyAs("thread id of"),
  replyId: keyAs("vault.reply.id"),
  officer: plain("public"),
  written: MOMENT,
  expires: MOMENT,
  sequences: COUNT,
  text: typedInto("reply.text", "reply"),
}
export const FACT_NOTE: Fields<FactNote> = {
  threadId: keyAs("thread id of"),
  officer: plain("public"),
  time: MOMENT,
  field: CHOICE,
  value: typedInto("fact.value", "note on a conversation"),
}
export const FACTS: Readonly<Record<FactField, Holding>> = {
  assignee: plain("an officer's public key"),
  state: CHOICE,
  urgency: CHOICE,
  "check-question": typedInto("fact.value", "check question", "check answer"),
  note: typedInto("fact.value", "note on a conversation"),
  deleted: COUNT,
  label: typedInto("fact.value", "name given to a conversation"),
}
const ELSEWHERE = plain("a type of its own, in this list")
const PUBLIC = plain("signed and public")

/** A kind that is added to the notes, and each field of every kind. */
export const NOTES: { readonly [Kind in Note["kind"]]: Fields<Omit<Extract<Note, { kind: Kind }>, "kind">> } =
  {
    letters: { letters: ELSEWHERE },
    reply: REPLY_NOTE,
    fact: FACT_NOTE,
  }
/** The same of the entries of the log. */
export const ENTRIES: {
  readonly [Kind in EntryKind]: Fields<Omit<Extract<Entry, { kind: Kind }>, "kind">>
} = {
  warning: { warning: PUBLIC },
  receipt: { receipt: PUBLIC, vouched: PUBLIC },
  revocation: { bytes: PUBLIC },
  veto: { bytes: PUBLIC },
  delegation: { bytes: PUBLIC },
  charter: { chain: PUBLIC },
  lease: { duty: PUBLIC, term: COUNT, until: MOMENT },
  draft: {
    draftId: plain("random"),
    warning: typedInto(
      "draft.form",
      "warning begun: headline",
      "warning begun: description",
      "warning begun: instruction",
    ),
    note: typedInto("draft.note", "warning begun: note"),
  },
  "draft-discarded": { draftId: plain("random") },
  "intake-key": { bytes: PUBLIC },
  part: { part: ELSEWHERE },
  "parts-dropped": { handle: keyAs(HANDLE, "duty"), sequences: plain("duty is told") },
  "receive-keys": { bytes: plain("public halves, signed") },
  "intake-wraps": {
    keyId: plain("public, in headers and slots"),
    window: MOMENT,
    wraps: plain("sealed to one-time keys"),
  },
  sealed: { note: plain("sealed") },
}
export const ENROLMENT: Fields<Enrolment> = {
  role: CHOICE,
  label: plain('"officer 1", never a name'),
  charterChain: plain("public"),
  delegations: plain("public"),
  seed: keyAs("enrolment.seed of"),
  staffKey: keyAs("enrolment.staffKey"),
  lineKey: keyAs("enrolment.lineKey", "duty"),
  relays: keyAs("capabilities.read", "duty", "relay-memory", "wire"),
}
export const CAPABILITIES: Fields<Capabilities> = {
  read: keyAs("capabilities.read", "duty", "relay-memory", "wire"),
  append: keyAs("capabilities.append", "duty", "relay-memory", "wire"),
  acknowledge: keyAs("capabilities.acknowledge", "relay-memory", "wire"),
  publish: keyAs("capabilities.publish", "duty", "relay-memory", "wire"),
}
export const DRAFT_FORM: Fields<DraftForm> = {
  kind: CHOICE,
  wording: CHOICE,
  areas: CHOICE,
  since: MOMENT,
  starts: MOMENT,
  hours: COUNT,
  severity: CHOICE,
  urgency: CHOICE,
  certainty: CHOICE,
  responses: CHOICE,
  texts: typedInto("draft.form", "warning begun: headline"),
  note: typedInto("draft.note", "warning begun: note"),
  sources: plain("ids of public sources"),
  replaces: plain("hash of what is public"),
}
export const FORM_TEXT: Fields<FormText> = {
  headline: typedInto("draft.form", "warning begun: headline"),
  description: typedInto("draft.form", "warning begun: description"),
  instruction: typedInto("draft.form", "warning begun: instruction"),
}
export const SETTINGS: Fields<Settings> = {
  language: CHOICE,
  theme: CHOICE,
  idleMinutes: COUNT,
  proxy: plain("an address of this machine"),
}

/** What a person types into the window *Hotline*, by route. */
export const HOTLINE_INPUT: {
  readonly [Path in keyof HotlineRoutes]: Fields<Omit<HotlineRoutes[Path][0], "id">>
} = {
  "hotline/queue": {},
  "hotline/open": {},
  "hotline/aside": {},
  "hotline/draft": { text: typedInto("thread.draft", "reply begun and not sent") },
  "hotline/check": { text: typedInto("reply.text", "reply") },
  "hotline/reply": { text: typedInto("reply.text", "reply") },
  "hotline/assign": { to: plain("an officer's label") },
  "hotline/urgency": { urgency: CHOICE },
  "hotline/state": { state: CHOICE, seen: COUNT },
  "hotline/check-question": {
    question: typedInto("fact.value", "check question"),
    answer: typedInto("fact.value", "check answer"),
  },
  "hotline/note": { note: typedInto("fact.value", "note on a conversation") },
  "hotline/label": { label: typedInto("fact.value", "name given to a conversation") },
  "hotline/delete": {},
  "hotline/canned": { language: CHOICE },
  "hotline/export": {},
}

type Types = Readonly<Record<string, Readonly<Record<string, Holding>>>>

function under(name: string, kinds: Types): Types {
  return Object.fromEntries(Object.entries(kinds).map(([kind, fields]) => [`${name} ${kind}`, fields]))
}

const TYPES: Types = {
  letter: LETTER,
  message: MESSAGE,
  part: PART,
  "placed part": PLACED_PART,
  "opened letter": OPENED_LETTER,
  ...under("note", NOTES),
  ...under("entry", ENTRIES),
  fact: FACTS,
  enrolment: ENROLMENT,
  capabilities: CAPABILITIES,
  "draft of a warning": DRAFT_FORM,
  "text of a warning": FORM_TEXT,
  settings: SETTINGS,
  ...HOTLINE_INPUT,
}

/** Fields of one type that share a word: a new field that was given an old one's would never be searched for by itself. */
export const sharedWithinAType = (types: Types = TYPES): readonly string[] =>
  Object.entries(types).flatMap(([type, fields]) => {
    const taken = new Map<string, string>()
    return Object.entries(fields).flatMap(([field, holding]) =>
      (holding.kind === "typed" ? holding.names : []).flatMap((name) => {
        const before = taken.get(name)
        taken.set(name, field)
        return before === undefined ? [] : [`${type}.${before} and ${type}.${field}: ${name}`]
      }),
    )
  })

/** "letter.threadId" and how it is watched. */
export const PROTOCOL_FIELDS: Readonly<Record<string, Holding>> = Object.fromEntries(
  Object.entries(TYPES).flatMap(([type, fields]) =>
    Object.entries(fields).map(([field, holding]) => [`${type}.${field}`, holding] as const),
  ),
)

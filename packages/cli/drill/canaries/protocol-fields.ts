/**
 * Every field of what travels: letters, replies, notes, entries, enrolments, and what a person types into the desk's
 * window. `Fields` makes the compiler refuse a field that is added to one of these types and is not watched here.
 */
import type { Part } from "@kunak/core/board/part"
import type { Capabilities, Enrolment } from "@kunak/core/enrolment/enrolment"
import type { Letter, Message } from "@kunak/core/envelope/letter"
import type { PlacedPart } from "@kunak/core/log/entry"
import type { FactField, FactNote, OpenedLetter, ReplyNote } from "@kunak/core/log/note"
import type { HotlineRoutes } from "@kunak/desk/hotline/model"
import type { Settings } from "@kunak/desk/settings/model"
import type { DraftForm, FormText } from "@kunak/desk/warnings/form"
import { type Fields, type Holding, key, plain, typed } from "./holding.ts"

const COUNT = plain("a count, a place or a mark")
const MOMENT = plain("a moment, inside what is sealed")
const CHOICE = plain("one of a few fixed words")

export const LETTER: Fields<Letter> = {
  edition: plain("public"),
  threadId: key(),
  week: MOMENT,
  weekKeys: key(),
  read: COUNT,
  message: typed("first letter", "second letter"),
}
export const MESSAGE: Fields<Message> = { id: key(), text: typed("first letter", "second letter") }
export const PART: Fields<Part> = {
  sequence: COUNT,
  replyId: key(),
  place: COUNT,
  parts: COUNT,
  written: MOMENT,
  expires: MOMENT,
  opened: key(),
  openedAt: MOMENT,
  text: typed("reply"),
}
export const PLACED_PART: Fields<PlacedPart> = {
  handle: key("duty"),
  week: plain("duty is told"),
  keys: key("duty"),
  sequence: plain("duty is told"),
  written: plain("duty is told"),
  expires: plain("duty is told"),
  part: plain("sealed"),
}
export const OPENED_LETTER: Fields<OpenedLetter> = {
  relay: COUNT,
  position: COUNT,
  letter: typed("first letter"),
}
export const REPLY_NOTE: Fields<ReplyNote> = {
  threadId: key(),
  replyId: key(),
  officer: plain("public"),
  written: MOMENT,
  expires: MOMENT,
  sequences: COUNT,
  text: typed("reply"),
}
export const FACT_NOTE: Fields<FactNote> = {
  threadId: key(),
  officer: plain("public"),
  time: MOMENT,
  field: CHOICE,
  value: typed("note on a conversation"),
}
export const FACTS: Readonly<Record<FactField, Holding>> = {
  assignee: plain("an officer's public key"),
  state: CHOICE,
  urgency: CHOICE,
  "check-question": typed("check question", "check answer"),
  note: typed("note on a conversation"),
  deleted: COUNT,
  label: typed("name given to a conversation"),
}
export const ENROLMENT: Fields<Enrolment> = {
  role: CHOICE,
  label: plain('"officer 1", never a name'),
  charterChain: plain("public"),
  delegations: plain("public"),
  seed: key(),
  staffKey: key(),
  lineKey: key("duty"),
  relays: key("duty", "relay-memory", "wire"),
}
export const CAPABILITIES: Fields<Capabilities> = {
  read: key("duty", "relay-memory", "wire"),
  append: key("duty", "relay-memory", "wire"),
  acknowledge: key("relay-memory", "wire"),
  publish: key("duty", "relay-memory", "wire"),
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
  texts: typed("warning begun: headline"),
  note: typed("warning begun: note"),
  sources: plain("ids of public sources"),
  replaces: plain("hash of what is public"),
}
export const FORM_TEXT: Fields<FormText> = {
  headline: typed("warning begun: headline"),
  description: typed("warning begun: description"),
  instruction: typed("warning begun: instruction"),
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
  "hotline/draft": { text: typed("reply begun and not sent") },
  "hotline/check": { text: typed("reply") },
  "hotline/reply": { text: typed("reply") },
  "hotline/assign": { to: plain("an officer's label") },
  "hotline/urgency": { urgency: CHOICE },
  "hotline/state": { state: CHOICE, seen: COUNT },
  "hotline/check-question": { question: typed("check question"), answer: typed("check answer") },
  "hotline/note": { note: typed("note on a conversation") },
  "hotline/label": { label: typed("name given to a conversation") },
  "hotline/delete": {},
  "hotline/canned": { language: CHOICE },
  "hotline/export": {},
}

const TYPES: Readonly<Record<string, Readonly<Record<string, Holding>>>> = {
  letter: LETTER,
  message: MESSAGE,
  part: PART,
  "placed part": PLACED_PART,
  "opened letter": OPENED_LETTER,
  "reply note": REPLY_NOTE,
  "fact note": FACT_NOTE,
  fact: FACTS,
  enrolment: ENROLMENT,
  capabilities: CAPABILITIES,
  "draft of a warning": DRAFT_FORM,
  "text of a warning": FORM_TEXT,
  settings: SETTINGS,
  ...HOTLINE_INPUT,
}

/** "letter.threadId" and how it is watched. */
export const PROTOCOL_FIELDS: Readonly<Record<string, Holding>> = Object.fromEntries(
  Object.entries(TYPES).flatMap(([type, fields]) =>
    Object.entries(fields).map(([field, holding]) => [`${type}.${field}`, holding] as const),
  ),
)

/** The part of the desk's interface that is about the hotline: `HotlineRoutes` in model.ts says what goes in and out. */
import { ok } from "@kunak/core/result"
import type { OpenDesk } from "../open-desk.ts"
import { integer, object, oneOf, type Parser, REFUSED, text } from "../platform/json.ts"
import { type Route, route } from "../platform/route.ts"
import {
  assign,
  remove,
  reply,
  saveDraft,
  setCheckQuestion,
  setState,
  setText,
  setUrgency,
} from "./commands.ts"
import { queueCsv } from "./export-queue.ts"
import { STATES, URGENCIES } from "./model.ts"
import { checkReply, conversation, putAside, queue, summaries } from "./queries.ts"
import { cannedTexts } from "./replies/canned-texts.ts"

/** Far beyond sixteen parts: a person may paste too much and is then told by how much. */
const MOST_REPLY = 60_000
const MOST_LABEL = 60
const MOST_NOTE = 1_900
const MOST_QUESTION = 300
/** Of one thread, in all its years. */
const MOST_MESSAGES = 1e9

const id: Parser<string> = (value) =>
  typeof value === "string" && /^[0-9a-f]{32}$/.test(value) ? value : REFUSED
const byId = object({ id })
const nothing = object({})

export const hotlineRoutes: readonly Route<OpenDesk>[] = [
  route("window", "hotline/queue", nothing, (desk: OpenDesk) => ok(queue(desk))),
  route("window", "hotline/open", byId, (desk: OpenDesk, body) => ok(conversation(desk, body.id))),
  route("window", "hotline/aside", byId, (desk: OpenDesk, body) => ok(putAside(desk, body.id))),
  route("person", "hotline/draft", object({ id, text: text(MOST_REPLY) }), (desk: OpenDesk, body) =>
    saveDraft(desk, body.id, body.text),
  ),
  route("person", "hotline/check", object({ id, text: text(MOST_REPLY) }), (desk: OpenDesk, body) =>
    ok(checkReply(desk, body.text)),
  ),
  route("person", "hotline/reply", object({ id, text: text(MOST_REPLY) }), (desk: OpenDesk, body) =>
    reply(desk, body.id, body.text),
  ),
  route("person", "hotline/assign", object({ id, to: text(200) }), (desk: OpenDesk, body) =>
    assign(desk, body.id, body.to),
  ),
  route("person", "hotline/urgency", object({ id, urgency: oneOf(URGENCIES) }), (desk: OpenDesk, body) =>
    setUrgency(desk, body.id, body.urgency),
  ),
  route(
    "person",
    "hotline/state",
    object({ id, state: oneOf(STATES), seen: integer(0, MOST_MESSAGES) }),
    (desk: OpenDesk, body) => setState(desk, body.id, body.state, body.seen),
  ),
  route(
    "person",
    "hotline/check-question",
    object({ id, question: text(MOST_QUESTION), answer: text(MOST_QUESTION) }),
    (desk: OpenDesk, body) => setCheckQuestion(desk, body.id, body.question, body.answer),
  ),
  route("person", "hotline/note", object({ id, note: text(MOST_NOTE) }), (desk: OpenDesk, body) =>
    setText(desk, body.id, "note", body.note),
  ),
  route("person", "hotline/label", object({ id, label: text(MOST_LABEL) }), (desk: OpenDesk, body) =>
    setText(desk, body.id, "label", body.label),
  ),
  // Can't be taken back: the window says so before it asks.
  route("person", "hotline/delete", byId, (desk: OpenDesk, body) => remove(desk, body.id)),
  route("window", "hotline/canned", object({ language: oneOf(["ru", "en"]) }), (_: OpenDesk, body) =>
    ok(cannedTexts(body.language)),
  ),
  route("person", "hotline/export", nothing, (desk: OpenDesk) => ok(queueCsv(summaries(desk)))),
]

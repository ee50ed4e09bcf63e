/** The part of the desk's interface that is about warnings. */
import { ok } from "@kunak/core/result"
import { CERTAINTIES, RESPONSES, SEVERITIES, URGENCIES } from "@kunak/core/warning/scale"
import type { OpenDesk } from "../open-desk.ts"
import { integer, list, object, oneOf, type Parser, REFUSED, record, text } from "../platform/json.ts"
import { type Route, route } from "../platform/route.ts"
import {
  type DraftStart,
  discardDraft,
  prepareSignature,
  reopenDraft,
  saveDraft,
  signDraft,
  signWaiting,
  startDraft,
} from "./commands.ts"
import type { DraftForm } from "./form.ts"
import { messageOf, posterOf } from "./forward.ts"
import { renderPoster } from "./poster.ts"
import { previewOf } from "./preview.ts"
import { listWarnings, warningDetail } from "./queries.ts"
import { allSources } from "./sources.ts"

/** Far beyond what can be sent: a person may paste too much and is then told by how much. */
const MOST_LETTERS = 20_000

const id: Parser<string> = (value) =>
  typeof value === "string" && /^[0-9a-f]{32,64}$/.test(value) ? value : REFUSED
const language = text(12)
const id16 = integer(0, 65_535)

export const parseForm: Parser<DraftForm> = object({
  kind: oneOf(["approved", "free", "withdrawal"]),
  wording: id16,
  areas: list(id16, 200),
  since: text(40),
  starts: text(40),
  hours: integer(0, 100_000),
  severity: oneOf(SEVERITIES),
  urgency: oneOf(URGENCIES),
  certainty: oneOf(CERTAINTIES),
  responses: list(oneOf(RESPONSES), RESPONSES.length),
  texts: record(
    object({
      headline: text(MOST_LETTERS),
      description: text(MOST_LETTERS),
      instruction: text(MOST_LETTERS),
    }),
    8,
  ),
  note: text(MOST_LETTERS),
  sources: list(text(40), 200),
  replaces: text(64),
})

const parseStart: Parser<DraftStart> = (value) => {
  const shapes: readonly Parser<DraftStart>[] = [
    object({ from: oneOf(["nothing"]) }),
    object({ from: oneOf(["sources"]), ids: list(text(40), 50) }),
    object({ from: oneOf(["update"]), hash: id }),
    object({ from: oneOf(["withdrawal"]), hash: id }),
  ]
  for (const shape of shapes) {
    const parsed = shape(value)
    if (parsed !== REFUSED) return parsed
  }
  return REFUSED
}

const byId = object({ id })

export const warningRoutes: readonly Route<OpenDesk>[] = [
  route("window", "warnings/list", object({}), async (desk: OpenDesk) => ok(await listWarnings(desk))),
  route("window", "warnings/open", byId, async (desk: OpenDesk, body) =>
    ok(await warningDetail(desk, body.id)),
  ),
  route("window", "sources", object({}), (desk: OpenDesk) => ok(allSources(desk.vault))),
  route("person", "drafts/start", object({ start: parseStart }), (desk: OpenDesk, body) =>
    startDraft(desk, body.start),
  ),
  route("person", "drafts/save", object({ id, form: parseForm }), (desk: OpenDesk, body) =>
    saveDraft(desk, body.id, body.form),
  ),
  route("person", "drafts/discard", byId, (desk: OpenDesk, body) => discardDraft(desk, body.id)),
  route("person", "drafts/reopen", byId, (desk: OpenDesk, body) => reopenDraft(desk, body.id)),
  route("person", "drafts/prepare", byId, (desk: OpenDesk, body) => prepareSignature(desk, body.id)),
  route("person", "drafts/sign", object({ id, digest: id }), (desk: OpenDesk, body) =>
    signDraft(desk, body.id, body.digest),
  ),
  route("person", "waiting/sign", object({ id, digest: id }), (desk: OpenDesk, body) =>
    signWaiting(desk, body.id, body.digest),
  ),
  route("window", "preview", byId, (desk: OpenDesk, body) => previewOf(desk, body.id)),
  route("person", "forward/message", object({ id, language }), (desk: OpenDesk, body) =>
    messageOf(desk, body.id, body.language),
  ),
  route(
    "person",
    "forward/poster",
    object({ id, language, form: oneOf(["pdf", "png"]) }),
    async (desk: OpenDesk, body) => {
      const content = await posterOf(desk, body.id, body.language)
      if (!content.ok) return content
      return ok(Buffer.from(renderPoster(content.value, body.form)).toString("base64"))
    },
  ),
]

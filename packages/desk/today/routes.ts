import { fingerprint } from "@kunak/core/charter/fingerprint"
import { ok } from "@kunak/core/result"
import type { OpenDesk } from "../open-desk.ts"
import { object } from "../platform/json.ts"
import { type Route, route } from "../platform/route.ts"
import type { DeskContext } from "../warnings/model.ts"
import { allSources } from "../warnings/sources.ts"
import { today } from "./queries.ts"

export const todayRoutes: readonly Route<OpenDesk>[] = [
  route("window", "today", object({}), async (desk: OpenDesk) => ok(await today(desk))),
  route("window", "context", object({}), (desk: OpenDesk) => ok(context(desk))),
  route("person", "sync", object({}), async (desk: OpenDesk) => {
    await desk.sync.tick()
    return ok(null)
  }),
]

/** What every window needs of the organisation. */
function context(desk: OpenDesk): DeskContext {
  const { charter } = desk.chain().current
  const tags = charter.languages.map(({ tag }) => tag)
  const named = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(tags.map((tag, i) => [tag, names[i] ?? ""]))
  return {
    label: desk.officer.label,
    organisation: named(charter.languages.map(({ organisation }) => organisation)),
    fingerprint: fingerprint(desk.chain().organisationId),
    demonstration: charter.demonstration,
    charterExpires: charter.expires,
    offsetMinutes: charter.offsetMinutes,
    zoneNames: named(charter.languages.map(({ zoneName }) => zoneName)),
    languages: tags,
    areas: charter.areas.map(({ id, parent, names }) => ({ id, parent, names: named(names) })),
    wordings: charter.wordings.map(({ id, maxHours, texts }) => ({
      id,
      maxHours,
      headlines: named(texts.map(({ headline }) => headline)),
    })),
    now: desk.now(),
    sources: allSources(desk.vault).length,
  }
}

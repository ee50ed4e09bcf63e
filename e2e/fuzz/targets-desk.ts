/** A desk's interface: unlocked, locked, and without a session. Every route with its sound body bent. */
import { approvedWarning } from "@kunak/core/testing/organisation"
import { ROUTES } from "@kunak/desk/desk"
import { parseProxy } from "@kunak/desk/platform/outgoing"
import { parseSettings } from "@kunak/desk/settings/settings"
import { makePerson } from "@kunak/desk/testing/test-person"
import { makeTeam } from "@kunak/desk/testing/test-team"
import { parseLocal } from "@kunak/desk/warnings/local-time"
import { readSources } from "@kunak/desk/warnings/sources"
import { type Group, mustHold, type Target } from "./target.ts"

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value))
const MAY_SAY = new Set([200, 400, 401, 403, 404, 413, 421, 422, 423, 429])

export async function deskGroup(): Promise<Group> {
  const team = await makeTeam()
  const [amina] = await team.start("amina")
  if (!amina) throw new TypeError("no desk")
  const person = await makePerson(team.line, "fuzzed")
  await person.say({ text: "Помогите", to: "both" })
  await team.rounds(3, amina)
  const { hash } = await approvedWarning(team.line.organisation)
  const id = person.id
  const form = {
    kind: "approved",
    wording: 1,
    areas: [1],
    since: "",
    effective: "",
    expires: "",
    texts: {},
    note: "",
  }
  const sound: Readonly<Record<string, unknown>> = {
    today: {},
    "hotline/open": { id },
    "hotline/aside": { id },
    "hotline/draft": { id, text: "draft" },
    "hotline/check": { id, text: "Вас ждут" },
    "hotline/reply": { id, text: "Мы читаем вас." },
    "hotline/assign": { id, to: "officer 1" },
    "hotline/urgency": { id, urgency: "high" },
    "hotline/state": { id, state: "closed", seen: 1 },
    "hotline/check-question": { id, question: "Which river?", answer: "Sunzha" },
    "hotline/note": { id, note: "tall" },
    "hotline/label": { id, label: "heron" },
    "hotline/delete": { id: "ab".repeat(16) },
    "hotline/canned": { language: "ru" },
    "drafts/start": { start: { from: "approved" } },
    "drafts/save": { id: "ab".repeat(16), form },
    "drafts/sign": { id: "ab".repeat(16), digest: "ab".repeat(32) },
    "waiting/sign": { id: "ab".repeat(16), digest: "ab".repeat(32) },
    "warnings/open": { id: Buffer.from(hash).toString("hex") },
    "forward/message": { id: "ab".repeat(16), language: "ru" },
    "forward/poster": { id: "ab".repeat(16), language: "ru", form: "pdf" },
    preview: { id: "ab".repeat(16) },
    "settings/save": { settings: { language: "ru", theme: "dark", idleMinutes: 5, proxy: "" } },
  }
  // One round with the relays each would take: that is not what is looked at here.
  const routes = ROUTES.map(({ path }) => path).filter((path) => path !== "sync")
  let [asked, isLocked] = [0, false]
  const take = (path: string) => async (body: Uint8Array) => {
    asked += 1
    // Idle desks lock themselves: somebody is there.
    amina.desk.host.watch.touch()
    if (amina.desk.host.open() === null && !isLocked) await amina.unlock()
    const answer = await amina.ask(path, text(body))
    mustHold(MAY_SAY.has(answer.status), `answered ${answer.status} ${answer.error?.kind ?? ""}`)
    mustHold(amina.mistakes.length === 0, `a mistake: ${String(amina.mistakes[0])}`)
  }
  const targets: Target[] = routes.map((path) => ({
    name: `desk /api/${path}`,
    form: "json",
    samples: [json(sound[path] ?? {})],
    weight: 0.02,
    take: take(path),
  }))
  targets.push({
    name: "desk without a session",
    form: "json",
    samples: [json({ token: "a".repeat(43) }), json({ id })],
    weight: 0.05,
    take: async (body) => {
      const paths = [
        "/session",
        "/api/state",
        "/api/unlock",
        "/api/hotline/queue",
        "/api/nothing",
        "/preview/x",
        "/",
      ]
      const path = paths[body.length % paths.length] as string
      const authority = "127.0.0.1:4711"
      const isOurs = body.length % 2 === 0
      const answer = await amina.desk.app.request(`http://${authority}${path}`, {
        method: "POST",
        headers: isOurs
          ? {
              host: authority,
              origin: `http://${authority}`,
              "sec-fetch-site": "same-origin",
              "content-type": "application/json",
              cookie: "kunak-desk=a; b",
            }
          : { host: "evil.example" },
        body: new Uint8Array(body),
      })
      mustHold(MAY_SAY.has(answer.status), `answered ${answer.status}`)
      mustHold(answer.status !== 200, "let somebody in")
    },
  })
  const locking: Target = {
    name: "desk locked",
    form: "json",
    samples: [json({ id }), json({ settings: {} })],
    weight: 0.03,
    take: async (body) => {
      if (!isLocked) await amina.ask("lock")
      isLocked = true
      const answer = await amina.ask(routes[body.length % routes.length] as string, text(body))
      mustHold(answer.status === 423, `answered ${answer.status} while locked`)
    },
  }
  targets.push(locking)
  const parsers: readonly (readonly [
    string,
    Target["form"],
    readonly Uint8Array[],
    (letters: string) => unknown,
  ])[] = [
    ["desk's sources", "text", [utf8('id,source,claim\n1,"TASS","said, ""twice"""\n')], readSources],
    ["desk's proxy", "text", [utf8("127.0.0.1:9050"), utf8("[::1]:9050")], parseProxy],
    [
      "desk's times",
      "text",
      [utf8("2019-01-14T18:05")],
      (letters) => parseLocal(letters, { offsetMinutes: 180, name: "Moscow" } as never),
    ],
    [
      "desk's settings",
      "json",
      [json({ language: "ru", theme: "dark", idleMinutes: 5, proxy: "" })],
      (letters) => {
        try {
          return parseSettings(JSON.parse(letters))
        } catch (error) {
          if (error instanceof SyntaxError) return null
          throw error
        }
      },
    ],
  ]
  for (const [name, form, samples, parse] of parsers)
    targets.push({
      name,
      form,
      samples,
      weight: 0.5,
      take: (input) => {
        parse(text(input))
      },
    })
  return {
    targets,
    close: async () => {
      mustHold(asked > 0, "nobody asked")
      await team.close()
    },
  }
}

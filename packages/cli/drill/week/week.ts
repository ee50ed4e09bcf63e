/**
 * A week of a whole organisation: its real programs on disks of their own, people and officers in real browsers. Nothing is
 * examined here; what was typed, and what the vaults held meanwhile, is handed to those who examine.
 */
import { join } from "node:path"
import type { ConversationView } from "@kunak/desk/hotline/model"
import type { Page } from "playwright-core"
import type { Canary } from "../canaries/canary.ts"
import { type Harvest, harvest } from "../canaries/harvest.ts"
import { withOpenCopy } from "../canaries/open-copy.ts"
import { type PersonsPhrase, phraseCanaries } from "../canaries/phrase-canaries.ts"
import { threadCanaries } from "../canaries/thread-keys.ts"
import { drawTyped, type TypedWords, wordsOf } from "../canaries/typed.ts"
import type { DrillClock } from "../clock/drill-clock.ts"
import { makePlace, type Place } from "../places/place.ts"
import { type Program, startProgram } from "../places/program.ts"
import { openChromium, type Window } from "./browser.ts"
import { writeInFirefox } from "./firefox.ts"
import { comeBack, reachLine, readReply, takeWords, writeLetter } from "./help-seeker.ts"
import { askDesk, type Officer, openHotline, sitDown, startDesk, typeReply, until, VAULT } from "./officer.ts"
import { foundOrganisation, MACHINES, type Machine, type Organisation } from "./organisation.ts"
import { warningForm } from "./warning-form.ts"

const DAY_MS = 86_400_000
/** MiB of each disk. */
const RELAY_MIB = 64
const DUTY_MIB = 32
const BROWSER_MIB = 160

export interface Faults {
  /** Preloads and environment of a machine's program, where a leak is planted there. */
  readonly of: (machine: Machine) => {
    readonly nodeArguments: readonly string[]
    readonly environment: Readonly<Record<string, string>>
  }
  /** What a person's page does wrongly, as script; "" for nothing. */
  readonly inPage: (where: "phone" | "firefox", typed: TypedWords, phrase: PersonsPhrase) => string
}

export interface WeekOptions {
  readonly scratch: string
  readonly clock: DrillClock
  readonly asImages: boolean
  /** One day and one conversation: what `npm test` has time for. */
  readonly short: boolean
  readonly firefox: boolean
  readonly faults: (typed: TypedWords) => Faults
  /** Given each relay's folder as it was founded. */
  readonly keepFounded: (relay: "relay-a" | "relay-b", folder: string) => void
  readonly tell: (step: WeekStep) => void
}

export type WeekStep =
  | "founding"
  | "enrolling"
  | "asking"
  | "answering"
  | "second-person"
  | "sleeping"
  | "deleting"

/** What has to be ended whatever happens; filled as it begins. */
export interface Running {
  readonly programs: Program[]
  readonly places: Place[]
  readonly closing: (() => Promise<unknown>)[]
}

export interface Week {
  readonly organisation: Organisation
  readonly typed: TypedWords
  readonly programs: Readonly<Record<Machine, Program>>
  readonly officers: readonly [Officer, Officer]
  /** Disks of everybody: the organisation's machines and people's phones. */
  readonly places: readonly Place[]
  /** Phrases and all that follows from them. */
  readonly people: readonly Canary[]
  /** Of each desk's vault, at several moments. */
  readonly harvests: readonly [readonly Harvest[], readonly Harvest[]]
  readonly days: number
}

interface Summary {
  readonly id: string
  readonly label: string
}

/** Everything that it starts goes on running. @throws Failure where the week stands still. */
export async function runWeek(options: WeekOptions, running: Running): Promise<Week> {
  const { scratch, clock, asImages, short, tell } = options
  const typed = drawTyped()
  const faults = options.faults(typed)
  const disk = (name: string, mebibytes: number): Place => {
    const place = makePlace(scratch, name, mebibytes, asImages)
    running.places.push(place)
    return place
  }
  tell("founding")
  const sizes = [RELAY_MIB, RELAY_MIB, DUTY_MIB, DUTY_MIB, BROWSER_MIB, BROWSER_MIB]
  const machines = Object.fromEntries(
    MACHINES.map((name, i) => [name, disk(name, sizes[i] as number)]),
  ) as Record<Machine, Place>
  const organisation = await foundOrganisation(scratch, machines, clock, [
    wordsOf(typed, "enrolment passphrase 1"),
    wordsOf(typed, "enrolment passphrase 2"),
  ])
  for (const wire of organisation.wires) running.closing.push(() => wire.close())

  for (const relay of ["relay-a", "relay-b"] as const)
    options.keepFounded(relay, join(machines[relay].folder, "kunak"))
  const programs = {} as Record<Machine, Program>
  const inside = (machine: Machine, ...path: string[]): string =>
    join(machines[machine].folder, "kunak", ...path)
  const run = async (machine: Machine, args: readonly string[]): Promise<void> => {
    programs[machine] = await startProgram(machine, machines[machine], args, { clock, ...faults.of(machine) })
    running.programs.push(programs[machine])
  }
  const relays = (["relay-a", "relay-b"] as const).map((relay) =>
    run(relay, ["relay", "--config", inside(relay, "relay.json"), "--json"]),
  )
  await Promise.all(relays)
  const desk = async (number: 1 | 2): Promise<Officer> => {
    const machine = `desk-${number}` as const
    const passphrase = wordsOf(typed, `passphrase of desk ${number}`)
    const officer = await startDesk(machine, machines[machine], passphrase, { clock, ...faults.of(machine) })
    running.programs.push(officer.program)
    programs[machine] = officer.program
    return officer
  }
  const duties = (["duty-1", "duty-2"] as const).map((duty) =>
    run(duty, ["duty", "--dir", inside(duty), "--json"]),
  )
  const officers = await Promise.all([desk(1), desk(2)])
  await Promise.all(duties)

  const harvests: readonly [Harvest[], Harvest[]] = [[], []]
  const look = async (): Promise<void> => {
    for (const [i, { place, passphrase }] of officers.entries())
      harvests[i as 0 | 1].push(
        await withOpenCopy(join(place.folder, VAULT), passphrase, scratch, (database) =>
          harvest(database, typed),
        ),
      )
  }
  const people: Canary[] = []
  const { organisationId } = organisation.chain
  const learn = async (name: string, phrase: PersonsPhrase): Promise<void> => {
    people.push(...phraseCanaries(name, phrase))
    people.push(...(await threadCanaries(name, phrase.words, organisationId, clock.now())))
  }

  tell("enrolling")
  const opened = (close: () => Promise<void>): void => {
    running.closing.push(close)
  }
  const bothSitDown = (enrolling: readonly [string, string] | null): Promise<[Window, Window]> =>
    Promise.all([
      sitDown(officers[0], clock, enrolling?.[0] ?? null, { opened }),
      sitDown(officers[1], clock, enrolling?.[1] ?? null, { opened }),
    ])
  let windows = await bothSitDown(organisation.enrolmentPassphrases)
  const [first, second] = [(): Page => windows[0].page, (): Page => windows[1].page]
  const threadsAt = async (page: Page): Promise<readonly Summary[]> =>
    (await askDesk<{ readonly threads: readonly Summary[] }>(page, "hotline/queue")).threads
  const threadWith = (page: Page, word: string): Promise<Summary> =>
    until("a letter reaches a desk", async () => {
      for (const thread of await threadsAt(page))
        if (JSON.stringify(await askDesk(page, "hotline/open", { id: thread.id })).includes(word))
          return thread
      return null
    })

  tell("asking")
  const phone = disk("phone", BROWSER_MIB)
  const line = `http://127.0.0.1:${organisation.wires[0].port}/`
  const userAgent = `Mozilla/5.0 (Linux; Android 14; ${typed["browser of a visitor"].latin}) Chrome/140.0 Mobile`
  const visit = (): Promise<Window> => openChromium(phone, clock, line, { userAgent, phone: true, opened })
  const asking = await visit()
  await reachLine(asking.page)
  const phrase = await takeWords(asking.page)
  const { words } = phrase
  await learn("the first person", phrase)
  await writeLetter(asking.page, `Меня ищут. ${wordsOf(typed, "first letter")}. Что мне делать?`, words)
  await asking.close()

  const isOnBoard = async (word: string): Promise<boolean> =>
    (await askDesk<ConversationView>(second(), "hotline/open", { id: thread.id })).items.some(
      (item) => item.kind === "reply" && item.state === "on-board" && item.text.includes(word),
    )

  tell("answering")
  const thread = await threadWith(first(), typed["first letter"].russian)
  const set = (path: string, body: object): Promise<unknown> =>
    askDesk(first(), `hotline/${path}`, { id: thread.id, ...body })
  await set("note", { note: `Знает нас через знакомых: ${wordsOf(typed, "note on a conversation")}` })
  await set("label", { label: wordsOf(typed, "name given to a conversation") })
  await set("check-question", {
    question: `Как звали ${wordsOf(typed, "check question")}?`,
    answer: wordsOf(typed, "check answer"),
  })
  await set("urgency", { urgency: "danger-to-life" })
  await set("assign", { to: "officer 2" })
  const draft = await askDesk<string>(first(), "drafts/start", { start: { from: "nothing" } })
  await askDesk(first(), "drafts/save", { id: draft, form: warningForm(typed) })
  const label = typed["name given to a conversation"].russian
  await look()
  await until("what one desk says reaches the other", async () =>
    (await threadsAt(second())).some((one) => one.label.includes(label)),
  )
  await openHotline(second())
  await typeReply(
    second(),
    label,
    `Мы прочитали. ${wordsOf(typed, "reply")}. Оставайтесь там, где вы сейчас.`,
  )
  await until("a reply reaches the board", () => isOnBoard(typed.reply.russian))
  const back = await visit()
  await readReply(back.page, words)
  await writeLetter(back.page, `Понятно. ${wordsOf(typed, "second letter")}.`, words)
  await back.page.evaluate(faults.inPage("phone", typed, phrase))
  await back.close()
  await threadWith(second(), typed["second letter"].russian)
  // In the field, as an officer leaves it who is called away.
  const begun = `Подождите. ${wordsOf(typed, "reply begun and not sent")}`
  await second().locator(".reply textarea").fill(begun)
  await until("a reply that was begun is kept", async () =>
    JSON.stringify(await askDesk(second(), "hotline/open", { id: thread.id })).includes(begun),
  )

  if (!short) {
    tell("second-person")
    const letter = wordsOf(typed, "letter of a deleted conversation")
    if (options.firefox) {
      const other = await writeInFirefox(
        disk("firefox", BROWSER_MIB),
        clock,
        line,
        letter,
        async (page, shown) => {
          await page.evaluate(faults.inPage("firefox", typed, shown))
        },
      )
      await learn("the second person", other)
    } else {
      const other = await visit()
      await reachLine(other.page)
      const taken = await takeWords(other.page)
      await learn("the second person", taken)
      await writeLetter(other.page, letter, taken.words)
      await other.close()
    }
    const doomed = await threadWith(first(), typed["letter of a deleted conversation"].russian)
    await askDesk(first(), "hotline/note", {
      id: doomed.id,
      note: wordsOf(typed, "note on a deleted conversation"),
    })
    await askDesk(first(), "hotline/reply", {
      id: doomed.id,
      text: wordsOf(typed, "reply of a deleted conversation"),
    })
    await threadWith(second(), typed["reply of a deleted conversation"].russian)
    await look()
    for (const [days, what] of [
      [2, "deleting"],
      [5, "sleeping"],
    ] as const) {
      tell("sleeping")
      for (const window of windows) await window.close()
      clock.pass(days * DAY_MS)
      windows = await bothSitDown(null)
      await until("the line receives again", async () => {
        const { receivingUntil } = await askDesk<{ receivingUntil: number | null }>(first(), "hotline/queue")
        return receivingUntil !== null
      })
      if (what === "sleeping") continue
      tell("deleting")
      await askDesk(first(), "hotline/delete", { id: doomed.id })
      await until("a deletion reaches the other desk", async () =>
        (await threadsAt(second())).every(({ id }) => id !== doomed.id),
      )
      const again = await visit()
      await reachLine(again.page)
      await comeBack(again.page, words)
      await again.close()
    }
  }
  // Nobody comes for it: its parts stand on the board when the machines are seized.
  await askDesk(first(), "hotline/reply", {
    id: thread.id,
    text: `Мы на связи. ${wordsOf(typed, "reply on the last day")}.`,
  })
  await until("the last day's reply reaches the board", () =>
    isOnBoard(typed["reply on the last day"].russian),
  )
  await look()
  for (const window of windows) await window.close()
  const days = short ? 1 : 7
  return { organisation, typed, programs, officers, places: running.places, people, harvests, days }
}

import type { Command } from "commander"
import { type DrillStep, drill } from "../drill/drill.ts"
import { inOwnNetwork, ownFolder } from "../drill/places/network.ts"
import { LEAK_NAMES, type LeakName } from "../drill/plant/leaks.ts"
import { EXIT_CODES, judge } from "../drill/report/judge.ts"
import { reportJson, reportText } from "../drill/report/report.ts"
import { REPORT_WORDS, type ReportLanguage } from "../drill/report/words.ts"
import { Failure } from "../failure.ts"

const HELP = `
  kunak drill --language ru          a week, some minutes, and what was found
  kunak drill --plant-leak all       the same with leaks planted on purpose: is each of them found?
  kunak drill --short --json         one day, for a first look; as JSON

Everything runs on this machine, on loopback, on invented data, and is removed afterwards. It needs Chromium and a clone
of the project. As root it takes raw disk images and the memory of programs; what it could not look at is "not shown".
Exit codes: 0 all was looked at, and nothing was found (with --plant-leak: every leak was); 1 something was found (or a leak was
not); 4 nothing was found, and something could not be looked at; 2 wrong usage; 3 a part is missing. docs/drill.md.

Leaks: ${LEAK_NAMES.join(", ")}.`

interface Options {
  readonly short?: boolean
  readonly plantLeak?: readonly string[]
  readonly language: string
  readonly folder?: string
  readonly json?: boolean
}

export function register(program: Command): void {
  program
    .command("drill")
    .description(
      "Live through a week, then look for what a seizure would yield: on disks, in memory, on the wire.",
    )
    .option("--short", "one day and one conversation")
    .option("--plant-leak <name...>", "plant this leak and see whether it is found; all for every one")
    .option("--language <tag>", "of the report: en or ru", "en")
    .option("--folder <folder>", "where disks lie meanwhile, 2 GB (the system's temporary folder)")
    .option("--json", "the report as one JSON object")
    .addHelpText("after", HELP)
    .action(run)
}

async function run(options: Options): Promise<void> {
  const language = languageOf(options.language)
  const leaks = leaksOf(options.plantLeak ?? [])
  const code = await inOwnNetwork(options.folder)
  if (code !== null) {
    process.exitCode = code
    return
  }
  const started = performance.now()
  const tell = (step: DrillStep): void => {
    const seconds = Math.round((performance.now() - started) / 1000)
    process.stderr.write(`${String(seconds).padStart(5)} s  ${STEPS[language][step]}\n`)
  }
  const folder = ownFolder() ?? options.folder
  const drilled = await drill({
    short: options.short === true,
    leaks,
    ...(folder ? { folder } : {}),
    tell,
  })
  const judged = judge(drilled, leaks)
  process.stdout.write(
    options.json ? `${JSON.stringify(reportJson(drilled, judged))}\n` : reportText(drilled, judged, language),
  )
  process.exitCode = EXIT_CODES[judged.shown]
}

function languageOf(tag: string): ReportLanguage {
  if (Object.hasOwn(REPORT_WORDS, tag)) return tag as ReportLanguage
  throw new Failure(`There is no report in "${tag}": choose en or ru.`, "bad-language")
}

function leaksOf(names: readonly string[]): ReadonlySet<LeakName> {
  if (names.includes("all")) return new Set(LEAK_NAMES)
  const unknown = names.find((name) => !LEAK_NAMES.includes(name as LeakName))
  if (unknown !== undefined)
    throw new Failure(
      `There is no leak "${unknown}": choose from ${LEAK_NAMES.join(", ")}, or all.`,
      "bad-leak",
    )
  return new Set(names as readonly LeakName[])
}

const STEPS: Readonly<Record<ReportLanguage, Readonly<Record<DrillStep, string>>>> = {
  en: {
    founding: "an organisation is founded, its machines are started",
    enrolling: "two officers enrol at their desks",
    asking: "somebody asks for help",
    answering: "the officers read, note, hand over, answer",
    "second-person": "somebody else asks, in Firefox",
    sleeping: "days pass, keys are made and erased",
    deleting: "a conversation is deleted at all desks",
    memory: "the machines are seized: memory of the programs",
    "active-duty": "duty's key is used against the organisation",
    disks: "disks and recordings are searched",
    histories: "a relay where people asked, one where they read",
    ending: "everything is ended and removed",
  },
  ru: {
    founding: "основываем организацию, запускаем её машины",
    enrolling: "два сотрудника открывают свои рабочие места",
    asking: "кто-то просит о помощи",
    answering: "сотрудники читают, записывают, передают, отвечают",
    "second-person": "ещё кто-то просит о помощи, в Firefox",
    sleeping: "проходят дни, ключи создаются и стираются",
    deleting: "разговор удаляют на всех рабочих местах",
    memory: "машины захвачены: память программ",
    "active-duty": "ключ дежурной машины используют против организации",
    disks: "ищем на дисках и в записях",
    histories: "сервер, где просили, и сервер, где читали",
    ending: "всё останавливаем и удаляем",
  },
}

/** The report as a coordinator reads it, and as a program does. */
import type { Drilled } from "../drill.ts"
import type { Finding } from "../examine/section.ts"
import type { Judged } from "./judge.ts"
import { type ReportLanguage, type Say, sayIn } from "./words.ts"

const MEGABYTE = 1_000_000
/** Findings of one place that are shown; all of them stand in the JSON. */
const MOST_SHOWN = 6
const WIDTH = 100

export function reportText(drilled: Drilled, judged: Judged, language: ReportLanguage): string {
  const say = sayIn(language)
  const megabytes = Math.round(drilled.sections.reduce((sum, { bytes }) => sum + bytes, 0) / MEGABYTE)
  const verdictWidth =
    2 + Math.max(...(["nothing", "found", "not-shown"] as const).map((v) => say(`verdict.${v}`).length))
  const indent = " ".repeat(2 + verdictWidth)
  const lines: string[] = []
  for (const section of judged.sections) {
    const figures = [
      section.bytes >= MEGABYTE ? say("megabytes", { count: Math.round(section.bytes / MEGABYTE) }) : "",
      detailOf(section, say),
    ].filter((part) => part !== "")
    lines.push(`  ${say(`verdict.${section.verdict}`).padEnd(verdictWidth)}${say(`section.${section.id}`)}`)
    if (figures.length > 0) lines.push(...wrapped(figures.join("; "), indent))
    for (const finding of section.findings.slice(0, MOST_SHOWN))
      lines.push(...wrapped(`– ${sentence(finding, say)}`, indent))
    if (section.findings.length > MOST_SHOWN)
      lines.push(`${indent}  ${say("more", { count: section.findings.length - MOST_SHOWN })}`)
    for (const why of section.notShown.slice(0, MOST_SHOWN)) lines.push(...wrapped(`– ${why}`, indent))
  }
  return [
    "",
    ...wrapped(
      say("title", {
        days: say("days", { count: drilled.days }),
        minutes: say("minutes", { count: Math.max(1, Math.round(drilled.seconds / 60)) }),
      }),
      "",
    ),
    "",
    ...wrapped(say("method", { canaries: drilled.canaries, patterns: drilled.patterns, megabytes }), ""),
    ...wrapped(say("clock"), ""),
    "",
    ...lines,
    "",
    ...(judged.planted.length > 0 ? plantedLines(judged, say) : summary(judged, say)),
    ...(judged.shown === "not shown" ? wrapped(say("sum.blind", { places: placesOf(judged, say) }), "") : []),
    "",
    ...wrapped(say("openDesk", { words: drilled.wordsInVaults }), ""),
    "",
  ].join("\n")
}

function summary({ sections }: Judged, say: Say): readonly string[] {
  const count = (verdict: string): number => sections.filter((one) => one.verdict === verdict).length
  const all = sections.length
  return [
    say("sum.nothing", { count: count("nothing"), all }),
    ...(count("found") > 0 ? [say("sum.found", { count: count("found"), all })] : []),
    ...(count("not-shown") > 0 ? [say("sum.not-shown", { count: count("not-shown"), all })] : []),
  ].flatMap((line) => wrapped(line, ""))
}

const placesOf = ({ blind }: Judged, say: Say): string => blind.map((id) => say(`section.${id}`)).join("; ")

function plantedLines({ planted, unexplained }: Judged, say: Say): readonly string[] {
  const found = planted.filter(({ outcome }) => outcome === "found").length
  const width = 2 + Math.max(...planted.map(({ name }) => name.length))
  return [
    say("planted", { found, all: planted.length }),
    ...planted.flatMap(({ name, outcome, finding }) => [
      `  ${name.padEnd(width)}${say(`planted.${outcome}`)}`,
      ...(finding ? wrapped(sentence(finding, say), "      ") : []),
    ]),
    ...(unexplained.length > 0
      ? ["", ...wrapped(say("planted.beyond", { count: unexplained.length }), "")]
      : []),
    ...unexplained.slice(0, MOST_SHOWN).flatMap((finding) => wrapped(`– ${sentence(finding, say)}`, "  ")),
  ]
}

const sentence = ({ kind, what, form, where, times }: Finding, say: Say): string =>
  say(`finding.${kind}`, { what, form, where, times })

/** The figures of a section, in the order in which its words name them. */
function detailOf({ id, detail }: { readonly id: string; readonly detail: string }, say: Say): string {
  const keys = [
    "duty-active",
    "desk-with-passphrase",
    "processes",
    "temporary-files",
    "wire",
    "peers",
    "two-histories",
    "schemas",
    "swap",
  ]
  if (detail === "" || !keys.includes(id)) return ""
  const slots = Object.fromEntries(detail.split(", ").map((part, i) => [String(i), part]))
  return say(`detail.${id}` as "detail.swap", slots)
}

function wrapped(text: string, indent: string): readonly string[] {
  const lines: string[] = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(indent + line)
      line = ""
    }
    line += line === "" ? word : ` ${word}`
  }
  return [...lines, indent + line]
}

export const reportJson = (drilled: Drilled, judged: Judged): object => ({
  days: drilled.days,
  seconds: Math.round(drilled.seconds),
  canaries: drilled.canaries,
  patterns: drilled.patterns,
  bytes: drilled.sections.reduce((sum, { bytes }) => sum + bytes, 0),
  wordsInUnlockedVaults: drilled.wordsInVaults,
  shown: judged.shown,
  blind: judged.blind,
  unexplained: judged.unexplained,
  sections: judged.sections,
  planted: judged.planted,
})

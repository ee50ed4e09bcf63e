/** Every command that a document or a help text names, word by word, is one that this program takes: rule K29. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Command, CommanderError } from "commander"
import { beforeAll, expect, test } from "vitest"
import { commands } from "./commands.ts"

const ROOT = fileURLToPath(new URL("../../", import.meta.url))
const documents = [
  "README.md",
  ...["docs", "docs/decisions", "docs/handbook/en", "docs/handbook/ru"].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  ),
]

interface Named {
  readonly where: string
  readonly words: readonly string[]
  /** A line to be typed as it stands, not a command that is only spoken of. */
  readonly isWhole: boolean
}

const PROGRAM = String.raw`(?:sudo (?:-u \S+ )?)?(?:\/opt\/kunak\/)?kunak`

/** Of a line as a shell takes it, up to an explanation that stands behind it. */
function wordsOf(line: string): readonly string[] {
  const typed = line.split(/ {3,}| #|\s(?:>|<|\||&&)\s|;/)[0] ?? ""
  return [...typed.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  )
}

function namedIn(where: string, text: string): readonly Named[] {
  const unfolded = text.replace(/\\\n\s*/g, " ")
  const lines = [...unfolded.matchAll(new RegExp(`^(?: {2,}|\\t)(?:[-*] )?${PROGRAM} (.+)$`, "gm"))]
  const spoken = [...unfolded.matchAll(new RegExp(`[\`']${PROGRAM} ([^\`']+)[\`']`, "g"))]
  return [
    ...lines.map(([, line = ""]) => ({ where, words: wordsOf(line), isWhole: !line.includes("`") })),
    ...spoken.map(([, line = ""]) => ({
      where,
      words: wordsOf(line),
      isWhole: /handbook.*--/s.test(where + line),
    })),
  ].filter(({ words }) => /^[a-z]/.test(words[0] ?? ""))
}

/** All commands, which do nothing. */
async function takingAll(): Promise<Command> {
  const program = new Command("kunak").exitOverride().configureOutput({ writeErr: () => {} })
  for (const { load } of Object.values(commands)) (await load()).register(program)
  const still = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => {} })
    if (command.commands.length === 0) command.action(() => {})
    for (const one of command.commands) still(one)
  }
  still(program)
  return program
}

/** @returns what is wrong with it; "" where nothing is. */
async function faultOf({ words, isWhole }: Named): Promise<string> {
  // A fresh one: commander remembers options that were given.
  const program = await takingAll()
  let command = program
  let at = 0
  while (at < words.length && command.commands.length > 0) {
    const next = command.commands.find((one) => one.name() === words[at])
    if (!next) return `there is no "${words[at]}"`
    command = next
    at += 1
  }
  const given = words.slice(at)
  const unknown = given.find(
    (word) =>
      /^--?[a-z]/.test(word) &&
      word !== "--help" &&
      !command.options.some(({ long, short }) => long === word || short === word),
  )
  if (unknown !== undefined) return `there is no ${unknown}`
  if (!isWhole || words.some((word) => word.includes("…")) || given.includes("--help")) return ""
  return await program.parseAsync(words, { from: "user" }).then(
    () => "",
    (error: unknown) => (error instanceof CommanderError ? error.message : "") || "it can't be parsed",
  )
}

const found: Named[] = []
beforeAll(async () => {
  for (const path of documents) found.push(...namedIn(path, readFileSync(join(ROOT, path), "utf8")))
  const program = await takingAll()
  const visit = (command: Command, name: string): void => {
    let help = ""
    command.configureOutput({ writeOut: (text) => (help += text) })
    command.outputHelp()
    found.push(...namedIn(`${name} --help`, help.replace(/^[\s\S]*?\n\n(?=\S)/, "")))
    for (const one of command.commands) visit(one, `${name} ${one.name()}`)
  }
  visit(program, "kunak")
})

test("[K29] commands in documents and help texts are there, with their options, and lines to type parse", async () => {
  expect(found.filter(({ isWhole }) => isWhole).length).toBeGreaterThan(60)
  for (const chapter of readdirSync(join(ROOT, "docs/handbook/en")))
    if (/install|closing|lost|detained/.test(chapter))
      expect(
        found.some(({ where, isWhole }) => isWhole && where.endsWith(`/en/${chapter}`)),
        chapter,
      ).toBe(true)
  const faults: string[] = []
  for (const named of found) {
    const fault = await faultOf(named)
    if (fault !== "") faults.push(`${named.where}: kunak ${named.words.join(" ")}: ${fault}`)
  }
  expect(faults).toEqual([])
})

test("[T20] the relay's configuration names the files that 'kunak init' writes, in its document and its help", async () => {
  const written = /charter: "([^"]+)",\s+\.\.\.\(name === "a" \? \{ termKey: "([^"]+)" \}/.exec(
    readFileSync(join(ROOT, "packages/cli/ceremony/files.ts"), "utf8"),
  )
  const [, charter = "", termKey = ""] = written ?? []
  expect(charter).not.toBe("")
  const example = /```json\n(\{[\s\S]*?\n\})\n```/.exec(
    readFileSync(join(ROOT, "docs/relay.md"), "utf8"),
  )?.[1]
  expect(JSON.parse(example ?? "")).toMatchObject({ charter, termKey })
  const relay = (await takingAll()).commands.find((one) => one.name() === "relay")
  let help = ""
  relay?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
  expect(help).toContain(`"charter": "${charter}"`)
  expect(help).toContain(`"termKey": "${termKey}"`)
})

test("[K29] a command, an option or an argument that is not there is seen", async () => {
  const faults = []
  for (const line of [
    "kunak chartre show public",
    "kunak charter shew public",
    "kunak backup vault officer.vault --into v.age",
    "kunak backup vault officer.vault",
    "kunak restore --to officer.vault",
  ])
    for (const named of namedIn("a document", `    ${line}`)) faults.push((await faultOf(named)) !== "")
  expect(faults).toEqual([true, true, true, true, true])
})

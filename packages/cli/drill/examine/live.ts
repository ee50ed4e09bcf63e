/** What is looked at while the programs run: their memory, their arguments and environment, files that they hold open. */
import type { Holder } from "../canaries/canary.ts"
import { argumentsOf, environmentOf, limitsOf, memoryOf, openFilesOf, whyNoMemory } from "../places/memory.ts"
import type { Program } from "../places/program.ts"
import type { Searcher } from "../search/searcher.ts"
import type { Machine } from "../week/organisation.ts"
import { filesIn } from "./inventory.ts"
import { type Finding, Gathering, type Section, type SectionId } from "./section.ts"

type Programs = Readonly<Record<Machine, Program>>

export const MEMORIES = {
  "relay-memory": { machines: ["relay-a", "relay-b"], who: ["relay", "relay-memory"] },
  "duty-memory": { machines: ["duty-1", "duty-2"], who: ["duty"] },
  "desk-memory": { machines: ["desk-1", "desk-2"], who: [] },
} as const satisfies Partial<
  Record<SectionId, { readonly machines: readonly Machine[]; readonly who: readonly Holder[] }>
>

export function examineMemory(id: keyof typeof MEMORIES, programs: Programs, searcher: Searcher): Section {
  const into = new Gathering(id)
  const { machines, who } = MEMORIES[id]
  for (const machine of machines) {
    const { pid } = programs[machine]
    const why = whyNoMemory(pid)
    if (why) into.notShown.push(`${machine}: ${why}`)
    else into.searched(searcher.pieces(memoryOf(pid), who, "marked"), `${machine}: memory`)
  }
  return into.section()
}

export function examineProcesses(programs: Programs, searcher: Searcher): Section {
  const into = new Gathering("processes")
  for (const [machine, { pid }] of Object.entries(programs)) {
    into.searched(searcher.bytes(argumentsOf(pid), [], "not"), `${machine}: arguments`)
    into.searched(searcher.bytes(environmentOf(pid), [], "not"), `${machine}: environment`)
    into.findings.push(...coreOf(limitsOf(pid), machine))
  }
  into.detail = String(Object.keys(programs).length)
  return into.section()
}

/** Linux: core(5). One byte forbids the file, as zero does where no program takes it. Anything else: a crash leaves all memory. */
export function coreOf(limits: string, where: string): readonly Finding[] {
  const hard = /^Max core file size\s+\S+\s+(\S+)/m.exec(limits)?.[1] ?? "unknown"
  return hard === "0" || hard === "1"
    ? []
    : [{ kind: "exposed", what: "a crash would write its memory to the disk", form: hard, where, times: 1 }]
}

/** Files that a program holds open outside its own disk, deleted or not. */
export function examineOpenFiles(programs: Programs, searcher: Searcher, own: string, into: Gathering): void {
  let files = 0
  for (const [machine, { pid, place }] of Object.entries(programs))
    for (const { name, path } of openFilesOf(pid)) {
      if (name.startsWith(place.folder) || name.startsWith(own)) continue
      files += 1
      try {
        into.searched(searcher.file(path, [], "file"), `${machine}: ${name}`)
      } catch {
        into.notShown.push(`${machine}: ${name} can't be read`)
      }
    }
  into.detail = String(files)
}

/**
 * Files that programs and browsers left in the folders that a whole machine shares, closed or not. @param folders empty when the drill
 * began. @param except the drill's own.
 */
export function examineSharedFolders(
  folders: readonly string[],
  except: readonly string[],
  searcher: Searcher,
  into: Gathering,
): void {
  const isOwn = (path: string): boolean =>
    except.some((folder) => path === folder || path.startsWith(`${folder}/`))
  const files = folders.flatMap((folder) => filesIn(folder, isOwn))
  for (const path of files)
    try {
      into.searched(searcher.file(path, [], "file"), path)
    } catch {
      into.notShown.push(`${path} can't be read`)
    }
  into.detail += `, ${files.length}`
}

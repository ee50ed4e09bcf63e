/** One thing that an enemy could take, what was looked at, and what was found. */
import type { Hit, Searched } from "../search/searcher.ts"

export const SECTIONS = [
  "relay-disk",
  "relay-memory",
  "duty-disk",
  "duty-memory",
  "duty-active",
  "desk-disk",
  "desk-memory",
  "desk-with-passphrase",
  "visitor-chromium",
  "visitor-firefox",
  "processes",
  "temporary-files",
  "wire",
  "peers",
  "two-histories",
  "schemas",
  "tor",
  "swap",
] as const
export type SectionId = (typeof SECTIONS)[number]

export interface Finding {
  /** canary: words or keys. Else what the other examinations look for. */
  readonly kind:
    | "canary"
    | "moment"
    | "size"
    | "stranger"
    | "difference"
    | "accepted"
    | "exposed"
    | "peer"
    | "unwatched"
    | "not-typed"
  /** Field of the canary, or what was found, without its content. */
  readonly what: string
  readonly form: string
  /** Machine, and file, image or process. */
  readonly where: string
  readonly times: number
}

export interface Section {
  readonly id: SectionId
  /** Looked at, bytes; 0 for what has none. */
  readonly bytes: number
  readonly seconds: number
  readonly findings: readonly Finding[]
  /** What of it could not be examined, a sentence each: it counts as not shown. */
  readonly notShown: readonly string[]
  /** Figures that say how much was looked at: "15 programs". */
  readonly detail: string
}

export const findingsOf = (hits: readonly Hit[], where: string): readonly Finding[] =>
  hits.map(({ canary, form, times }) => ({ kind: "canary", what: canary.field, form, where, times }))

/** @returns what `work` found; where it could not come to its end, a section that shows nothing. */
export async function attempt(id: SectionId, work: () => Section | Promise<Section>): Promise<Section> {
  try {
    return await work()
  } catch (error) {
    const into = new Gathering(id)
    into.notShown.push(reasonOf(error))
    return into.section()
  }
}

/** The same for one of several works of a section: what was found before is kept. @returns null where it broke off. */
export async function attemptInto<T>(into: Gathering, work: () => T | Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    into.notShown.push(reasonOf(error))
    return null
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : "it broke off")

/** Gathers what several searches of one section gave. */
export class Gathering {
  readonly #id: SectionId
  #bytes = 0
  #seconds = 0
  readonly findings: Finding[] = []
  readonly notShown: string[] = []
  detail = ""

  constructor(id: SectionId) {
    this.#id = id
  }

  searched({ hits, bytes, seconds }: Searched, where: string): void {
    this.#bytes += bytes
    this.#seconds += seconds
    this.findings.push(...findingsOf(hits, where))
  }

  section(): Section {
    const { findings, notShown, detail } = this
    return { id: this.#id, bytes: this.#bytes, seconds: this.#seconds, findings, notShown, detail }
  }
}

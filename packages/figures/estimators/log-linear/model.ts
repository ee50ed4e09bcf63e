/**
 * Hierarchical log-linear models. A term is a bit mask of lists (0 is the intercept, one bit a list's own
 * effect); a model is closed downwards: with a term it has all parts of it.
 */
import { bitCount, type CaptureTable, namesIn } from "../capture-table.ts"

export interface LogLinearModel {
  /** How many lists. */
  readonly size: number
  /** All terms, ascending, first 0. */
  readonly terms: Uint32Array
  /** The largest terms, which name the model. */
  readonly generators: readonly number[]
}

/** The model with these terms and all parts of them; each list's own effect is always in. */
export function modelOf(size: number, generators: Iterable<number>): LogLinearModel {
  const terms = new Set<number>([0])
  for (let list = 0; list < size; list++) terms.add(1 << list)
  for (const generator of generators) {
    for (let part = generator; part > 0; part = (part - 1) & generator) terms.add(part)
  }
  return closed(size, terms)
}

function closed(size: number, terms: ReadonlySet<number>): LogLinearModel {
  const sorted = Uint32Array.from(terms).sort()
  const generators = [...sorted].filter(
    (term) => term !== 0 && ![...sorted].some((other) => other !== term && (other & term) === term),
  )
  generators.sort((a, b) => bitCount(b) - bitCount(a) || a - b)
  return { size, terms: sorted, generators }
}

/** More lists than this have too many hierarchical models to fit them all (six: more than 7 million). */
export const MAX_LISTS_FOR_ALL_MODELS = 5
/** Above this the table of all histories and the pairs to try grow out of hand. */
export const MAX_LISTS_STEPWISE = 12

/**
 * Every hierarchical model with each list's own effect and without the interaction of all lists (which no
 * data can tell from the size of the population): 1 for two lists, then 8, 113, 6,893.
 *
 * @param highestOrder largest interaction, `size − 1` for all; 2 for models of pairs only.
 * @throws RangeError above five lists.
 */
export function allHierarchicalModels(size: number, highestOrder = size - 1): readonly LogLinearModel[] {
  if (size > MAX_LISTS_FOR_ALL_MODELS) throw new RangeError(`all models of ${size} lists are too many`)
  const models: LogLinearModel[] = []
  const grow = (terms: ReadonlySet<number>, order: number): void => {
    if (order > highestOrder) {
      models.push(closed(size, terms))
      return
    }
    const candidates: number[] = []
    for (let mask = 1; mask < 2 ** size; mask++) {
      if (bitCount(mask) !== order) continue
      let supported = true
      for (let list = 0; list < size && supported; list++) {
        if (mask & (1 << list)) supported = terms.has(mask & ~(1 << list))
      }
      if (supported) candidates.push(mask)
    }
    if (candidates.length === 0) {
      models.push(closed(size, terms))
      return
    }
    for (let choice = 0; choice < 2 ** candidates.length; choice++) {
      const grown = new Set(terms)
      candidates.forEach((mask, i) => {
        if (choice & (1 << i)) grown.add(mask)
      })
      // Nothing of this order: nothing of a higher one either.
      if (choice === 0) models.push(closed(size, grown))
      else grow(grown, order + 1)
    }
  }
  const own = new Set<number>([0])
  for (let list = 0; list < size; list++) own.add(1 << list)
  grow(own, 2)
  return models
}

/**
 * "[EXH ABA OSCE][EXH HRW]": the form that `--model` takes; larger terms first, then in the order of the lists.
 * Names with a space are joined by "·".
 */
export function modelName(model: LogLinearModel, table: Pick<CaptureTable, "lists" | "shown">): string {
  const joint = table.lists.some((name) => name.includes(" ")) ? "·" : " "
  const shown = table.shown ?? table.lists
  const terms = model.generators.map((generator) => namesIn(table, generator))
  const place = (names: readonly string[]): string =>
    names.map((name) => String.fromCharCode(65 + shown.indexOf(name))).join("")
  terms.sort((a, b) => b.length - a.length || (place(a) < place(b) ? -1 : 1))
  return terms.map((names) => `[${names.join(joint)}]`).join("")
}

export type ModelNameError =
  | { readonly kind: "not-a-model"; readonly text: string }
  | { readonly kind: "unknown-list"; readonly name: string }
  | { readonly kind: "all-lists-in-one-term" }

export type ModelNameResult =
  | { readonly ok: true; readonly value: LogLinearModel }
  | { readonly ok: false; readonly error: ModelNameError }

/**
 * Reads "[A B C][A D]"; inside a bracket names stand apart by blanks, commas or "·", and may hold any of these
 * themselves: the longest name that fits is taken. Lists left out keep their own effect.
 */
export function parseModelName(text: string, lists: readonly string[]): ModelNameResult {
  const generators: number[] = []
  const longestFirst = lists
    .map((name, list) => ({ name, list }))
    .sort((a, b) => b.name.length - a.name.length)
  const notAModel: ModelNameResult = { ok: false, error: { kind: "not-a-model", text } }
  let rest = text.replace(BETWEEN_TERMS, "")
  while (rest !== "") {
    if (!rest.startsWith("[")) return notAModel
    rest = rest.slice(1).replace(BETWEEN_NAMES, "")
    let mask = 0
    while (!rest.startsWith("]")) {
      if (rest === "") return notAModel
      const found = longestFirst.find(
        ({ name }) => rest.startsWith(name) && /^[\s·,\]]/.test(rest.slice(name.length)),
      )
      if (found === undefined) {
        const name = /^[^\s·,[\]]*/.exec(rest)?.[0] ?? ""
        return rest.includes("]") ? { ok: false, error: { kind: "unknown-list", name } } : notAModel
      }
      mask |= 1 << found.list
      rest = rest.slice(found.name.length).replace(BETWEEN_NAMES, "")
    }
    generators.push(mask)
    rest = rest.slice(1).replace(BETWEEN_TERMS, "")
  }
  if (generators.length === 0) return notAModel
  if (generators.some((mask) => mask === 2 ** lists.length - 1))
    return { ok: false, error: { kind: "all-lists-in-one-term" } }
  return { ok: true, value: modelOf(lists.length, generators) }
}

const BETWEEN_TERMS = /^[\s,+]+/
const BETWEEN_NAMES = /^[\s·,]+/

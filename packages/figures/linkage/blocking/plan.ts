/**
 * Chooses the union of blocking rules. One rule alone misses whoever has an error in its key; the union misses
 * only those who err in all. Every rule is measured first, so that none makes a million candidates unseen.
 */
import { counted, type Note, note, warning } from "../notes.ts"
import type { Field, LinkageRecords } from "../records/fields.ts"
import { type BlockingKey, blockingKeys } from "./keys.ts"
import { type BlockingRule, everyPairRule, makeRule, withinBudget } from "./rule.ts"

export interface BlockingPlan {
  /** The rules whose union is compared, the most selective first. */
  readonly rules: readonly BlockingRule[]
  /** The rules whose pairs the model may learn from. */
  readonly sessions: readonly BlockingRule[]
  readonly notes: readonly Note[]
}

export interface PlanLimits {
  /** Pairs of the whole union at most (sum over rules, an upper bound). */
  readonly maxCandidates: number
}

/** Lists so short that every pair is compared. */
export const COMPARE_ALL_PAIRS = 2_000_000

/** Candidates per record that the union may cost. */
const CANDIDATES_PER_RECORD = 200
const LEAST_BUDGET = 2_000_000
const MOST_BUDGET = 12_000_000

export function defaultMaxCandidates(records: number): number {
  return Math.min(MOST_BUDGET, Math.max(LEAST_BUDGET, records * CANDIDATES_PER_RECORD))
}

/** Chooses the rules itself. */
export function planBlocking(records: LinkageRecords, limits: PlanLimits): BlockingPlan {
  const keys = blockingKeys(records)
  const combinations = fieldCombinations(records.fields, keys)
  const { rules, budget } = chooseWithin(combinations, limits.maxCandidates)
  const allPairs = (records.count * (records.count - 1)) / 2
  const notes = passedOverNotes(rules)
  if (allPairs <= Math.min(COMPARE_ALL_PAIRS, limits.maxCandidates)) {
    return {
      rules: [everyPairRule(records.count)],
      sessions: rules,
      notes: [
        note(
          "every-pair",
          `The lists are short enough to compare every pair: no recall is lost by blocking.`,
        ),
      ],
    }
  }
  if (rules.length === 0) {
    notes.push(
      warning(
        "no-blocking-rule",
        `No combination of columns brings together few enough records (at most ${counted(budget)} pairs a rule). Give more columns a role, or raise --max-candidates.`,
      ),
    )
  }
  return { rules, sessions: rules, notes }
}

/**
 * Takes the user's rules, each a list of key names such as `["family", "dob.year"]`. A rule that would make
 * more candidates than allowed is set aside with its count and its largest block, never followed in silence.
 */
export function planFromRules(
  records: LinkageRecords,
  wanted: readonly (readonly string[])[],
  limits: PlanLimits,
): BlockingPlan {
  const keys = blockingKeys(records)
  const notes: Note[] = []
  const rules: BlockingRule[] = []
  let total = 0
  for (const names of wanted) {
    const unknown = names.find((name) => !keys.some((key) => key.name === name))
    if (unknown !== undefined || names.length === 0) {
      notes.push(
        warning(
          "unknown-key",
          `The rule ${names.join(" + ")} is set aside: there is no key "${unknown ?? ""}". Name one of ${keys.map((key) => key.name).join(", ")}.`,
        ),
      )
      continue
    }
    const rule = makeRule(names.flatMap((name) => keys.filter((key) => key.name === name)))
    const room = limits.maxCandidates - total
    const kept = withinBudget(rule, room)
    if (kept === undefined) {
      notes.push(
        warning(
          "rule-too-coarse",
          `The rule ${rule.name} is set aside: it makes ${counted(rule.pairs)} pairs to compare, ${counted(limits.maxCandidates)} are allowed in all. Its largest block holds ${counted(rule.largest.size)} records that agree on it. Add a second key to it, such as ${example(keys, rule)}, or raise --max-candidates.`,
        ),
      )
      continue
    }
    total += kept.pairs
    rules.push(kept)
  }
  return { rules, sessions: rules, notes: [...notes, ...passedOverNotes(rules)] }
}

function example(keys: readonly BlockingKey[], rule: BlockingRule): string {
  const other = keys.find((key) => !rule.comparisons.includes(key.comparison))
  return `"${other?.name ?? "a second column"}"`
}

function passedOverNotes(rules: readonly BlockingRule[]): Note[] {
  return rules
    .filter(({ passedOver }) => passedOver.blocks > 0)
    .map(({ name, passedOver }) =>
      note(
        "block-passed-over",
        `In the rule ${name} ${counted(passedOver.blocks)} blocks with ${counted(passedOver.records)} records are passed over: alone they make ${counted(passedOver.pairs)} pairs. Those records meet through other rules only.`,
      ),
    )
}

/** For each set of fields, the key combinations on offer, the loosest first. */
interface Combination {
  readonly offers: readonly (readonly BlockingKey[])[]
}

function fieldCombinations(fields: readonly Field[], keys: readonly BlockingKey[]): readonly Combination[] {
  const of = (comparison: number, names: readonly string[]) =>
    names.flatMap((suffix) =>
      keys.filter(
        (key) =>
          key.comparison === comparison &&
          (suffix === "" ? key.name === fields[comparison]?.label : key.name.endsWith(`.${suffix}`)),
      ),
    )
  const loose = fields.map((field, at) => of(at, LOOSE_KEYS[field.kind]))
  const singles = fields.map(
    (field, at): Combination => ({
      offers: of(at, SINGLE_KEYS[field.kind]).map((key) => [key]),
    }),
  )
  const pairs: Combination[] = []
  const triples: Combination[] = []
  for (let a = 0; a < fields.length; a++) {
    for (let b = a + 1; b < fields.length; b++) {
      const offers = (loose[a] ?? []).flatMap((first) => (loose[b] ?? []).map((second) => [first, second]))
      pairs.push({ offers })
      for (let c = b + 1; c < Math.min(fields.length, 5); c++) {
        const loosest = [loose[a]?.[0], loose[b]?.[0], loose[c]?.[0]]
        triples.push({ offers: [loosest.filter((key) => key !== undefined)] })
      }
    }
  }
  return [...singles, ...pairs, ...triples]
}

/** Alone a key must be selective; beside another it may be loose. The loosest first. */
const SINGLE_KEYS: Readonly<Record<Field["kind"], readonly string[]>> = {
  name: [""],
  date: [""],
  place: [""],
  postcode: [""],
  identifier: ["user", ""],
  category: [""],
}
const LOOSE_KEYS: Readonly<Record<Field["kind"], readonly string[]>> = {
  name: ["initial", "sound", "variant", ""],
  date: ["year", "month-day", ""],
  place: ["", "widest"],
  postcode: ["beginning", ""],
  identifier: [""],
  category: [""],
}

const BUDGETS_PER_RULE = [1 / 4, 1 / 8, 1 / 12, 1 / 16, 1 / 24, 1 / 32, 1 / 48, 1 / 64, 1 / 128, 1 / 256]

/** The loosest choice of each combination that fits, under the largest budget per rule that the union allows. */
function chooseWithin(
  combinations: readonly Combination[],
  total: number,
): { readonly rules: readonly BlockingRule[]; readonly budget: number } {
  const made = new Map<readonly BlockingKey[], BlockingRule>()
  const rule = (keys: readonly BlockingKey[]) => {
    const known = made.get(keys) ?? makeRule(keys)
    made.set(keys, known)
    return known
  }
  let budget = 0
  for (const share of BUDGETS_PER_RULE) {
    budget = Math.floor(total * share)
    const chosen = combinations.flatMap(({ offers }) => {
      for (const keys of offers) {
        const fitting = withinBudget(rule(keys), budget)
        if (fitting !== undefined && fitting.pairs > 0) return [fitting]
      }
      return []
    })
    const useful = withoutContained(chosen)
    if (useful.reduce((sum, { pairs }) => sum + pairs, 0) <= total) {
      return { rules: useful.sort((a, b) => a.pairs - b.pairs), budget }
    }
  }
  return { rules: [], budget }
}

/** A rule whose keys include all keys of another brings nothing new. */
function withoutContained(rules: readonly BlockingRule[]): BlockingRule[] {
  return rules.filter(
    (rule) =>
      !rules.some(
        (other) =>
          other !== rule &&
          other.passedOver.blocks === 0 &&
          other.keys.length < rule.keys.length &&
          other.keys.every((key) => rule.keys.includes(key)),
      ),
  )
}

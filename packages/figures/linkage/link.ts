/**
 * Linking from records to partitions: block, compare, learn, weigh, join. No disk and no clock here; threads
 * only through the pool.
 */
import { cutTasks, layOut } from "./blocking/candidates.ts"
import { type Coverage, coverageOf } from "./blocking/coverage.ts"
import { type BlockingPlan, defaultMaxCandidates, planBlocking, planFromRules } from "./blocking/plan.ts"
import { type Constraints, type Dendrogram, joinRecords, type LinkedPairs } from "./clusters/dendrogram.ts"
import { countedPeople, MAY_BE_ONE_ODDS, namedOnce, surelyDistinct } from "./clusters/distinct.ts"
import { neverCompared } from "./clusters/elsewhere.ts"
import { type LargeGroup, largeGroupIn } from "./clusters/largest-group.ts"
import { cutAt, type Partition } from "./clusters/partition.ts"
import { comparePool } from "./comparison/compare-pool.ts"
import type { CompareTask } from "./comparison/compare-task.ts"
import { comparisonShape, MAX_COMPARISONS } from "./comparison/comparison.ts"
import type { ComparedPairs } from "./comparison/pairs.ts"
import { PatternCounter, type Patterns } from "./model/patterns.ts"
import { type Rarity, rarityOf } from "./model/rarity.ts"
import { type ChunkWeights, chunkScorer, learnPrior, log2Odds, type Prior } from "./model/score.ts"
import { type ChosenThreshold, chooseThreshold } from "./model/threshold.ts"
import { isLearnt, kinRuleOf, type TrainedModel, trainModel } from "./model/train.ts"
import { counted, isUntenable, type Note, warning } from "./notes.ts"
import type { LinkageRecords } from "./records/fields.ts"

export interface LinkOptions {
  readonly seed: number
  /** Per record its list when that list has each person once, otherwise −1. */
  readonly cleanList: Int32Array
  readonly maxCandidates?: number
  /** The user's blocking rules, as names of keys; chosen by measuring when absent. */
  readonly rules?: readonly (readonly string[])[]
  /** Pairs that two people decided. */
  readonly apart?: Constraints["apart"]
  readonly together?: Constraints["together"]
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** Compared parts of an earlier run that was stopped; `onPart` hands over each new one. */
  readonly earlierParts?: ReadonlyMap<number, ComparedPairs>
  readonly onPart?: (part: number, pairs: ComparedPairs) => void
}

export interface Progress {
  readonly step: "blocking" | "comparing" | "learning" | "joining"
  readonly done: number
  readonly of: number
}

export type LinkError =
  | { readonly kind: "nothing-to-compare" }
  | { readonly kind: "no-candidates"; readonly notes: readonly Note[] }

export interface WeighedPairs extends LinkedPairs {
  /** Bits for one person against two strangers. */
  readonly weight: Float32Array
  /** Bits for two of one household against two strangers. */
  readonly kin: Float32Array
  readonly low: Uint32Array
  readonly high: Uint32Array
}

export interface Linkage {
  readonly plan: BlockingPlan
  /** How much the rules miss; null where every pair was compared, or weights were not learnt that could tell. */
  readonly coverage: Coverage | null
  readonly candidates: number
  readonly allPairs: number
  readonly model: TrainedModel
  /** Per comparison, how rare each value is. */
  readonly rarity: readonly Rarity[]
  readonly prior: Prior
  /** Every pair with log2 odds of −10 or more. */
  readonly pairs: WeighedPairs
  /** All candidates by log2 odds, one bit to a bin; bin 0 begins at `HISTOGRAM_FROM`. */
  readonly histogram: Int32Array
  readonly threshold: ChosenThreshold
  readonly dendrogram: Dendrogram
  readonly partitions: Readonly<Record<PartitionName, Partition>>
  /** The best partition as it would be had nobody decided anything: what an audit measures. */
  readonly beforeDecisions: Partition
  readonly cuts: Readonly<Record<PartitionName, number>>
  /** Per record 1 where it counts towards the confirmed minimum: no two people counted could be one. */
  readonly counted: Uint8Array
  /** Null where nobody is surely distinct from others. */
  readonly minimum: number | null
  /** The partitions hold something else than people, and their numbers are not said to people. */
  readonly untenable: boolean
  readonly notes: readonly Note[]
}

export type PartitionName = "strict" | "best" | "loose"

export const HISTOGRAM_FROM = -60
const HISTOGRAM_BINS = 121
/** Pairs below one in a thousand are not kept. */
export const KEPT_ODDS = -10
/** Pairs below one in thirty million are nothing even where a record has a hundred thousand of them. */
const COUNTED_ODDS = -25
/** Strict: one person only where it is 99 in 100. */
export const STRICT_ODDS = Math.log2(99)
/**
 * Loose: joined unless it is 19 in 20 that they are two people, "in doubt merged".
 */
export const LOOSE_ODDS = MAY_BE_ONE_ODDS
const PAIRS_PER_TASK = 150_000
const RANDOM_PAIRS = 600_000
const RANDOM_TASKS = 8

/**
 * Links.
 *
 * @returns undefined fields never: either a whole linkage or a reason.
 * @throws what `signal` was aborted with, and nothing else that input can cause.
 */
export async function linkRecords(
  records: LinkageRecords,
  options: LinkOptions,
): Promise<Linkage | LinkError> {
  const notes: Note[] = []
  if (records.fields.length === 0) return { kind: "nothing-to-compare" }
  const { fields } = records
  if (fields.length > MAX_COMPARISONS) throw new RangeError(`at most ${MAX_COMPARISONS} comparisons`)
  const progress = options.onProgress ?? (() => {})
  progress({ step: "blocking", done: 0, of: 1 })
  const limits = { maxCandidates: options.maxCandidates ?? defaultMaxCandidates(records.count) }
  const plan =
    options.rules === undefined
      ? planBlocking(records, limits)
      : planFromRules(records, options.rules, limits)
  notes.push(...plan.notes)
  if (plan.rules.length === 0) return { kind: "no-candidates", notes }

  const layouts = plan.rules.map(layOut)
  const expected = plan.rules.reduce((sum, { pairs }) => sum + pairs, 0)
  const context = {
    count: records.count,
    fields,
    names: records.names,
    layouts,
    cleanList: options.cleanList,
  }
  const pool = comparePool(context, expected)
  try {
    const chunks = await compareCandidates(pool, cutTasks(layouts, PAIRS_PER_TASK), options, progress)
    // Where every pair was compared, the candidates are the sample of strangers.
    const comparedAll = plan.rules.length === 1 && plan.rules[0]?.keys.length === 0
    const randomPairs = comparedAll ? chunks : await compareRandom(pool, records.count, options)
    const random = countPatterns(randomPairs)
    options.signal?.throwIfAborted()
    progress({ step: "learning", done: 0, of: 1 })
    const candidates = chunks.reduce((sum, { a }) => sum + a.length, 0)
    if (candidates === 0) return { kind: "no-candidates", notes }
    const allPairs = comparablePairs(records.count, options.cleanList)
    const kinRules = fields.map(kinRuleOf)
    const model = trainModel(fields.map(comparisonShape), kinRules, random, chunks, plan.sessions, allPairs)
    const rarity = fields.map((field, c) => rarityOf(field, model, c, records.names))
    const score = chunkScorer(model, fields, rarity)
    const weights: ChunkWeights[] = []
    for (const chunk of chunks) {
      weights.push(score(chunk))
      options.signal?.throwIfAborted()
    }
    const prior = learnPrior(weights, allPairs)
    const { pairs, histogram, dropped } = keepPairs(chunks, weights, prior, records.count)
    const learnt = isLearnt(model)
    const coverage =
      comparedAll || !learnt
        ? null
        : coverageOf(plan.rules, options.cleanList, randomPairs, (chunk) => {
            const { weight, kin } = score(chunk)
            return weight.map((bits, pair) => log2Odds(bits, kin[pair] as number, prior))
          })
    notes.push(...coverageNotes(coverage))
    const expectedMatches = prior.match * allPairs
    const threshold = chooseThreshold(pairs.odds, expectedMatches)
    notes.push(...modelNotes(model, expectedMatches, records.count))
    progress({ step: "joining", done: 0, of: 1 })
    await breathe(options.signal)
    const constraints = {
      cleanList: options.cleanList,
      apart: options.apart ?? [],
      together: options.together ?? [],
    }
    const dendrogram = joinRecords(records.count, pairs, constraints, LOOSE_ODDS)
    const cuts = { strict: STRICT_ODDS, best: threshold.odds, loose: LOOSE_ODDS }
    const best = cutAt(dendrogram, cuts.best)
    const nothing = { ...constraints, apart: [], together: [] }
    const decided = constraints.apart.length + constraints.together.length > 0
    const beforeDecisions = decided
      ? cutAt(joinRecords(records.count, pairs, nothing, LOOSE_ODDS), cuts.best)
      : best
    notes.push(...largeGroupNote(largeGroupIn(best)))
    const unseen = neverCompared(plan.rules, pairs, best)
    const elsewhere = unseen.map((odds, record) => odds + (dropped[record] as number))
    // Odds that nobody has tried on these lists confirm nothing, nor do pairs that nobody looked at.
    const distinct =
      learnt && !missesTooMany(coverage)
        ? surelyDistinct(best, pairs, constraints, elsewhere)
        : namedOnce(options.cleanList)
    return {
      plan,
      coverage,
      candidates,
      allPairs,
      model,
      rarity,
      prior,
      pairs,
      histogram,
      threshold,
      dendrogram,
      partitions: {
        strict: cutAt(dendrogram, cuts.strict),
        best,
        loose: cutAt(dendrogram, cuts.loose),
      },
      beforeDecisions,
      cuts,
      counted: distinct,
      minimum: countedPeople(best, distinct) || null,
      untenable: isUntenable(notes),
      notes,
    }
  } finally {
    await pool.close()
  }
}

export const isLinkage = (result: Linkage | LinkError): result is Linkage => "partitions" in result

async function compareCandidates(
  pool: ReturnType<typeof comparePool>,
  tasks: readonly { rule: number; from: number; to: number }[],
  options: LinkOptions,
  progress: (progress: Progress) => void,
): Promise<readonly ComparedPairs[]> {
  const chunks: (ComparedPairs | undefined)[] = tasks.map((_, part) => options.earlierParts?.get(part))
  const open = tasks.map((_, part) => part).filter((part) => chunks[part] === undefined)
  let done = tasks.length - open.length
  progress({ step: "comparing", done, of: tasks.length })
  await pool.run(
    open.map(
      (part) =>
        ({
          kind: "candidates",
          ...(tasks[part] as { rule: number; from: number; to: number }),
        }) satisfies CompareTask,
    ),
    (index, pairs) => {
      const part = open[index] as number
      chunks[part] = pairs
      options.onPart?.(part, pairs)
      progress({ step: "comparing", done: ++done, of: tasks.length })
    },
    options.signal,
  )
  return chunks as readonly ComparedPairs[]
}

/** Random pairs, for how strangers agree: every pair when there are few records. */
async function compareRandom(pool: ReturnType<typeof comparePool>, count: number, options: LinkOptions) {
  const all = (count * (count - 1)) / 2
  const tasks: CompareTask[] =
    all <= RANDOM_PAIRS
      ? [{ kind: "every-pair", from: 0, to: count }]
      : Array.from({ length: RANDOM_TASKS }, (_, task) => ({
          kind: "random",
          pairs: RANDOM_PAIRS / RANDOM_TASKS,
          seed: options.seed,
          stream: `random pairs ${task}`,
        }))
  return pool.run(tasks, undefined, options.signal)
}

function countPatterns(chunks: readonly ComparedPairs[]): Patterns {
  const counter = new PatternCounter()
  for (const pairs of chunks) counter.addAll(pairs)
  return counter.patterns()
}

/** All pairs but those within a clean list. */
function comparablePairs(count: number, cleanList: Int32Array): number {
  const sizes = new Map<number, number>()
  for (const list of cleanList) if (list >= 0) sizes.set(list, (sizes.get(list) ?? 0) + 1)
  let pairs = (count * (count - 1)) / 2
  for (const size of sizes.values()) pairs -= (size * (size - 1)) / 2
  return Math.max(1, pairs)
}

function keepPairs(
  chunks: readonly ComparedPairs[],
  weights: readonly ChunkWeights[],
  prior: Prior,
  records: number,
): {
  readonly pairs: WeighedPairs
  readonly histogram: Int32Array
  /** Per record the summed odds (not their logarithms) of its pairs that are not kept. */
  readonly dropped: Float64Array
} {
  const histogram = new Int32Array(HISTOGRAM_BINS)
  const dropped = new Float64Array(records)
  const kept: number[] = []
  const odds: number[] = []
  chunks.forEach((chunk, at) => {
    const { weight, kin } = weights[at] as ChunkWeights
    for (let pair = 0; pair < chunk.a.length; pair++) {
      const value = log2Odds(weight[pair] as number, kin[pair] as number, prior)
      const bin = Math.max(0, Math.min(HISTOGRAM_BINS - 1, Math.floor(value) - HISTOGRAM_FROM))
      histogram[bin] = (histogram[bin] as number) + 1
      if (value < KEPT_ODDS) {
        if (value < COUNTED_ODDS) continue
        const [a, b] = [chunk.a[pair] as number, chunk.b[pair] as number]
        dropped[a] = (dropped[a] as number) + 2 ** value
        dropped[b] = (dropped[b] as number) + 2 ** value
        continue
      }
      // Chunk and position in one exact number.
      kept.push(at * 4_294_967_296 + pair)
      odds.push(value)
    }
  })
  const column = <T>(make: (length: number) => T, read: (chunk: number, pair: number) => number) => {
    const values = make(kept.length) as unknown as Record<number, number>
    kept.forEach((where, index) => {
      const chunk = Math.floor(where / 4_294_967_296)
      values[index] = read(chunk, where % 4_294_967_296)
    })
    return values as unknown as T
  }
  const int = (length: number) => new Int32Array(length)
  const unsigned = (length: number) => new Uint32Array(length)
  const float = (length: number) => new Float32Array(length)
  return {
    histogram,
    dropped,
    pairs: {
      a: column(int, (chunk, pair) => chunks[chunk]?.a[pair] ?? 0),
      b: column(int, (chunk, pair) => chunks[chunk]?.b[pair] ?? 0),
      low: column(unsigned, (chunk, pair) => chunks[chunk]?.low[pair] ?? 0),
      high: column(unsigned, (chunk, pair) => chunks[chunk]?.high[pair] ?? 0),
      weight: column(float, (chunk, pair) => weights[chunk]?.weight[pair] ?? 0),
      kin: column(float, (chunk, pair) => weights[chunk]?.kin[pair] ?? 0),
      odds: Float32Array.from(odds),
    },
  }
}

/** Two people only where it is 19 in 20: from so many missed pairs on, nobody stands alone for certain. */
const MOST_MISSED = 1 / 20

const missesTooMany = (coverage: Coverage | null): coverage is Coverage =>
  coverage !== null && coverage.missedAtLeast > MOST_MISSED

function coverageNotes(coverage: Coverage | null): readonly Note[] {
  if (!missesTooMany(coverage)) return []
  const { surelyOne, compared } = coverage
  return [
    warning(
      "pairs-missed",
      `Of ${counted(surelyOne)} pairs that were drawn at random and are surely one person, ${counted(surelyOne - compared)} share no blocking rule, so nobody compared them. As many are missed among all records: every number of people comes out too high, and nobody is surely distinct from others. Add rules that ask for other columns (--rules), or leave --rules away; give more columns a role, or raise --max-candidates.`,
    ),
  ]
}

/** What the model itself gives reason to doubt. */
function modelNotes(model: TrainedModel, expectedMatches: number, records: number): Note[] {
  const notes: Note[] = []
  if (!isLearnt(model)) {
    notes.push(
      warning(
        "nothing-learnt",
        "No blocking rule brought enough probable pairs together to learn from: the weights are those it began with, and nobody has tried them on these lists. No number of people is drawn from this linkage, here or by kunak estimate. Find out by hand who is the same person (clerical.csv shows the likeliest pairs), or link again with more records or columns. If a list names each person once, say so with --clean: the longest of these is a confirmed minimum, whatever was learnt.",
      ),
    )
  }
  if (expectedMatches > records * 50) {
    notes.push(
      warning(
        "too-many-matches",
        `The model believes in ${counted(expectedMatches)} pairs of one person among ${counted(records)} records. That many repeats are seldom true: look at the weights for a column that is the same for nearly everybody.`,
      ),
    )
  }
  if (model.shapes.length < 3) {
    notes.push(
      warning(
        "few-columns",
        `Only ${model.shapes.length} ${model.shapes.length === 1 ? "column is" : "columns are"} compared. Two people of one name can then hardly be told apart: have the clerical file decided before using any number.`,
      ),
    )
  }
  return notes
}

/** No number of people is said beside this but the least. */
function largeGroupNote(group: LargeGroup | null): readonly Note[] {
  if (group === null) return []
  return [
    warning(
      "large-group",
      `${counted(group.size)} of ${counted(group.records)} records were taken for one and the same person. That is seldom true: look at this group in clusters.csv before using any number. Either no column tells these people apart, or two columns say the same and count twice; give one of them the role ignore (--mapping).`,
    ),
  ]
}

/** Lets a signal in before a long step. */
async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
  signal?.throwIfAborted()
}

/**
 * What speaks against a number. A finding is a typed value: a stable `code` for programs and tests, and a
 * sentence that a journalist understands, which says what is wrong and what to do about it.
 */
export const FINDING_CODES = [
  // the table
  "too-few-lists",
  "too-many-lists",
  "list-empty",
  "list-duplicate",
  "list-contains-all",
  "list-inside-another",
  "list-nearly-duplicate",
  "list-nearly-all",
  "list-nearly-inside",
  "no-overlap",
  "overlap-empty",
  "overlap-small",
  "few-cases",
  "rows-on-no-list",
  "columns-ignored",
  "count-guessed",
  // what only people can know
  "population-not-closed",
  "source-misses-group",
  "harder-to-find",
  // models
  "no-estimate",
  "not-identifiable",
  "boundary-estimate",
  "models-disagree",
  "leave-one-out",
  "interval-open",
  "interval-wide",
  "interval-conditional",
  "resamples-failed",
  "few-resamples",
  "interval-end-thin",
  "untestable-assumption",
  "diagnostic-only",
  "below-seen",
  "lower-bound-only",
  "stepwise-only",
  "search-restricted",
  // posteriors
  "saturated-graph",
  "grid-edge",
  "several-modes",
  "r-hat",
  "effective-sample-size",
  "chains-disagree",
  "heavy-tail",
  "stopped-early",
  // between estimators
  "estimators-disagree",
  "single-method",
  "below-lower-bound",
  "linkage-uncertain",
  "linkage-doubtful",
  "linkage-warned",
  "linkage-unsaid",
  "linkage-unread",
  "nothing-learnt",
  "too-many-matches",
  "large-group",
  "stratum-refused",
  "strata-disagree",
  "strata-mixed",
] as const

export type FindingCode = (typeof FINDING_CODES)[number]

export interface Finding {
  readonly code: FindingCode
  readonly text: string
}

export const finding = (code: FindingCode, text: string): Finding => ({ code, text })

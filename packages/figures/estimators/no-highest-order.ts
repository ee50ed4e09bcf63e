/**
 * The estimate that all data fit exactly: every interaction is allowed except that of all lists together.
 *
 * n0 = Π counts of histories on an odd number of lists / Π counts on an even number. Its variance on the log
 * scale is Σ 1 / count.
 *
 * Assumes that the way in which all lists but one depend on one another is the same among people on the remaining list
 * and people not on it: no data can test it.
 *
 * Source: Bishop, Fienberg & Holland (1975), Discrete Multivariate Analysis, ch. 6; the assumption's weight:
 * Aleshin-Guendel, Sadinle & Wakefield (2024), Biometrics 80; Das, Kennedy & Jewell (2023), JASA.
 */
import { bitCount, type CaptureTable, denseCounts, namesIn } from "./capture-table.ts"
import { finding } from "./finding.ts"
import { type EstimatorResult, estimated, logNormalInterval, refused } from "./result.ts"

export function noHighestOrder(table: CaptureTable): EstimatorResult {
  const counts = denseCounts(table)
  const size = table.lists.length
  let log = 0
  let variance = 0
  const empty: string[] = []
  for (let history = 1; history < counts.length; history++) {
    const count = counts[history] as number
    if (count === 0) empty.push(namesIn(table, history).join(" + "))
    else {
      log += (bitCount(history) % 2 === 1 ? 1 : -1) * Math.log(count)
      variance += 1 / count
    }
  }
  if (empty.length > 0)
    return refused("no-highest-order", [
      finding(
        "no-estimate",
        `This estimate divides by the counts of every combination of lists, and ${empty.length === 1 ? "one combination has" : `${empty.length} combinations have`} nobody (${empty.slice(0, 3).join("; ")}${empty.length > 3 ? "; and others" : ""}). Read the other methods.`,
      ),
    ])
  const unseen = Math.exp(log)
  const standardError = Math.sqrt(unseen + unseen ** 2 * variance)
  const assumption = `Assumes that the way in which ${size - 1} lists together depend on one another is the same among people on the remaining list and people not on it. No data can confirm or refute this: show the number only beside others, and with this sentence.`
  return estimated(
    "no-highest-order",
    table.n + unseen,
    logNormalInterval(table.n, unseen, standardError),
    { unseen, standardError, assumption },
    [finding("untestable-assumption", assumption)],
  )
}

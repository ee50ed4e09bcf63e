/** All intervals side by side on one axis, as rows of HTML: text keeps its size on a phone. */

import { ESTIMATOR_NAMES } from "../names.ts"
import { people } from "../people.ts"
import type { EstimatorResult } from "../result.ts"
import { axisTicks, escapeHtml } from "./markup.ts"

/** @param n people seen: no estimate lies below. */
export function intervalsFigure(results: readonly EstimatorResult[], n: number): string {
  const usable = results.flatMap((result) => (result.status === "ok" ? [result] : []))
  const estimates = usable.map((result) => result.estimate).sort((a, b) => a - b)
  const largest = estimates.at(-1) ?? n
  const ends = usable.map((result) => result.upper ?? largest)
  // One very wide interval must not press all others into a corner: it is cut, with an arrow.
  const high = Math.min(Math.max(...ends, largest), n + 2.2 * Math.max(largest - n, 1))
  const low = Math.min(n, estimates[0] ?? n)
  const place = (value: number): number =>
    (100 * (Math.min(Math.max(value, low), high) - low)) / Math.max(high - low, 1)
  const rows = results.map((result) => {
    const name = escapeHtml(ESTIMATOR_NAMES[result.id])
    if (result.status === "refused")
      return `<div class="row refused"><div class="what">${name}</div><div class="track"></div><div class="numbers">refused</div></div>`
    const from = place(result.lower ?? low)
    const to = place(result.upper ?? high)
    const open = result.upper === null || result.upper > high
    return `<div class="row"><div class="what">${name}</div><div class="track"><span class="bar${open ? " open" : ""}" style="left:${from.toFixed(2)}%;width:${Math.max(to - from, 0.4).toFixed(2)}%"></span><span class="dot" style="left:${place(result.estimate).toFixed(2)}%"></span></div><div class="numbers"><b>${people(result.estimate)}</b> <span>${people(result.lower)}–${result.upper === null ? "∞" : people(result.upper)}</span></div></div>`
  })
  const ticks = axisTicks(low, high, 5)
  const axis = ticks
    .map((tick) => `<span${edge(place(tick))} style="left:${place(tick).toFixed(2)}%">${people(tick)}</span>`)
    .join("")
  return `<div class="intervals" role="img" aria-label="Estimates with 95 % intervals; the numbers stand in each row">${rows.join("")}<div class="row axis"><div class="what"></div><div class="track ticks">${axis}</div><div class="numbers"></div></div></div>`
}

/** Numbers near an end of the axis stand beside their place, so that they are not cut off. */
const edge = (percent: number): string =>
  percent < 3 ? ' class="left"' : percent > 97 ? ' class="right"' : ""

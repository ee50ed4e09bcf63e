/** Posterior densities of the total, drawn over one another. */

import { people } from "../people.ts"
import type { PosteriorCurve } from "../posterior-curve.ts"
import { axisTicks, escapeHtml } from "./markup.ts"

export interface NamedCurve {
  readonly name: string
  readonly curve: PosteriorCurve
  readonly style: "first" | "second"
}

/** Drawn twice, since text in an SVG shrinks with it: for a phone and for a wider page; style sheets show one. */
export const posteriorFigure = (curves: readonly NamedCurve[]): string =>
  curves.length === 0
    ? ""
    : `${legend(curves)}<div class="narrow">${draw(curves, 340, 200, 4)}</div><div class="wide">${draw(curves, 720, 260, 8)}</div>`

const legend = (curves: readonly NamedCurve[]): string =>
  `<p class="legend">${curves.map(({ name, style }) => `<span class="${style}"><i></i>${escapeHtml(name)}</span>`).join("")}</p>`

function draw(curves: readonly NamedCurve[], width: number, height: number, ticks: number): string {
  const lows = curves.map(({ curve }) => curve.totals[0] ?? 0)
  const highs = curves.map(({ curve }) => reach(curve))
  const low = Math.min(...lows)
  const high = Math.max(...highs)
  const base = height - 24
  const x = (total: number): number => 4 + ((width - 8) * (total - low)) / Math.max(high - low, 1)
  const paths = curves.map(({ curve, style }) => {
    // Each has an area of its own: heights are comparable within a curve, not between two.
    const top = Math.max(...curve.densities)
    const points = curve.totals
      .map((total, i) => [total, curve.densities[i] ?? 0] as const)
      .filter(([total]) => total <= high)
      .map(
        ([total, density]) => `${x(total).toFixed(1)},${(base - (base - 10) * (density / top)).toFixed(1)}`,
      )
    const first = x(curve.totals[0] ?? low).toFixed(1)
    const last = points.at(-1)?.split(",")[0] ?? first
    return `<path class="${style}" d="M${first},${base} L${points.join(" L")} L${last},${base} Z"/>`
  })
  const axis = axisTicks(low, high, ticks)
    .map(
      (tick) =>
        `<line class="tick" x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="${base}" y2="${base + 5}"/><text x="${x(tick).toFixed(1)}" y="${base + 19}" text-anchor="${anchor(x(tick), width)}">${people(tick)}</text>`,
    )
    .join("")
  return `<svg class="posterior" viewBox="0 0 ${width} ${height}" role="img" aria-label="Posterior densities of the total">${paths.join("")}<line class="axis" x1="0" x2="${width}" y1="${base}" y2="${base}"/>${axis}</svg>`
}

/** Where a curve has sunk below a hundredth of its top for good. */
function reach(curve: PosteriorCurve): number {
  const top = Math.max(...curve.densities)
  for (let i = curve.densities.length - 1; i >= 0; i--)
    if ((curve.densities[i] ?? 0) > 0.01 * top) return curve.totals[i] ?? 0
  return curve.totals.at(-1) ?? 0
}

const anchor = (at: number, width: number): string => (at < 24 ? "start" : at > width - 24 ? "end" : "middle")

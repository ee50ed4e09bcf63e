/** A posterior density of the total on an even grid: to draw, and to see whether it has several peaks. */
export interface PosteriorCurve {
  readonly totals: readonly number[]
  readonly densities: readonly number[]
}

export interface Mode {
  readonly at: number
  readonly density: number
}

/** A second peak counts when it reaches this share of the highest … */
const WORTH_SEEING = 0.1
/** … and the valley between falls below this share of the lower of the two. */
const VALLEY = 0.8
/** Totals closer than this are one answer, whatever noise puts between them. */
const APART = 1.05

/** Peaks that stand apart, from left to right. */
export function modesOf(curve: PosteriorCurve): readonly Mode[] {
  const { totals, densities } = curve
  const top = Math.max(...densities)
  const peaks: number[] = []
  for (let i = 0; i < densities.length; i++) {
    const here = densities[i] as number
    if (here < WORTH_SEEING * top) continue
    if (here > (densities[i - 1] ?? 0) && here >= (densities[i + 1] ?? 0)) peaks.push(i)
  }
  const kept: number[] = []
  for (const peak of peaks) {
    const last = kept.at(-1)
    if (last === undefined) {
      kept.push(peak)
      continue
    }
    const valley = Math.min(...densities.slice(last, peak + 1))
    const [left, right] = [densities[last] as number, densities[peak] as number]
    const apart = (totals[peak] as number) >= APART * (totals[last] as number)
    if (apart && valley < VALLEY * Math.min(left, right)) kept.push(peak)
    else if (right > left) kept[kept.length - 1] = peak
  }
  return kept.map((i) => ({ at: totals[i] as number, density: densities[i] as number }))
}

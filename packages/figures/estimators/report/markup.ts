/** Text that goes into HTML or SVG: names of lists come from files that anybody may have written. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;")

/** Round numbers for an axis from `low` to `high`: steps of 1, 2 or 5 times a power of ten. */
export function axisTicks(low: number, high: number, about: number): readonly number[] {
  const rough = Math.max((high - low) / about, 1)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const ticks: number[] = []
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(tick)
  return ticks
}

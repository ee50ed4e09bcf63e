/** The distribution of pairs over weights, as SVG without any outside resource. */
import { HISTOGRAM_FROM } from "../link.ts"

const WIDTH = 760
const HEIGHT = 260
/** Room for "10,000,000". */
const LEFT = 72
const RIGHT = 12
const TOP = 22
const BOTTOM = 40

export interface Mark {
  readonly odds: number
  readonly label: string
}

/** @param histogram pairs per bit of log2 odds; counts are drawn on a logarithmic scale, since most pairs are strangers. */
export function weightsChart(histogram: Int32Array, marks: readonly Mark[]): string {
  const filled = Array.from(histogram.keys()).filter((bin) => (histogram[bin] as number) > 0)
  const first = Math.min(filled[0] ?? 0, -12 - HISTOGRAM_FROM)
  const last = Math.max(filled.at(-1) ?? 0, 12 - HISTOGRAM_FROM)
  const most = histogram.reduce((highest, count) => Math.max(highest, count), 1)
  const decades = Math.max(1, Math.ceil(Math.log10(most + 1)))
  const x = (odds: number) =>
    LEFT + ((odds - HISTOGRAM_FROM - first) / (last + 1 - first)) * (WIDTH - LEFT - RIGHT)
  const y = (count: number) =>
    HEIGHT - BOTTOM - (count <= 0 ? 0 : (Math.log10(count + 1) / decades) * (HEIGHT - TOP - BOTTOM))
  const bars: string[] = []
  for (let bin = first; bin <= last; bin++) {
    const count = histogram[bin] ?? 0
    if (count === 0) continue
    const from = x(bin + HISTOGRAM_FROM)
    const width = Math.max(1, x(bin + 1 + HISTOGRAM_FROM) - from - 1)
    const top = y(count)
    bars.push(
      `<rect x="${from.toFixed(1)}" y="${top.toFixed(1)}" width="${width.toFixed(1)}" height="${(HEIGHT - BOTTOM - top).toFixed(1)}"><title>${bin + HISTOGRAM_FROM} to ${bin + 1 + HISTOGRAM_FROM} bits: ${count.toLocaleString("en-GB")} pairs</title></rect>`,
    )
  }
  const horizontal = Array.from({ length: decades + 1 }, (_, power) => {
    const at = y(10 ** power - 1 || 0.0001)
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/><text x="${LEFT - 6}" y="${(at + 4).toFixed(1)}" text-anchor="end">${power === 0 ? "0" : (10 ** power).toLocaleString("en-GB")}</text>`
  })
  const ticks: string[] = []
  const step = last - first > 70 ? 20 : 10
  for (
    let odds = Math.ceil((first + HISTOGRAM_FROM) / step) * step;
    odds <= last + HISTOGRAM_FROM;
    odds += step
  ) {
    ticks.push(
      `<text x="${x(odds).toFixed(1)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${odds < 0 ? "−" : ""}${Math.abs(odds)}</text>`,
    )
  }
  const lines = marks.map(({ odds, label }, at) => {
    const position = x(odds).toFixed(1)
    const anchor = at === 0 ? "end" : "start"
    const shift = at === 0 ? -4 : 4
    return `<line class="mark" x1="${position}" x2="${position}" y1="${TOP - 6}" y2="${HEIGHT - BOTTOM}"/><text class="mark" x="${(Number(position) + shift).toFixed(1)}" y="${TOP - 8}" text-anchor="${anchor}">${label}</text>`
  })
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Pairs by weight">${horizontal.join("")}<g class="bars">${bars.join("")}</g>${lines.join("")}${ticks.join("")}<text x="${(WIDTH + LEFT) / 2}" y="${HEIGHT - 4}" text-anchor="middle">weight in bits: log2 odds that the pair is one person; 0 is even</text></svg>`
}

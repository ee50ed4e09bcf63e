/**
 * A root of `f` between `low` and `high`, where its signs differ, by Ridders' method.
 *
 * @param tolerance stop when the bracket is this narrow (in units of the argument).
 * @throws RangeError when the signs do not differ.
 * Source: Ridders (1979), IEEE Trans. Circuits and Systems 26.
 */
export function findRoot(f: (x: number) => number, low: number, high: number, tolerance: number): number {
  let a = low
  let b = high
  let fa = f(a)
  let fb = f(b)
  if (fa === 0) return a
  if (fb === 0) return b
  if (fa * fb > 0) throw new RangeError("findRoot needs a change of sign")
  while (Math.abs(b - a) > tolerance) {
    const middle = (a + b) / 2
    if (middle === a || middle === b) break
    const fm = f(middle)
    if (fm === 0) return middle
    const step = ((middle - a) * Math.sign(fa - fb) * fm) / Math.sqrt(fm * fm - fa * fb)
    const x = middle + step
    const fx = f(x)
    if (fx === 0) return x
    const points: [number, number][] = [
      [a, fa],
      [middle, fm],
      [x, fx],
      [b, fb],
    ]
    points.sort((p, q) => p[0] - q[0])
    for (let i = 1; i < points.length; i++) {
      const [left, fLeft] = points[i - 1] as [number, number]
      const [right, fRight] = points[i] as [number, number]
      if (fLeft * fRight <= 0) {
        a = left
        fa = fLeft
        b = right
        fb = fRight
        break
      }
    }
  }
  return (a + b) / 2
}

/** Where a function with one peak is largest between `low` and `high`: golden section, to `tolerance`. */
export function findPeak(f: (x: number) => number, low: number, high: number, tolerance: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2
  let a = low
  let b = high
  let c = b - ratio * (b - a)
  let d = a + ratio * (b - a)
  let fc = f(c)
  let fd = f(d)
  while (b - a > tolerance) {
    if (fc > fd) {
      b = d
      d = c
      fd = fc
      c = b - ratio * (b - a)
      fc = f(c)
    } else {
      a = c
      c = d
      fc = fd
      d = a + ratio * (b - a)
      fd = f(d)
    }
  }
  return (a + b) / 2
}

/** What every sentence has to be that stands beside a number: read by a journalist, and of use to them. */

/** Mathematics, code, and what a value turns into by mistake. Percent, quotes, brackets and options are words. */
const NO_WORDS = /[=<>≤≥±×·Σ∑√∞→∆Δ{}[\]|^~\\\p{Script=Greek}]|\b(undefined|NaN|null|Infinity)\b|\[object/u

/** How a clause begins that tells the reader to do something. */
const DOES =
  /(?:^|[.:;,] |\band |\bor |\bThen |\bas a rule )(?:add|call|check|close|compare|correct|divide|do not|empty|export|find out|give|have|join|keep|leave|link|look|make|name|number|put|quote|raise|read|remove|rename|report|run|save|say|set|show|use|write)\b/iu

/** @returns what is wrong with the sentence, or null. */
export function notPlain(text: string): string | null {
  if (!/^[\p{Lu}\d"]/u.test(text)) return "does not begin like a sentence"
  if (!/[.)]$/u.test(text)) return "does not end like a sentence"
  if (text.length < 40 || text.length > 650) return "is no sentence or two"
  const symbol = NO_WORDS.exec(text)
  if (symbol !== null) return `holds "${symbol[0]}"`
  return DOES.test(text) ? null : "does not say what to do"
}

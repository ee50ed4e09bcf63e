/** RFC 9110 §12.5.3. */
export type Coding = "br" | "gzip" | "identity"

/** The smallest form that the header accepts, of those there are; identity where it names none of them. */
export function chooseCoding(header: string, available: readonly Coding[]): Coding {
  const accepted = new Map(header.toLowerCase().split(",").map(parseItem))
  const quality = (coding: Coding): number => accepted.get(coding) ?? accepted.get("*") ?? 0
  return (
    (["br", "gzip"] as const).find((coding) => available.includes(coding) && quality(coding) > 0) ??
    "identity"
  )
}

function parseItem(item: string): [string, number] {
  const [name = "", ...parameters] = item.split(";").map((part) => part.trim())
  const weight = parameters.find((parameter) => parameter.startsWith("q="))
  const quality = weight === undefined ? 1 : Number(weight.slice(2))
  return [name, Number.isNaN(quality) ? 0 : quality]
}

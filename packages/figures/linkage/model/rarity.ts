/**
 * Term frequencies: agreeing on a name that one in a thousand has says more than on one that every tenth has. The
 * chance u of agreement is replaced by the value's own (Winkler 2000): for full agreement its share among known values;
 * for the same name in another form, how often two people of that name would write it differently. Else the commonest
 * name of a region, in two spellings, would weigh more than the same spelling twice.
 */
import { NAME_SAME_IN_OTHER_FORM, nameLevel } from "../comparison/name-levels.ts"
import type { Field, NameDictionary } from "../records/fields.ts"
import { LEVELS } from "./fellegi-sunter.ts"
import type { TrainedModel } from "./train.ts"

/** Bits to add to the weight of a level, per distinct value; negative for common ones. */
export interface Rarity {
  readonly exact: Float32Array
  /** Null where a comparison has no such level. */
  readonly otherForm: Float32Array | null
}

export function rarityOf(
  field: Field,
  model: Pick<TrainedModel, "shapes" | "probabilities">,
  comparison: number,
  names: NameDictionary,
): Rarity {
  const u = (level: number): number =>
    Math.max(model.probabilities.u[comparison * LEVELS + level] ?? 1, 1e-12)
  let known = 0
  for (const count of field.counts) known += count
  const bits = (level: number, chance: number): number =>
    chance === 0 ? 0 : Math.log2(u(level) / (chance / known))
  const exact = model.shapes[comparison]?.exact ?? 0
  return {
    exact: Float32Array.from(field.counts, (count) => bits(exact, count)),
    otherForm:
      field.kind === "name"
        ? otherForms(field.counts, names).map((count) => bits(NAME_SAME_IN_OTHER_FORM, count))
        : null,
  }
}

/** The bits of a pair: of two forms the commoner name decides. */
export function rarityBits(
  rarity: Rarity,
  level: number,
  exact: number,
  codeA: number,
  codeB: number,
): number {
  if (level === exact) return rarity.exact[codeA] as number
  if (level !== NAME_SAME_IN_OTHER_FORM || rarity.otherForm === null) return 0
  return Math.min(rarity.otherForm[codeA] as number, rarity.otherForm[codeB] as number)
}

/**
 * Per name, in records: its forms together, f, times the chance that two records of them differ in form,
 * f (1 − Σ (f_i / f)²).
 */
function otherForms(counts: Int32Array, names: NameDictionary): Float32Array {
  const byForm = new Map<number, number[]>()
  counts.forEach((count, code) => {
    if (count === 0) return
    for (const word of names.words[code] ?? [])
      for (const form of word) {
        const known = byForm.get(form)
        if (known === undefined) byForm.set(form, [code])
        else known.push(code)
      }
  })
  return Float32Array.from(counts, (count, code) => {
    if (count === 0) return 0
    const near = new Set((names.words[code]?.[0] ?? []).flatMap((form) => byForm.get(form) ?? []))
    let together = count
    let squares = count ** 2
    for (const other of near) {
      if (other === code || nameLevel(names, code, other) !== NAME_SAME_IN_OTHER_FORM) continue
      const more = counts[other] as number
      together += more
      squares += more ** 2
    }
    return together - squares / together
  })
}

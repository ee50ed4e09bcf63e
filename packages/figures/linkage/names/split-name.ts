/** A whole name in one column, taken apart. The order of the parts is a guess; comparing allows for it. */
import { isPlaceholder } from "./fold-name.ts"
import { isPatronymic } from "./patronymic.ts"
import { asciiWord } from "./transliterate.ts"

export interface SplitName {
  readonly given: string
  readonly family: string
  readonly patronymic: string
}

const NAME_PARTICLES = /^(von|van|der|den|de|di|da|del|al|el|bin|ibn|af|zu|zur)$/i

/**
 * Takes a whole name apart: `Family, Given Patronymic`; `Family Given Patronymic` when a patronymic comes
 * last; `Given Patronymic Family` when one stands second; otherwise the last word, with its particles, is the
 * family name. One word alone is taken for a given name, as witnesses mostly know no more.
 */
export function splitName(value: string): SplitName {
  if (isPlaceholder(value)) return { given: "", family: "", patronymic: "" }
  const comma = value.indexOf(",")
  if (comma > 0) {
    const rest = words(value.slice(comma + 1))
    const patronymic = rest.find((word) => isPatronymic(asciiWord(word))) ?? ""
    return {
      family: value.slice(0, comma).trim(),
      given: rest.filter((word) => word !== patronymic).join(" "),
      patronymic,
    }
  }
  const parts = words(value)
  if (parts.length === 1) return { given: parts[0] ?? "", family: "", patronymic: "" }
  const at = parts.findIndex((word, index) => index > 0 && isPatronymic(asciiWord(word)))
  if (at > 0) {
    const patronymic = parts[at] ?? ""
    const isLast = at === parts.length - 1
    if (isLast && parts.length >= 3) {
      return { family: parts.slice(0, at - 1).join(" "), given: parts[at - 1] ?? "", patronymic }
    }
    return {
      given: parts.slice(0, at).join(" "),
      family: parts.slice(at + 1).join(" "),
      patronymic,
    }
  }
  let familyFrom = parts.length - 1
  while (familyFrom > 1 && NAME_PARTICLES.test(parts[familyFrom - 1] ?? "")) familyFrom--
  return {
    given: parts.slice(0, familyFrom).join(" "),
    family: parts.slice(familyFrom).join(" "),
    patronymic: "",
  }
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => asciiWord(word) !== "")

import { foldName } from "../names/fold-name.ts"
import type { VariantGroups } from "../names/name-variants.ts"
import type { NameDictionary } from "./fields.ts"

/** Collects names and gives each distinct light form one code. */
export class NameDictionaryBuilder {
  readonly #light: string[] = []
  readonly #heavy: string[] = []
  readonly #words: (readonly (readonly number[])[])[] = []
  readonly #codeByLight = new Map<string, number>()
  readonly #codeByValue = new Map<string, number>()
  readonly #numberByForm = new Map<string, number>()
  readonly #variants: VariantGroups

  constructor(variants: VariantGroups) {
    this.#variants = variants
  }

  /** The code of a name as written; −1 when it says nothing. */
  code(value: string): number {
    const known = this.#codeByValue.get(value)
    if (known !== undefined) return known
    const folded = foldName(value)
    let code = folded.light === "" ? -1 : this.#codeByLight.get(folded.light)
    if (code === undefined) {
      code = this.#light.length
      this.#light.push(folded.light)
      this.#heavy.push(folded.keys.map((forms) => forms[0] ?? "").join(" "))
      this.#words.push(folded.keys.map((forms) => this.#formNumbers(forms)))
      this.#codeByLight.set(folded.light, code)
    }
    this.#codeByValue.set(value, code)
    return code
  }

  build(): NameDictionary {
    return { light: this.#light, heavy: this.#heavy, words: this.#words }
  }

  #formNumbers(forms: readonly string[]): readonly number[] {
    const numbers: number[] = []
    for (const form of forms) {
      numbers.push(this.#number(form))
      for (const group of this.#variants.get(form) ?? []) numbers.push(this.#number(`group ${group}`))
    }
    return numbers
  }

  #number(form: string): number {
    const known = this.#numberByForm.get(form)
    if (known !== undefined) return known
    const next = this.#numberByForm.size
    this.#numberByForm.set(form, next)
    return next
  }
}

/** Controls for what nobody may find afterwards: texts and words live in their values alone (rule G19). */
import { element } from "../../view/element.ts"

export interface FieldOptions {
  readonly id: string
  readonly rows: number
  readonly readOnly?: boolean
  readonly className?: string
}

/**
 * No browser keeps, corrects, translates or sends its value. A value is a property, never an attribute or text: a page that
 * is saved does not hold it.
 */
export function privateField({
  id,
  rows,
  readOnly = false,
  className = "",
}: FieldOptions): HTMLTextAreaElement {
  const field = element("textarea", className)
  Object.assign(field, { id, rows, readOnly, spellcheck: false, autocomplete: "off", autocapitalize: "off" })
  field.setAttribute("autocorrect", "off")
  field.translate = false
  field.addEventListener("input", () => grow(field))
  return field
}

/** As tall as its text: newer browsers do it by style alone. */
export function grow(field: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return
  field.style.height = "auto"
  field.style.height = `${field.scrollHeight + 2}px`
}

export function put(field: HTMLTextAreaElement, value: string): void {
  field.value = value
  grow(field)
}

export function labelled(
  field: HTMLTextAreaElement,
  label: string,
  hint: HTMLElement | null = null,
): readonly HTMLElement[] {
  const name = element("label", "", label)
  name.htmlFor = field.id
  if (!hint) return [name, field]
  hint.id = `${field.id}-hint`
  field.setAttribute("aria-describedby", hint.id)
  return [name, hint, field]
}

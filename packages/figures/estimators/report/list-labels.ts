/** What lists are called in figures and tables, where a long name would push everything else aside. */
import { modelName, parseModelName } from "../log-linear/model.ts"
import { people } from "../people.ts"
import { escapeHtml } from "./markup.ts"

/** Letters of a name that fit beside a row of dots and into a row of a table. */
const SHORT = 12

export interface ListLabels {
  /** In the names of models. */
  readonly inModels: readonly string[]
  /** Beside the combinations. */
  readonly inFigure: readonly string[]
  /** HTML that says which letter is which list, with its size; empty where names stand for themselves. */
  readonly key: string
}

export function listLabels(lists: readonly { readonly name: string; readonly total: number }[]): ListLabels {
  const names = lists.map(({ name }) => name)
  const letters = names.map((_, list) => String.fromCharCode(65 + list))
  if (names.every((name) => name.length <= SHORT)) return { inModels: names, inFigure: names, key: "" }
  const key = lists.map(
    ({ name, total }, list) => `<li><b>${letters[list]}</b> ${escapeHtml(name)}: ${people(total)}</li>`,
  )
  return {
    inModels: letters,
    inFigure: names.map((name, list) => `${letters[list]} ${name}`),
    key: `<ul class="key">${key.join("")}</ul>`,
  }
}

/** The same model with other names for its lists. */
export function relabelled(model: string, names: readonly string[], labels: readonly string[]): string {
  const parsed = parseModelName(model, names)
  return parsed.ok ? modelName(parsed.value, { lists: labels }) : model
}

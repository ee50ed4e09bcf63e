import type { Speech } from "../../view/words.ts"
import type { Problem } from "../compose.ts"

export interface FieldProps {
  readonly problems: readonly Problem[]
}

const ROUNDS: Readonly<Record<string, string>> = {
  headline: "text.headline",
  description: "text.description",
  instruction: "text.instruction",
}

export function problemText(problem: Problem, { say, sayOr }: Speech): string {
  const slots: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(problem))
    if (typeof value !== "object") slots[name] = value as string | number
  if ("language" in problem)
    slots.language = sayOr(`languageOf.${problem.language}`, "languageOf.other", { tag: problem.language })
  if ("part" in problem) slots.part = sayOr(ROUNDS[problem.part] ?? "", "text.headline")
  if (problem.kind === "field-too-long") slots.count = problem.over
  return sayOr(`problem.${problem.kind}`, "error.mistake", slots) || say("error.mistake")
}

/** The sentence for one field, if it has a problem. */
export function problemAt(
  problems: readonly Problem[],
  field: Problem["field"],
  speech: Speech,
): string | undefined {
  const found = problems.find((problem) => problem.field === field)
  return found && problemText(found, speech)
}

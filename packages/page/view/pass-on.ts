/** A warning as a message with its code, ready to copy. */

import { equalBytes } from "@kunak/core/bytes/equal"
import type { Edition } from "@kunak/core/edition/verify"
import { textBlock } from "@kunak/core/forward/text-block"
import { resolveWarnings, shownWarnings } from "@kunak/core/warning/resolve"
import type { Warning } from "@kunak/core/warning/warning"
import { all, element } from "./element.ts"
import type { LaterPlace } from "./place.ts"

/** For each warning that stands, and each all-clear; in the place's language where the warning has it. */
export function offerMessages(place: LaterPlace, own: Edition): void {
  const { chain, warnings, vetoes, delegations } = own.bulletin
  const language = chain.current.charter.languages[place.index]?.tag ?? ""
  const shown = shownWarnings(resolveWarnings(warnings, vetoes, chain), own.header.issued)
  const offers = shown.flatMap(({ state, warning, by }, i) => {
    const passed = state === "cleared" ? by : state === "stands" ? warning : null
    const text = passed?.texts.find((one) => one.language === language)
    if (!passed || !text) return []
    const block = textBlock(passed, language, chain, delegations, proposalOf(passed, warnings))
    return block.ok ? [offer(place, `message-${place.index}-${i}`, text.headline, block.value)] : []
  })
  for (const region of all(place.root, ".pass")) region.replaceChildren(...offers)
}

const proposalOf = ({ core }: Warning, warnings: readonly Warning[]): Warning | null =>
  core.content.kind === "all-clear"
    ? (warnings.find(({ hash }) => equalBytes(hash, core.supersedes)) ?? null)
    : null

function offer({ speech }: LaterPlace, id: string, headline: string, block: string): HTMLElement {
  const label = element("label", "", speech.say("pass.copyLabel"))
  label.htmlFor = id
  const field = element("textarea", "message")
  Object.assign(field, { id, value: block, readOnly: true, rows: 6, spellcheck: false })
  const button = element("button", "quiet", speech.say("pass.copy"))
  button.type = "button"
  const done = element("p", "hint")
  done.setAttribute("role", "status")
  button.addEventListener("click", () => {
    void copy(field).then((copied) => {
      done.textContent = speech.say(copied ? "later.copied" : "later.copyFailed")
    })
  })
  return element(
    "details",
    "",
    element("summary", "", headline),
    label,
    field,
    element("p", "buttons", button),
    done,
  )
}

async function copy(field: HTMLTextAreaElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value)
    return true
  } catch {
    field.select()
    return document.execCommand("copy")
  }
}

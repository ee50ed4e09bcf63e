import enInstall from "../../../../docs/handbook/en/1-install.md?raw"
import enShift from "../../../../docs/handbook/en/2-first-shift.md?raw"
import enPeople from "../../../../docs/handbook/en/3-what-to-tell-people.md?raw"
import enDetained from "../../../../docs/handbook/en/4-when-a-colleague-is-detained.md?raw"
import enClosing from "../../../../docs/handbook/en/5-closing.md?raw"
import enLost from "../../../../docs/handbook/en/6-when-a-machine-is-lost.md?raw"
import ruInstall from "../../../../docs/handbook/ru/1-install.md?raw"
import ruShift from "../../../../docs/handbook/ru/2-first-shift.md?raw"
import ruPeople from "../../../../docs/handbook/ru/3-what-to-tell-people.md?raw"
import ruDetained from "../../../../docs/handbook/ru/4-when-a-colleague-is-detained.md?raw"
import ruClosing from "../../../../docs/handbook/ru/5-closing.md?raw"
import ruLost from "../../../../docs/handbook/ru/6-when-a-machine-is-lost.md?raw"
import type { UiLanguage } from "../../view/words.ts"
import { CHAPTERS } from "../chapters.ts"
import { type Block, parseMarkdown, textOf } from "../markdown.ts"

export interface Chapter {
  readonly id: string
  readonly title: string
  readonly blocks: readonly Block[]
}

const FILES: Readonly<Record<UiLanguage, readonly string[]>> = {
  en: [enInstall, enShift, enPeople, enDetained, enClosing, enLost],
  ru: [ruInstall, ruShift, ruPeople, ruDetained, ruClosing, ruLost],
}

/** The same files that docs/handbook/ shows, bundled: no network, no vault, nothing asked. */
export const handbook = (language: UiLanguage): readonly Chapter[] =>
  CHAPTERS.map(({ id }, i) => {
    const [title, ...blocks] = parseMarkdown(FILES[language][i] ?? "")
    return { id, title: title?.kind === "heading" ? textOf(title.inside) : id, blocks }
  })

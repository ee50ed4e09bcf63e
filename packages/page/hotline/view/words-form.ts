/** Where ten words are typed: completed by a space, counted, and an unknown one named with what it may have been. */
import type { Phrase } from "@kunak/core/phrase/phrase"
import { readPhrase } from "@kunak/core/phrase/read"
import { element } from "../../view/element.ts"
import { labelled, privateField, put } from "./field.ts"
import { button, buttons, type Hub, paragraph } from "./hub.ts"
import { listFor } from "./opening.ts"
import { completed, isForeign, languageOf, readTyped, withWord } from "./typed-words.ts"

export interface WordsForm {
  /** @param accept gets ten words of one list. */
  draw(how: string, accept: (phrase: Phrase) => void): readonly HTMLElement[]
}

export function wordsForm(hub: Hub): WordsForm {
  const field = privateField({ id: "ask-words", rows: 3 })
  const guess = privateField({ id: "ask-guess", rows: 1, readOnly: true })
  const told = paragraph("told", "")
  told.setAttribute("role", "status")
  const take = button("", "quiet", () => {
    const { unknown, count, offers } = reading()
    put(field, withWord(field.value, unknown ?? count, offers[0] ?? ""))
    field.focus()
    tell()
  })
  const offered = element("div", "")
  const preferred = () => listFor(hub.place().speech.language)
  const reading = () => readTyped(field.value, preferred())

  function tell(): void {
    const { speech } = hub.place()
    const { count, unknown, offers } = reading()
    const sentences = [
      speech.say("live.wordsCount", { count }),
      ...(unknown === null ? [] : [speech.say("live.wordsUnknown", { place: unknown })]),
    ]
    said(sentences.join(". "))
    guess.value = offers.join(" · ")
    offered.hidden = offers.length === 0
  }
  const said = (sentence: string): void => {
    if (told.textContent !== sentence) told.textContent = sentence
  }

  field.addEventListener("input", (event) => {
    const isAtEnd = field.selectionEnd === field.value.length
    const isTyped = (event as InputEvent).inputType !== "deleteContentBackward"
    if (isAtEnd && isTyped && !(event as InputEvent).isComposing && /\s$/.test(field.value)) {
      put(field, completed(field.value, preferred()))
    }
    tell()
  })

  function submit(accept: (phrase: Phrase) => void): void {
    const { speech } = hub.place()
    const language = languageOf(field.value.split(/\s+/), preferred())
    const read = readPhrase(language, field.value)
    if (read.ok) {
      accept(read.value)
      return
    }
    const { error } = read
    if (isForeign(field.value)) said(speech.say("live.wordsLetters"))
    else if (error.kind === "too-few" || error.kind === "too-many")
      said(speech.say(`live.${error.kind}`, { count: error.words }))
    else if (error.kind === "unknown-word") {
      tell()
      said(speech.say("live.wordsUnknown", { place: error.place }))
    } else said(speech.say("live.wordsNone"))
    field.focus()
  }

  return {
    draw: (how, accept) => {
      const { speech } = hub.place()
      const go = button(speech.say("live.go"), "", () => submit(accept))
      take.textContent = speech.say("live.wordsTake")
      offered.replaceChildren(...labelled(guess, speech.say("live.wordsGuess")), buttons(take))
      field.onkeydown = (event) => {
        if (event.key !== "Enter" || event.isComposing) return
        event.preventDefault()
        submit(accept)
      }
      tell()
      return [...labelled(field, speech.say("live.words"), paragraph("", how)), told, offered, buttons(go)]
    },
  }
}

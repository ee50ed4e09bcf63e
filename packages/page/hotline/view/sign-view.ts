/** Three pictures and a colour, each with its name. As secret as a text: in values of controls alone (rule G19). */
import { PICTURES, SIGN_COLOURS } from "@kunak/core/phrase/pictures"
import type { PhraseSign } from "@kunak/core/phrase/sign"
import { element } from "../../view/element.ts"
import { labelled, privateField } from "./field.ts"
import type { Hub, Opening } from "./hub.ts"
import { paragraph } from "./hub.ts"
import { listFor } from "./opening.ts"

/** Until it has been worked out, a sentence says that something happens. */
export function signView(hub: Hub, opening: Opening, id: string): HTMLElement {
  const { speech } = hub.place()
  const view = element("div", "sign", paragraph("working", speech.say("live.working")))
  void opening.sign.then((sign) => {
    const field = privateField({ id, rows: 4, readOnly: true })
    field.value = inWords(sign, listFor(speech.language))
    const swatch = element("input", "swatch")
    Object.assign(swatch, { type: "color", disabled: true, value: SIGN_COLOURS[sign.colour]?.hex ?? "" })
    swatch.setAttribute("aria-hidden", "true")
    view.replaceChildren(...labelled(field, speech.say("live.sign")), swatch)
  })
  return view
}

const inWords = ({ pictures, colour }: PhraseSign, language: "en" | "ru"): string =>
  [
    ...pictures.map((place) => `${PICTURES[place]?.emoji} ${PICTURES[place]?.names[language]}`),
    SIGN_COLOURS[colour]?.names[language] ?? "",
  ].join("\n")

import type { Area, CharterLanguage, Wording } from "../charter/charter.ts"

/** Languages, areas and wordings of the synthetic organisation, in the order Russian, English. */
export const sampleLanguages: readonly CharterLanguage[] = [
  {
    tag: "ru",
    organisation: "Горная линия",
    contact: "Пишите на help@line.example или приходите в бюро партнёра.",
    zoneName: "московское время",
    reviewer: "",
    reviewedTexts: new Uint8Array(32),
  },
  {
    tag: "en",
    organisation: "Mountain Line",
    contact: "Write to help@line.example or go to a partner's office.",
    zoneName: "Moscow time",
    reviewer: "",
    reviewedTexts: new Uint8Array(32),
  },
]

export const sampleAreas: readonly Area[] = [
  { id: 1, parent: 0, names: ["Северный Кавказ", "North Caucasus"] },
  { id: 2, parent: 1, names: ["Чечня", "Chechnya"] },
  { id: 3, parent: 1, names: ["Ингушетия", "Ingushetia"] },
  { id: 4, parent: 1, names: ["Дагестан", "Dagestan"] },
  { id: 5, parent: 2, names: ["Грозный", "Grozny"] },
  { id: 6, parent: 2, names: ["Аргун", "Argun"] },
]

export const sampleWordings: readonly Wording[] = [
  {
    id: 1,
    severity: "Extreme",
    urgency: "Immediate",
    certainty: "Likely",
    responses: ["Evacuate"],
    maxHours: 168,
    texts: [
      {
        headline: "Новая волна задержаний. Уезжайте как можно скорее",
        description: "С {since} задерживают людей. Где: {area}.",
        instruction:
          "Если можете уехать – уезжайте сейчас. Не звоните с обычного телефона. Удалите переписку и контакты.",
      },
      {
        headline: "New wave of detentions. Leave as soon as possible",
        description: "People have been detained since {since}. Where: {area}.",
        instruction:
          "If you can leave, leave now. Do not call from your usual phone. Delete chats and contacts.",
      },
    ],
  },
  {
    id: 2,
    severity: "Severe",
    urgency: "Immediate",
    certainty: "Observed",
    responses: ["Avoid"],
    maxHours: 72,
    texts: [
      {
        headline: "Проверки телефонов на дорогах",
        description: "С {since} на дорогах проверяют телефоны. Где: {area}.",
        instruction: "Не берите с собой телефон с перепиской. Если можно, отложите поездку.",
      },
      {
        headline: "Phones are being searched at checkpoints",
        description: "Phones have been searched on the roads since {since}. Where: {area}.",
        instruction: "Do not carry a phone with chats on it. Put the journey off if you can.",
      },
    ],
  },
]

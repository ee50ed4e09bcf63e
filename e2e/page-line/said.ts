/** What the hotline's buttons and sentences begin with, word for word as a person reads them. */
export const SAYS = {
  ru: {
    first: "Написать впервые",
    known: "Помню",
    send: "Отправить",
    back: "У меня есть десять слов",
    mine: "Да, мой",
    read: "Я прочитал",
    handedOver: "Передано. Страницу можно закрыть",
    notReadLong: "Сообщения здесь давно никто не читал",
    stopped: "Страница остановилась",
  },
  en: {
    first: "Write for the first time",
    known: "I know them",
    send: "Send",
    back: "I have ten words",
    mine: "Yes, it is mine",
    read: "I have read it",
    handedOver: "Handed over. You may close the page",
    notReadLong: "For a long time nobody has read the messages here",
    stopped: "This page has stopped",
  },
} as const

export type StepLanguage = keyof typeof SAYS

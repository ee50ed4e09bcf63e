/**
 * Texts to begin a reply from. Careful about what they promise: nothing that the organisation may not be able to do,
 * no name, place, number or link. `reviewed` becomes true when somebody who has worked on such a line, and speaks the
 * language as those who write do, has read a text; until then the window says that nobody has.
 */
import type { CannedText } from "../model.ts"

interface Canned {
  readonly id: string
  readonly reviewed: boolean
  readonly ru: { readonly title: string; readonly text: string }
  readonly en: { readonly title: string; readonly text: string }
}

const TEXTS: readonly Canned[] = [
  {
    id: "received",
    reviewed: false,
    ru: {
      title: "Прочитали, отвечаем",
      text: "Мы прочитали ваше сообщение. Вы правильно сделали, что написали. Мы готовим ответ. Пожалуйста, загляните сюда ещё раз, когда сможете сделать это спокойно: ответ будет ждать вас.",
    },
    en: {
      title: "Read, answer follows",
      text: "We have read your message. It was right to write. We are preparing an answer. Please look here again when you can do so safely: the answer will wait for you.",
    },
  },
  {
    id: "safe-now",
    reviewed: false,
    ru: {
      title: "Спросить, есть ли опасность сейчас",
      text: "Прежде всего: вы сейчас в безопасности? Может ли кто-то видеть ваш телефон или этот экран? Отвечайте коротко, «да» или «нет», без имён и адресов. Если писать опасно, ничего не пишите: сообщение от нас не пропадёт.",
    },
    en: {
      title: "Ask whether there is danger now",
      text: "First of all: are you safe right now? Can anybody see your phone or this screen? Answer briefly, yes or no, without names or addresses. If it is dangerous to write, write nothing: what we wrote will not be lost.",
    },
  },
  {
    id: "no-details",
    reviewed: false,
    ru: {
      title: "Попросить не писать подробностей",
      text: "Пожалуйста, не пишите сюда имён, адресов и номеров, своих и чужих. Расскажите, что случилось и что вам нужно, общими словами. О том, что понадобится знать точно, мы договоримся отдельно.",
    },
    en: {
      title: "Ask for no details",
      text: "Please write no names, addresses or numbers here, neither yours nor those of others. Tell us in general words what happened and what you need. What has to be known exactly we will arrange separately.",
    },
  },
  {
    id: "check-question",
    reviewed: false,
    ru: {
      title: "Договориться о контрольном вопросе",
      text: "Чтобы потом мы могли убедиться, что пишете именно вы, а вы – что отвечаем мы, давайте договоримся о вопросе и ответе. Придумайте вопрос, ответ на который знаете только вы и который нельзя угадать или найти. Не берите имён, дат и мест. Напишите нам вопрос и ответ. Если вас когда-нибудь заставят писать сюда, ответьте на этот вопрос по-другому: мы поймём и не подадим виду.",
    },
    en: {
      title: "Agree on a check question",
      text: "So that later we can be sure that it is you who writes, and you that it is us, let us agree on a question and an answer. Think of a question whose answer only you know and nobody can guess or find. Use no names, dates or places. Write us the question and the answer. If anybody ever forces you to write here, answer it in another way: we will understand and not show it.",
    },
  },
  {
    id: "ask-check",
    reviewed: false,
    ru: {
      title: "Задать контрольный вопрос",
      text: "Прежде чем продолжить, ответьте, пожалуйста, на вопрос, о котором мы договорились.",
    },
    en: {
      title: "Ask the check question",
      text: "Before we go on, please answer the question that we agreed on.",
    },
  },
  {
    id: "handed-over",
    reviewed: false,
    ru: {
      title: "Передали коллеге",
      text: "Дальше с вами будет переписываться наш коллега. Всё, что вы написали, он прочитал, повторять ничего не нужно.",
    },
    en: {
      title: "Handed over to a colleague",
      text: "From now on a colleague of ours will write with you. They have read all that you wrote, nothing has to be repeated.",
    },
  },
  {
    id: "cannot",
    reviewed: false,
    ru: {
      title: "Сами помочь не можем",
      text: "Мы должны честно сказать: с этим мы сами помочь не можем. Напишите, можно ли нам спросить, не называя вас, тех, кто может. Без вашего согласия мы никому ничего не передадим.",
    },
    en: {
      title: "We can't help with this ourselves",
      text: "We have to be honest: with this we can't help ourselves. Tell us whether we may ask those who can, without saying who you are. Without your consent we pass nothing on.",
    },
  },
  {
    id: "closing",
    reviewed: false,
    ru: {
      title: "Закончить разговор",
      text: "Мы закончим здесь разговор. Если что-то изменится, пишите снова теми же словами: мы увидим это сообщение. Слова никому не показывайте.",
    },
    en: {
      title: "Close the conversation",
      text: "We will end this conversation here. If anything changes, write again with the same words: we will see it. Show the words to nobody.",
    },
  },
]

export const cannedTexts = (language: "ru" | "en"): readonly CannedText[] =>
  TEXTS.map((canned) => ({ id: canned.id, ...canned[language], isReviewed: canned.reviewed }))

/** Texts of every kind that people write, each as it is typed on a phone: none may be cut or changed on its way. Synthetic. */

/** Of at most 900 bytes of SCSU, so that each goes into one part too. */
export const SHORT_TEXTS: Readonly<Record<string, string>> = {
  Russian: "Это Амина, выдуманная. Меня ищут – что делать? Ёлка, съезд, «кавычки» и тире — №5.",
  English: "This is Amina, who is made up. They’re looking for me – what now? “Quotes”, £5 and a café.",
  "Chechen with its palochka": "Со ю Амина. ГӀо де суна, дехар до. Ӏуьйранна, ӏаламат, пхьӏа, кхӏ, 1уьйре.",
  "Latin letters where the palochka is meant": "ГIо де суна: гlо, г|о.",
  "both languages in turn, letter by letter": "аaбbвcгdдeеfёgжhзi".repeat(8),
  "emoji, joined and coloured": "🌲 👋🏽 👩🏿‍⚕️ 👨‍👩‍👧‍👦 🏳️‍🌈 🇷🇺🇬🇧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 1️⃣ ☎︎ 🧑🏻‍🤝‍🧑🏾 🫱🏼‍🫲🏾",
  "emoji alone": "😱😭🙏🏼".repeat(12),
  Arabic: "أنا أمينة، شخصية خيالية. ماذا أفعل؟ لا إلٰه إلّا الله ١٢٣",
  "Hebrew with points": "שָׁלוֹם, אני אמינה",
  "right to left among left to right, with controls of direction":
    "Имя \u2067أمينة\u2069, телефон \u200e+7\u200f (000) \u202b١٢٣\u202c.",
  "letters with marks that no single letter has": "а̋ е̄ и́ ю̈ – уда́рение, x̂ q̃, e̊",
  "marks upon marks":
    `з\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349 и а\u0341`.normalize(
      "NFC",
    ),
  Georgian: "მე ვარ ამინა. რა ვქნა?",
  Armenian: "Ես Ամինան եմ։",
  Devanagari: "मैं अमीना हूँ। क्षत्रिय",
  Chinese: "我是阿米娜。𠮷野家。怎么办？",
  Korean: "저는 아미나입니다.",
  "letters of mathematics, beyond the first plane": "𝔸𝕞𝕚𝕟𝕒 𝐀𝐦𝐢𝐧𝐚",
  "joiners and spaces of no width": "ل\u200cا ل\u200dا а\u200bб в\u2060г\u00adд е\ufeffё",
  "spaces of every width, tabs and empty lines": "а\u00a0б\u2009в\u202fг\u3000д\tе\n\n\n  ж\n\tз   и",
  "what looks like code": "</textarea><script>alert('&amp;')</script> {span} %s &#8203; $0 \\n",
  "one letter": "я",
  "one emoji": "🆘",
}

/** At the limit of so many bytes of SCSU, and one letter below it. */
export function longTexts(bytes: number): Readonly<Record<string, string>> {
  const cyrillic = (length: number): string => `я${"ж".repeat(length - 2)}`
  /** As often as it fits, and the rest filled up. */
  const filled = (unit: string, each: number): string =>
    unit.repeat(Math.floor(bytes / each)) + "!".repeat(bytes % each)
  return {
    "Cyrillic to the limit": cyrillic(bytes),
    "Cyrillic, one letter less": cyrillic(bytes - 1),
    "Latin to the limit": `${"help ".repeat(bytes).slice(0, bytes - 1)}.`,
    "emoji to the limit": filled("🌲", 6),
    "another script with each letter, to the limit": filled("яé", 4),
    "sentences in lines, to the limit": `${"Мы вас слышим. Ждите нас дома.\n".repeat(bytes).slice(0, bytes - 2)}.`,
  }
}

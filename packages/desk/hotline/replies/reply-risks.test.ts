import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type RiskKind, replyRisks } from "./reply-risks.ts"

const PLACES = [
  "Северный Кавказ",
  "North Caucasus",
  "Чечня",
  "Chechnya",
  "Грозный",
  "Grozny",
  "Аргун",
  "Argun",
]
const kinds = (text: string): readonly RiskKind[] => replyRisks(text, PLACES).map(({ kind }) => kind)
const words = (text: string): readonly string[] => replyRisks(text, PLACES).map(({ words: found }) => found)

describe("what a reply gives away", () => {
  it.each<readonly [string, RiskKind, string]>([
    ["Спросите там Ахмеда, он вас встретит.", "name", "Ахмеда"],
    ["Вам поможет Зарема Исаева.", "name", "Зарема Исаева"],
    ["Ask for Madina at the desk.", "name", "Madina"],
    ["Наш адрес: улица Ленина, дом 5.", "address", "улица Ленина, дом 5"],
    ["Подойдите на ул. Гагарина 12 вечером.", "address", "ул. Гагарина 12"],
    ["Квартира свободна, кв. 14.", "address", "кв. 14"],
    ["It is at 12 Baker Street, wait there.", "address", "12 Baker Street"],
    ["The flat 7 is ready.", "address", "flat 7"],
    ["Мы знаем людей в Грозном.", "address", "Грозном"],
    ["мы знаем людей в грозном", "address", "грозном"],
    ["Это на Северном Кавказе.", "address", "Северном Кавказе"],
    ["We know people in Grozny.", "address", "Grozny"],
    ["Вы поедете из Назрани в Тбилиси.", "route", "из Назрани в Тбилиси"],
    ["Через Владикавказ ехать нельзя.", "route", "Через Владикавказ"],
    ["You go from Nazran to Tbilisi.", "route", "from Nazran to Tbilisi"],
    ["Мы встретим вас у рынка в 18:30.", "route", "встретим вас у рынка в 18:30"],
    ["Будьте на вокзале 14 марта.", "route", "вокзале 14 марта"],
    ["Be at the airport on 14/03.", "route", "airport on 14/03"],
    ["Позвоните +7 928 123-45-67.", "number", "+7 928 123-45-67"],
    ["Звоните 89281234567", "number", "89281234567"],
    ["Номер (495) 123 45 67 работает.", "number", "(495) 123 45 67"],
    ["Ваш рейс SU1204 завтра.", "number", "рейс SU1204"],
    ["The code 4417 opens it.", "number", "code 4417"],
    ["Напишите на help@line.example", "link", "help@line.example"],
    ["Прочтите https://line.example/a?b=1", "link", "https://line.example/a?b=1"],
    ["Найдите нас: t.me/kunak", "link", "t.me/kunak"],
    ["Пишите @kunak_line в телеграме", "link", "@kunak_line"],
  ])("is found: %s", (text, kind, found) => {
    expect(replyRisks(text, PLACES)).toContainEqual({ kind, words: found })
  })

  it.each([
    "Мы прочитали ваше сообщение. Вы правильно сделали, что написали.",
    "Здравствуйте! Мы здесь. Расскажите, что случилось?\nЧто вам нужно?",
    "Пожалуйста, не пишите имён. Я вернусь завтра в 18:30.",
    "Это было 14.01.2019, не так ли?",
    "Мы поможем Вам и Вашей семье.",
    "We have read it. I'm here, and I'll answer on Monday.",
    "You have 3 days, 12 hours and 5 minutes. The chance is 0.5, or 1 of 2.",
    "1. Соберите вещи.\n2. Ждите.\n– Никому не говорите.",
    "Он сказал: «Ждите нас». Мы ждём.",
    "От чего это зависит? Из дома не выходите. Через час напишем.",
    "Из-за этого в дом никто не придёт, до утра останьтесь.",
    "We move from one to two. From here to there.",
    "Обойдём. Обед. Село солнце. Ша! Пер. с английского нет.",
    "😀 Хорошо. ⚠️ Осторожно!",
  ])("is not found where it is not: %s", (text) => {
    expect(replyRisks(text, PLACES)).toEqual([])
  })

  it("the first word of a sentence is no name, the second with a capital is", () => {
    expect(words("Конечно, мы поможем. Спросите Лейлу.")).toEqual(["Лейлу"])
  })

  it("a stretch of text is said once, in the order of the text", () => {
    const text = "Из Назрани в Тбилиси, звоните 89281234567, спросите Мадину."
    expect(kinds(text)).toEqual(["route", "number", "name"])
  })

  it("whatever is typed, it answers, and every finding stands in the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (text) => {
        for (const { words: found } of replyRisks(text, PLACES)) expect(text).toContain(found)
      }),
    )
  })

  it("takes time in proportion to the text: a long reply is judged while it is typed", () => {
    for (const piece of ["A ", "Аб ", "1 ", "1-", "ул. ", "из А ", "встреча ", "a.", "@a", "(", "д. "]) {
      const start = performance.now()
      replyRisks(piece.repeat(14_000 / piece.length), PLACES)
      expect(performance.now() - start).toBeLessThan(2_000)
    }
  })
})

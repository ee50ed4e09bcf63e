/**
 * Rule B3: NFC, well-formed, and nothing that a reader can't see. Control letters but the line feed, marks
 * that turn the direction of writing, zero-width letters and tags would let two texts look alike and differ.
 */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

/** Made once: a set of so many letters takes longer to compile than a text to read. */
const EACH_UNSEEN = new RegExp(UNSEEN.source, "gu")

export const isPlainText = (text: string): boolean =>
  text.isWellFormed() && text.normalize("NFC") === text && !UNSEEN.test(text)

/** Typed or pasted text made plain: NFC, line ends to LF, unseen letters dropped, spaces at line ends dropped. */
export const toPlainText = (typed: string): string =>
  typed
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029/g, "\n")
    .replaceAll("\t", " ")
    .replace(EACH_UNSEEN, "")
    .replaceAll("\ufffd", "")
    .normalize("NFC")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trim()

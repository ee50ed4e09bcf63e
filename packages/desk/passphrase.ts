/** What a passphrase for a vault must be: length alone, since words that people choose defeat other rules. */
export const LEAST_PASSPHRASE_LETTERS = 12

/** Letters as people count them, spaces at the ends apart. */
export const passphraseLetters = (typed: string): number =>
  [...new Intl.Segmenter().segment(typed.normalize("NFKC").trim())].length

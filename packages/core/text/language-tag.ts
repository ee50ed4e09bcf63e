import type { ByteReader } from "../bytes/reader.ts"

/** A language and perhaps one subtag of BCP 47, lower case: "ru", "en", "sr-latn". Sorts alike as text and as bytes. */
const FORM = /^[a-z]{2,3}(-[a-z0-9]{2,8})?$/

/** Fails the reader for any other form. */
export function readLanguageTag(from: ByteReader): string {
  const tag = from.text(12)
  if (!FORM.test(tag)) from.fail()
  return tag
}

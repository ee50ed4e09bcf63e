/**
 * What stands behind "#/hotline/" in the window's address. A browser keeps addresses in its history, on a disk that nobody
 * encrypts for us: so the address has a name that means something in this loaded page alone, and never a thread's id. It
 * begins with the page's own mark: a page that is loaded again gives other names, so that neither a link
 * to its first thread nor the way back leads by an old name to another person's conversation.
 */
const mark = Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) =>
  byte.toString(36).padStart(2, "0"),
).join("")
const ids: string[] = []
const NAME = /^([a-z\d]{8})_(\d{1,6})$/

/** The same id has the same name until the tab is closed or loaded again. */
export function placeName(id: string): string {
  const known = ids.indexOf(id)
  return `${mark}_${known >= 0 ? known + 1 : ids.push(id)}`
}

/** A name of an earlier page leads nowhere. What has no name's form is taken as an id: it leads where it always led. */
export function placeId(name: string): string {
  const [, of, number] = NAME.exec(name) ?? []
  if (of === undefined) return name
  return of === mark ? (ids[Number(number) - 1] ?? "") : ""
}

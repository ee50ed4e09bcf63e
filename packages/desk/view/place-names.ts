/**
 * What stands behind "#/hotline/" in the window's address. A browser keeps addresses in its history, on a disk that nobody
 * encrypts for us: so the address has a number that means something in this tab alone, and never a thread's id.
 */
const ids: string[] = []

/** The same id has the same name until the tab is closed or loaded again. */
export function placeName(id: string): string {
  const known = ids.indexOf(id)
  return String(known >= 0 ? known + 1 : ids.push(id))
}

/** A name that this tab did not give is taken as an id: it leads where it always led, or nowhere. */
export const placeId = (name: string): string =>
  /^\d{1,6}$/.test(name) ? (ids[Number(name) - 1] ?? "") : name

/** Pages for the phone frame, under unguessable names, few and short-lived. */
import type { Random } from "@kunak/core/keys"

const MOST_PAGES = 4

export interface NamedPages {
  put(html: string): string
  get(name: string): string | null
}

export function makeNamedPages(random: Random): NamedPages {
  const pages = new Map<string, string>()
  return {
    put: (html) => {
      const name = Buffer.from(random(24)).toString("base64url")
      pages.set(name, html)
      for (const oldest of pages.keys()) {
        if (pages.size <= MOST_PAGES) break
        pages.delete(oldest)
      }
      return name
    },
    get: (name) => pages.get(name) ?? null,
  }
}

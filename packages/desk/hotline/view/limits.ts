/** Letters that the desk keeps of what staff type, as ../routes.ts takes them. */
export const MOST_LETTERS = { label: 60, note: 1900, question: 300, reply: 60_000 } as const

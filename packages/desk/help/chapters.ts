/** The handbook's chapters: one file each in docs/handbook/<language>/, of the same name in every language. */
export const CHAPTERS = [
  { id: "install", file: "1-install.md" },
  { id: "shift", file: "2-first-shift.md" },
  { id: "people", file: "3-what-to-tell-people.md" },
  { id: "detained", file: "4-when-a-colleague-is-detained.md" },
  { id: "closing", file: "5-closing.md" },
  { id: "lost", file: "6-when-a-machine-is-lost.md" },
] as const

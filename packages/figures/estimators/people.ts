/** 12345.6 → "12,346": numbers of people in sentences and pictures; `null` → "–". */
export const people = (value: number | null): string =>
  value === null ? "–" : Math.round(value).toLocaleString("en")

/**
 * One line of CSV. A value that a spreadsheet would run as a formula gets an apostrophe: lists come from
 * strangers.
 */
export function csvLine(values: readonly (string | number)[]): string {
  return `${values.map((value) => (typeof value === "number" ? String(value) : csvValue(value))).join(",")}\n`
}

function csvValue(value: string): string {
  const safe = /^[=+@\t\r]/.test(value) || /^-[^\d\s]/.test(value) ? `'${value}` : value
  return /[",\n\r;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** What a reader must know about a linkage before its numbers. Warnings stand first in every output. */
export interface Note {
  readonly severity: "warning" | "note"
  /** Stable kebab-case word for programs. */
  readonly code: string
  /** One or two sentences for a person. */
  readonly text: string
}

export const warning = (code: string, text: string): Note => ({ severity: "warning", code, text })
export const note = (code: string, text: string): Note => ({ severity: "note", code, text })

/** 12345 → "12,345": every count in a sentence is printed so. */
export const counted = (value: number): string => Math.round(value).toLocaleString("en-GB")

/** 0.1234 → "12 %". Below one per cent with one decimal. */
export function percent(share: number): string {
  const value = share * 100
  return `${value > 0 && value < 1 ? value.toFixed(1) : Math.round(value)} %`
}

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

/** 0.1234 → "12 %". Within one per cent of nothing or of all with one decimal: "100 %" is all of them, never nearly all. */
export function percent(share: number): string {
  const value = share * 100
  if (value > 99 && value < 100) return `${Math.min(value, 99.9).toFixed(1)} %`
  return `${value > 0 && value < 1 ? value.toFixed(1) : Math.round(value)} %`
}

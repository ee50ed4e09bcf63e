/** CAP 1.2's own words, in its order, most serious first: their index is what is signed. */
export const SEVERITIES = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"] as const
export const URGENCIES = ["Immediate", "Expected", "Future", "Past", "Unknown"] as const
export const CERTAINTIES = ["Observed", "Likely", "Possible", "Unlikely", "Unknown"] as const
export const RESPONSES = [
  "Shelter",
  "Evacuate",
  "Prepare",
  "Execute",
  "Avoid",
  "Monitor",
  "Assess",
  "AllClear",
  "None",
] as const

export type Severity = (typeof SEVERITIES)[number]
export type Urgency = (typeof URGENCIES)[number]
export type Certainty = (typeof CERTAINTIES)[number]
export type Response = (typeof RESPONSES)[number]

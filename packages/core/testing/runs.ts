/**
 * How often a property is tried: `quick` times in npm test, KUNAK_RUNS times as often in npm run check.
 */
export const runs = (quick: number): number => quick * Number(process.env.KUNAK_RUNS ?? 1)

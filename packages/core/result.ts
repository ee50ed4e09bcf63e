/** What input or the world can cause is returned, not thrown. */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E }

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value })
export const err = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error })

/** The value of a result that only a programmer's mistake can spoil. @throws TypeError with the error's kind. */
export function must<T, E extends { readonly kind: string }>(result: Result<T, E>): T {
  if (result.ok) return result.value
  throw new TypeError(`unexpected: ${result.error.kind}`)
}

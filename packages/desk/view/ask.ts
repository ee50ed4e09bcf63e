/** The window's only way to speak: one POST to the desk that served it. */

export interface AskError {
  readonly kind: string
  readonly [slot: string]: string | number
}
export type Asked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: AskError }

const KEY = "kunak-key"

async function post<T>(path: string, body: object): Promise<Asked<T>> {
  let answer: Response
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", "kunak-key": sessionStorage.getItem(KEY) ?? "" },
      body: JSON.stringify(body),
    })
  } catch {
    return { ok: false, error: { kind: "desk-gone" } }
  }
  const parsed = (await answer.json().catch(() => null)) as { value?: T; error?: AskError } | null
  if (answer.ok && parsed && "value" in parsed) return { ok: true, value: parsed.value as T }
  return { ok: false, error: parsed?.error ?? { kind: "mistake" } }
}

/** @param path below /api/. */
export const ask = <T>(path: string, body: object = {}): Promise<Asked<T>> => post<T>(`/api/${path}`, body)

/**
 * Trades the one-time token in the address for a session and wipes it from the address.
 * Without a token there may be a session already: a reload of this tab.
 */
export async function signIn(): Promise<boolean> {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1]
  if (!token) return sessionStorage.getItem(KEY) !== null
  history.replaceState(null, "", "/")
  const answer = await post<{ key: string }>("/session", { token })
  if (answer.ok) sessionStorage.setItem(KEY, answer.value.key)
  return answer.ok
}

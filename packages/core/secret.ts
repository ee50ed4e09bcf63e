const hidden = new WeakMap<Secret<unknown>, unknown>()

/** A value that never prints: not by `String`, JSON, template or inspection. Opened by `reveal` alone. */
export class Secret<T> {
  constructor(value: T) {
    hidden.set(this, value)
  }
  toString(): string {
    return "[secret]"
  }
  toJSON(): string {
    return "[secret]"
  }
  get [Symbol.toStringTag](): string {
    return "secret"
  }
}

/** The one searchable door to a secret. @throws TypeError once it has been erased. */
export function reveal<T>(secret: Secret<T>): T {
  if (!hidden.has(secret)) throw new TypeError("this secret has been erased")
  return hidden.get(secret) as T
}

/** Overwrites the bytes and forgets them. JavaScript promises no more than this: copies made elsewhere stay. */
export function erase(secret: Secret<Uint8Array>): void {
  if (hidden.has(secret)) reveal(secret).fill(0)
  hidden.delete(secret)
}

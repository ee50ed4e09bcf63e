/** A desk's own interface as its window uses it: over HTTP, with a session, after the passphrase. */
import { request } from "node:http"

export interface Said<T = unknown> {
  /** 0: nobody answered. */
  readonly status: number
  readonly value: T | undefined
  readonly error: { readonly kind: string } | undefined
}

export class DeskWindow {
  readonly #port: number
  #session: Readonly<Record<string, string>> = {}

  constructor(port: number) {
    this.#port = port
  }

  /** @param address as the desk prints it. @returns whether it opened. */
  async open(address: string, passphrase: string): Promise<boolean> {
    const token = new URL(address).hash.replace("#token=", "")
    const { status, value, cookie } = await this.#post<{ key: string }>("/session", { token })
    if (status !== 200 || !value) return false
    this.#session = { cookie, "kunak-key": value.key }
    return (await this.unlock(passphrase)).status === 200
  }

  unlock(passphrase: string): Promise<Said> {
    return this.ask("unlock", { passphrase, enrolmentPassphrase: "", language: "en" })
  }

  /** POST below /api/. Never rejects. */
  ask<T = unknown>(path: string, body: unknown = {}): Promise<Said<T>> {
    return this.#post<T>(`/api/${path}`, body)
  }

  #post<T>(path: string, body: unknown): Promise<Said<T> & { readonly cookie: string }> {
    const authority = `127.0.0.1:${this.#port}`
    const headers = {
      host: authority,
      origin: `http://${authority}`,
      "sec-fetch-site": "same-origin",
      "content-type": "application/json",
      ...this.#session,
    }
    return new Promise((resolve) => {
      const nobody = { status: 0, value: undefined, error: undefined, cookie: "" }
      const asked = request(
        { host: "127.0.0.1", port: this.#port, method: "POST", path, headers, agent: false },
        (answer) => {
          const parts: Buffer[] = []
          answer.on("data", (part: Buffer) => parts.push(part))
          answer.on("error", () => resolve(nobody))
          answer.on("end", () => {
            const said = JSON.parse(Buffer.concat(parts).toString()) as Omit<Said<T>, "status">
            const cookie = answer.headers["set-cookie"]?.[0]?.split(";")[0] ?? ""
            resolve({ status: answer.statusCode ?? 0, value: said.value, error: said.error, cookie })
          })
        },
      )
      asked.on("error", () => resolve(nobody))
      asked.end(JSON.stringify(body))
    })
  }
}

/** What a person may set; kept in the vault. */
export interface Settings {
  readonly language: "ru" | "en"
  readonly theme: "system" | "light" | "dark"
  readonly idleMinutes: number
  /** "host:port" of a SOCKS5 proxy, "" for none. */
  readonly proxy: string
}

export const IDLE_MINUTES = { least: 1, most: 120 } as const

/** Something that takes what strangers send. */
export interface Target {
  readonly name: string
  /** How its inputs are bent: as bytes, as letters, or as a tree of JSON. */
  readonly form: "bytes" | "text" | "json"
  /** Sound inputs, to begin with. */
  readonly samples: readonly Uint8Array[]
  /** Inputs of it to one of a plain decoder's. */
  readonly weight: number
  /** @throws anything, where what must not happen has happened. */
  readonly take: (input: Uint8Array) => void | Promise<void>
}

/** What must not happen. */
export class Broken extends Error {}

export function mustHold(holds: boolean, what: string): void {
  if (!holds) throw new Broken(what)
}

/** A group shares what is dear to make; `close` ends it, and looks at what it may have left behind. */
export interface Group {
  readonly targets: readonly Target[]
  readonly close: () => Promise<void>
}

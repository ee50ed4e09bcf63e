/** Photographs of a poster's code as cheap phones take them: turned, in perspective, noisy, badly lit. */
import { crc32, deflateSync } from "node:zlib"
import encodeQR from "qr"

export interface Photo {
  /** Pixels of the longer edge; the code fills about three quarters of it. */
  readonly edge?: number
  readonly degrees?: number
  /** 0 is head on; 0.25 makes the far edge a quarter shorter. */
  readonly perspective?: number
  /** Standard deviation of each pixel's brightness, of 255. */
  readonly noise?: number
  /** Brightness lost towards one corner, of 255. */
  readonly shade?: number
}

/** A PNG, grey scale. */
export function photograph(code: string, photo: Photo = {}): Buffer {
  const { edge = 900, degrees = 0, perspective = 0, noise = 0, shade = 0 } = photo
  const modules = encodeQR(code, "raw", { ecc: "low", border: 4 })
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const size = modules.length
  const random = gaussian(7)
  const rows: Buffer[] = []
  for (let y = 0; y < edge; y++) {
    const row = Buffer.alloc(edge + 1)
    for (let x = 0; x < edge; x++) {
      const [u, v] = [x / edge - 0.5, y / edge - 0.5]
      // A plane that leans back: further up is further away.
      const depth = 1 - perspective * (v - 0.5)
      const [px, py] = [(u * cos + v * sin) * depth, (v * cos - u * sin) * depth]
      const [column, line] = [Math.floor((px / 0.75 + 0.5) * size), Math.floor((py / 0.75 + 0.5) * size)]
      const isDark = modules[line]?.[column] ?? false
      const light = (isDark ? 45 : 225) - shade * (u + v + 0.5) + noise * random()
      row[x + 1] = Math.max(0, Math.min(255, Math.round(light)))
    }
    rows.push(row)
  }
  return png(edge, edge, Buffer.concat(rows))
}

/** Box–Muller over a small linear congruential generator: the same picture every time. */
function gaussian(seed: number): () => number {
  let state = seed
  const uniform = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return (state + 1) / 2 ** 31
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** PNG (ISO/IEC 15948), eight-bit grey; `rows` each begin with filter type 0. */
function png(width: number, height: number, rows: Buffer): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 8
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, check])
}

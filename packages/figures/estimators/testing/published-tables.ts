/** Tables that others published, with what they found. */
import { type CaptureTable, captureTable } from "../capture-table.ts"

/** "110:54 101:6": the first digit is the first list. */
export function tableOf(lists: readonly string[], text: string): CaptureTable {
  const result = captureTable(
    lists,
    text.split(/\s+/).map((cell) => {
      const [history = "", count = ""] = cell.split(":")
      const mask = [...history].reduce((bits, digit, list) => (digit === "1" ? bits | (1 << list) : bits), 0)
      return [mask, Number(count)] as const
    }),
  )
  if (!result.ok) throw new Error(result.error.kind)
  return result.value
}

/** Killings in Kosovo, March to June 1999. Source: Ball et al. (2002), Killings and Refugee Flow in Kosovo. */
export const kosovo = tableOf(
  ["EXH", "ABA", "OSCE", "HRW"],
  "1000:1131 0100:845 1100:177 0010:936 1010:228 0110:217 1110:181 0001:306 1001:106 0101:31 1101:18 0011:123 1011:42 0111:32 1111:27",
)

/** Victims of trafficking, United Kingdom 2013. Source: Silverman (2014), with police and NCA joined. */
export const unitedKingdom = tableOf(
  ["LA", "NG", "PF+NCA", "GO", "GP"],
  "10000:54 01000:463 00100:995 00010:695 00001:316 11000:15 10100:19 10010:3 01100:62 01010:19 01001:1 00110:76 00101:11 00011:8 11100:1 11010:1 01110:4 11110:1",
)

/** Women deported to Palembang in the Second World War. Source: Ball, Shin & Yang (2018). */
export const korea = tableOf(["b", "c", "d"], "001:41 010:5 100:5 110:54 101:6 011:0 111:12")

/** Known diabetics in Casale Monferrato. Source: Bruno et al. (1994), Am. J. Epidemiol. 140; list totals 1,754, 452, 1,135, 173. */
export const casale = tableOf(
  ["clinic", "hospital", "prescriptions", "strips"],
  "1111:58 1110:157 1101:18 1100:104 1011:46 1010:650 1001:12 1000:709 0111:14 0110:20 0101:7 0100:74 0011:8 0010:182 0001:10",
)

/** Spina bifida in upstate New York: birth and death certificates, rehabilitation. Source: Hook, Albright & Cross (1980), Am. J. Epidemiol. 112. */
export const spinaBifida = tableOf(
  ["births", "deaths", "rehabilitation"],
  "001:60 010:49 011:4 100:247 101:112 110:142 111:12",
)

/** Hepatitis A in a college in Taiwan, by serum, hospital and questionnaire. Source: Chao et al. (2001), Stat. Med. 20. */
export const hepatitis = tableOf(["P", "Q", "E"], "111:28 110:21 101:17 011:18 100:69 010:55 001:63")

/** A census and two samples, stratum R3. Source: Darroch, Fienberg, Glonek & Junker (1993), JASA 88; Rivest (2011). */
export const census = tableOf(["E1", "E2", "E3"], "111:72 110:155 101:7 100:71 011:13 010:53 001:43")

/** Deaths from industrial injury, the three main lists. Source: Cormack, Chang & Smith (2000), Int. J. Epidemiol. 29. */
export const deathsAtWork = tableOf(
  ["death", "NTOF", "WCC"],
  "111:72 110:5 101:29 100:54 011:24 010:3 001:14",
)

/** Made so that models fail in each possible way. Source: Chan, Silverman & Vincent (2021). */
export const artificial = tableOf(["A", "B", "C"], "100:40 010:30 001:20 110:6")

/** How many letters at the end of a text do not fit into so many bytes of UTF-8: what an officer has to take out. */
export function lettersOver(text: string, mostBytes: number): number {
  let bytes = 0
  let over = 0
  for (const letter of text) {
    bytes += new TextEncoder().encode(letter).length
    if (bytes > mostBytes) over += 1
  }
  return over
}

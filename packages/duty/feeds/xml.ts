import { XMLBuilder } from "fast-xml-parser"

const builder = new XMLBuilder({
  attributeNamePrefix: "@",
  ignoreAttributes: false,
  format: true,
  suppressEmptyNode: true,
})

/** A document from nested objects: "@name" is an attribute, "#text" text, a list repeats its element. Escapes everything. */
export const xml = (document: object): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(document)}`

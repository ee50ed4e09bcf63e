/** Whether the document has come to its end without its last script. */
export const isCutOff = (): boolean => document.readyState === "complete" && !globalThis.readSquareCode

/** The commands by which the handbook's first chapter installs relay and duty, in their order. @param chapter its text. */
export const installCommands = (chapter: string): readonly string[] =>
  [...chapter.matchAll(/^ {4}((?:useradd|install|cp) .*)$/gm)].map(([, command = ""]) => command)

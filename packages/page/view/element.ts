/** Makes an element; text goes in as text, never as markup (rule G5). */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  if (className !== "") made.className = className
  made.append(...content)
  return made
}

export const all = <E extends HTMLElement = HTMLElement>(
  within: ParentNode,
  selector: string,
): readonly E[] => Array.from(within.querySelectorAll<E>(selector))

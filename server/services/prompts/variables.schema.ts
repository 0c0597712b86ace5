/** A `{{variable}}` of a prompt's content; the name is group 1. Made anew for each use: a global expression has state. */
export const variablePattern = () => /\{\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}\}/g

/** Names of the `{{variables}}` in a prompt, in order of first use. */
export function variablesOf(content: string): string[] {
  return [...new Set([...content.matchAll(variablePattern())].map((match) => match[1] ?? ''))]
}

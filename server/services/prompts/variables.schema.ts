/** A `{{variable}}` of a prompt's content; the name is group 1. Made anew for each use: a global expression has state. */
export const variablePattern = () => /\{\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}\}/g

/** A `{{> name}}` that stands for what another prompt serves on the same channel; the name, untrimmed, is group 1. */
export const includePattern = () => /\{\{>([^{}\n]+)\}\}/g

/** Names of the `{{variables}}` in a prompt, in order of first use. */
export const variablesOf = (content: string): string[] => namesIn(content, variablePattern())

/** Names of the prompts that a prompt includes, in order of first use. */
export const includesOf = (content: string): string[] => namesIn(content, includePattern())

const namesIn = (content: string, pattern: RegExp) => [
  ...new Set([...content.matchAll(pattern)].map((match) => (match[1] ?? '').trim()).filter((name) => name !== '')),
]

/** `at` is where its braces begin; `line` and `column` count from 1. */
export type Unclosed = { at: number; line: number; column: number; kind: 'variable' | 'include'; text: string }

/** A variable's name begins with a letter, a prompt's also with a digit. Linear: each part begins with what the one before is not. */
const OPENING = /\{\{(?:[ \t]*[A-Za-z_]|(>)[ \t]*[^\s{}])[^\s{},;:]*/y
const SHOWN = 40

/**
 * The first `{{variable` or `{{> include` whose braces never come to an end; null where there is none. Only an opening
 * that a name follows can be unclosed: JSON, LaTeX, JSX and other templates balance their braces, and stay text.
 */
export function unclosedIn(content: string): Unclosed | null {
  const open: { at: number; depth: number; found: RegExpExecArray }[] = []
  let depth = 0
  const [braces, opening] = [/[{}]/g, new RegExp(OPENING)]
  for (let brace = braces.exec(content); brace; brace = braces.exec(content)) {
    if (brace[0] === '{') {
      opening.lastIndex = brace.index
      const found = opening.exec(content)
      if (found) open.push({ at: brace.index, depth, found })
      depth += found ? 2 : 1
      if (found) braces.lastIndex = brace.index + 2
    } else {
      depth = Math.max(0, depth - 1)
      while (depth <= (open.at(-1)?.depth ?? -1)) open.pop()
    }
  }
  const [first] = open
  if (!first) return null
  const before = content.slice(0, first.at).split('\n')
  return {
    at: first.at,
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    kind: first.found[1] === '>' ? 'include' : 'variable',
    text: first.found[0].slice(0, SHOWN),
  }
}

export const unclosedText = ({ line, kind, text }: Unclosed) =>
  `line ${line}: the ${kind} ${text} is never closed. Close it with }}, or write { { where two braces are meant as text.`

/** `{{…}}` on one line that is neither a variable nor an include, and so is sent as it stands. */
export function otherBracesIn(content: string): string[] {
  const whole = /\{\{[^{}\n]*\}\}/g
  const ours = new RegExp(`^(?:${variablePattern().source}|${includePattern().source})$`)
  return [...new Set([...content.matchAll(whole)].map(([text]) => text).filter((text) => !ours.test(text)))]
}

/** Prompts may include prompts this deep; the SDK's own limit. */
export const DEEPEST_INCLUDE = 5

/** The content with the texts of what it includes; what is unknown, in a circle or too deep stays as it is. */
export function withIncludes(
  content: string,
  texts: ReadonlyMap<string, string>,
  path: readonly string[] = [],
): string {
  return content.replace(includePattern(), (whole, untrimmed: string) => {
    const name = untrimmed.trim()
    const text = texts.get(name)
    if (text === undefined || path.includes(name) || path.length >= DEEPEST_INCLUDE) return whole
    return withIncludes(text, texts, [...path, name])
  })
}

/** The content with its variables filled, where a value is known. Values are text, whatever braces they hold. */
export const withValues = (content: string, values: Readonly<Record<string, string>>) =>
  content.replace(variablePattern(), (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  )

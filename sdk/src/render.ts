import { EngramError } from './errors.js'
import type { Prompt } from './served.js'

export type Variables = Readonly<Record<string, string | number | boolean | null | undefined>>

export type RenderOptions = {
  /** What becomes of a variable without a value: an error that names it, or it is left as it stands. */
  missing?: 'error' | 'leave'
}

const VARIABLE = /\{\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}\}/g
/** Its name, untrimmed, is group 1. No two parts of it fit the same text: contents may be a megabyte. */
const INCLUDE = /\{\{>([^{}\n]+)\}\}/g
const DEEPEST = 5

/** Fills `{{variable}}`s; values stand as they are, whatever braces they hold. @throws EngramError `template` */
export function render(
  prompt: Pick<Prompt, 'name' | 'content'>,
  variables: Variables,
  options?: RenderOptions,
): string {
  const [include] = includesOf(prompt.content)
  if (include !== undefined)
    throw template(`${prompt.name} includes the prompt ${include}: render it with engram.render()`, include)
  return fill(prompt.name, prompt.content, variables, options)
}

export function fill(name: string, content: string, variables: Variables, { missing = 'error' }: RenderOptions = {}) {
  return content.replace(VARIABLE, (whole, variable: string) => {
    const value = Object.hasOwn(variables, variable) ? variables[variable] : undefined
    if (value !== undefined && value !== null) return String(value)
    if (missing === 'leave') return whole
    throw template(`${name} needs the variable ${variable}, which has no value`, variable)
  })
}

/** The content with what it includes, at most five deep. @throws EngramError `template` for a circle, with its path */
export async function withIncludes(
  prompt: Pick<Prompt, 'name' | 'content'>,
  read: (name: string) => Promise<Pick<Prompt, 'name' | 'content'>>,
  path: readonly string[] = [],
): Promise<string> {
  const here = [...path, prompt.name]
  const texts = new Map<string, string>()
  for (const name of includesOf(prompt.content)) {
    if (here.includes(name)) throw template(`Prompts include each other: ${[...here, name].join(' > ')}`, name)
    if (here.length > DEEPEST)
      throw template(`Prompts include each other more than ${DEEPEST} deep: ${[...here, name].join(' > ')}`, name)
    texts.set(name, await withIncludes(await read(name), read, here))
  }
  return prompt.content.replace(INCLUDE, (whole, name: string) => texts.get(name.trim()) ?? whole)
}

const includesOf = (content: string) => [
  ...new Set([...content.matchAll(INCLUDE)].map((match) => (match[1] ?? '').trim()).filter((name) => name !== '')),
]

const template = (message: string, field: string) => new EngramError('template', message, { field })

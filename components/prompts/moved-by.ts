import type { PageActivation } from '@/server/services/prompts/prompt-page'

/** Who moved a pointer and from where: "console · Ada", "key · ci, approved by Ada". Engram's own moves say so by name. */
export function movedBy({ by, from }: Pick<PageActivation, 'by' | 'from'>): string {
  switch (from) {
    case 'operator':
      return `console · ${by}`
    case 'key':
      return `key · ${by}`
    case 'system':
      return by
  }
}

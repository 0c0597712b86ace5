import { families, familyOf } from '@/db/redis/keys'
import type { FamilyKind } from './census.schema'
import { globEscape, globExpression } from './glob'

export type DeclaredFamily = { name: string; pattern: string; kind: FamilyKind; software: string | null }

/** Under which name a key is counted. */
export type Place = { of: 'known' | 'declared' | 'other'; name: string; pattern: string }

/** Ours by the catalogue, declared ones by their longest pattern that fits, and of all others the first part of the name. */
export function placer(declared: DeclaredFamily[]): (key: string) => Place {
  const patterns = declared
    .toSorted((a, b) => b.pattern.length - a.pattern.length)
    .map(({ name, pattern }) => ({ name, pattern, fits: globExpression(pattern) }))
  return (key) => {
    const known = familyOf(key)
    if (known) return { of: 'known', name: known, pattern: families[known].pattern }
    const foreign = patterns.find(({ fits }) => fits.test(key))
    if (foreign) return { of: 'declared', name: foreign.name, pattern: foreign.pattern }
    const prefix = prefixOf(key)
    return { of: 'other', name: prefix, pattern: prefix.startsWith('(') ? '*' : `${globEscape(prefix)}*` }
  }
}

const LONGEST_PREFIX = 60
/** Numbers, UUIDs, ULIDs, digests: a prefix of one key alone says nothing. */
const ID = /^(\d+|[0-9a-f]{8,}|[0-9A-HJKMNP-TV-Z]{26})$/i

/** `sess:` of `sess:4f…`, `:1:` of `:1:views.home`, `celery-` of `celery-task-meta-…`. */
export function prefixOf(key: string): string {
  const [prefix] = /^:?[^:]*:/.exec(key) ?? /^[^/]*\//.exec(key) ?? /^_*[^._-]*[._-]/.exec(key) ?? []
  if (prefix === undefined) return ID.test(key) ? '(ids)' : '(no prefix)'
  if (ID.test(prefix.slice(0, -1)) || prefix.length > LONGEST_PREFIX) return '(ids)'
  return prefix
}

import { createParser } from 'nuqs/server'
import type { Sort } from './column'

/** A table's order in an address: `cost.desc`. */
export const parseAsSort = createParser<Sort>({
  parse: (text) => {
    const match = /^(\w{1,20})\.(asc|desc)$/.exec(text)
    return match?.[1] ? { key: match[1], descending: match[2] === 'desc' } : null
  },
  serialize: ({ key, descending }) => `${key}.${descending ? 'desc' : 'asc'}`,
  eq: (a, b) => a.key === b.key && a.descending === b.descending,
})

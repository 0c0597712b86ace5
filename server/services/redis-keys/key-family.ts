import { families } from '@/db/redis/keys'

/** Where a family of Engram's own is looked at and changed. */
const screens: Record<keyof typeof families, string> = {
  prompts: '/prompts',
  answers: '/cache',
  promptAnswers: '/prompts',
  sessions: '/sessions',
  conversations: '/usage/conversations',
  limits: '/limits',
  budgets: '/usage/budgets',
  kv: '/cache/kv',
  leaderboards: '/leaderboards',
  memory: '/vectors',
  flags: '/flags',
  operators: '/settings',
  trash: '/cache/keys',
}

const byPrefix = Object.entries(families).map(([name, family]) => ({
  name: name as keyof typeof families,
  prefix: family.pattern.slice(0, -1),
  family,
}))

const OWN_PREFIX = 'engram:'
const asText = (key: Buffer) => key.subarray(0, 100).toString('latin1')

/** Whether a key is Engram's own: it is changed on its screen, where what belongs to it follows. */
export const isEngrams = (key: Buffer) => asText(key).startsWith(OWN_PREFIX)

/** The family of the catalogue that a key belongs to by its name; null for keys of others. */
export function familyNameOf(key: Buffer): keyof typeof families | null {
  return byPrefix.find(({ prefix }) => asText(key).startsWith(prefix))?.name ?? null
}

/** What the catalogue says about a key. */
export function familyOf(key: Buffer) {
  const name = familyNameOf(key)
  return name && { name, ...families[name], screen: screens[name] }
}

import type { SaveQuestion } from '@/server/services/usage/questions/questions.schema'

/** Questions that everybody asks; the others are what operators save. */
export const builtIn: SaveQuestion[] = [
  { name: 'Cost by user this month', path: '/usage', search: '?range=month&by=user' },
  { name: 'Conversations with refusals', path: '/usage/conversations', search: '?range=7d&problem=refused' },
  { name: 'Average latency by model in 7 days', path: '/usage', search: '?range=7d&by=model&sort=latency.desc' },
]

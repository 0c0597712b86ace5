import { Guard } from '@/server/services/prompts/guarded-rollout.schema'

/** A guard as it is being typed; an empty limit is not watched. */
export type GuardDraft = Record<'steps' | 'minutes' | 'requests' | 'cost' | 'latency' | 'errors' | 'hits', string>
export type GuardField = keyof GuardDraft

export const usualGuard: GuardDraft = {
  ...{ steps: '5, 25, 50, 100', minutes: '10', requests: '200' },
  ...{ cost: '20', latency: '30', errors: '1', hits: '5' },
}

const number = (text: string) => (text.trim() === '' ? NaN : Number(text.trim().replace(',', '.')))
const limit = (text: string) => (text.trim() === '' ? null : number(text))

/** Where the schema's path leads in the form. */
const fields: Record<string, GuardField> = {
  steps: 'steps',
  observeSeconds: 'minutes',
  minRequests: 'requests',
  'limits.costPercent': 'cost',
  'limits.latencyP95Percent': 'latency',
  'limits.errorRatePoints': 'errors',
  'limits.hitRatePoints': 'hits',
  limits: 'hits',
}
const NUMBER = 'Must be a number.'

/** The guard that a draft means, or what is wrong with which field; pure. */
export function prepareGuard(
  version: number,
  draft: GuardDraft,
): { guard: Guard | null; errors: Map<GuardField, string> } {
  const parsed = Guard.safeParse({
    version,
    steps: draft.steps
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map(number),
    observeSeconds: Math.round(number(draft.minutes) * 60),
    minRequests: number(draft.requests),
    limits: {
      costPercent: limit(draft.cost),
      latencyP95Percent: limit(draft.latency),
      errorRatePoints: limit(draft.errors),
      hitRatePoints: limit(draft.hits),
    },
  })
  if (parsed.success) return { guard: parsed.data, errors: new Map() }
  const errors = new Map<GuardField, string>()
  for (const { path, message, code } of parsed.error.issues) {
    const [head, next] = path.map(String)
    const field = fields[head === 'limits' && next ? `limits.${next}` : (head ?? '')] ?? 'steps'
    if (!errors.has(field)) errors.set(field, code === 'invalid_type' ? NUMBER : sentence(message))
  }
  return { guard: null, errors }
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`

import type { FlagRules } from '@/db/postgres/schema/flags'
import { BUCKETS, bucketOf } from '@/server/services/prompts/buckets'
import type { AskFlag, FlagAnswer } from './flags.schema'

/** As it stands in Redis: the rules of all, and those of single tenants instead. */
export type FlagDefinition = FlagRules & {
  name: string
  revision: number
  salt: string
  overrides: Record<string, FlagRules>
}

/** Hundredths of a percent as people write them: 1250 is "12.5". */
export const percentText = (share: number) => String(share / 100)

/**
 * Whether a flag is on for who asks, and why. What was said of the tenant holds instead of what was said of all; then who
 * is named gets it, and of the others those whose bucket is among the first `share` of 10,000 (docs/rollout-buckets.json).
 */
export function evaluateFlag(flag: FlagDefinition, { subject, groups = [], tenant }: AskFlag): FlagAnswer {
  const own = tenant !== undefined && Object.hasOwn(flag.overrides, tenant) ? flag.overrides[tenant] : undefined
  const rules = own ?? flag
  const of = own ? ` for ${tenant}` : ''
  const answer = (enabled: boolean, why: string) => ({ enabled, reason: `${enabled ? 'on' : 'off'}: ${why}` })
  if (!rules.enabled) return answer(false, `switched off${of}`)
  if (subject !== undefined && rules.users.includes(subject)) return answer(true, `user ${subject}${of}`)
  const group = groups.find((one) => rules.groups.includes(one))
  if (group !== undefined) return answer(true, `group ${group}${of}`)
  if (rules.share >= BUCKETS) return answer(true, `everybody${of}`)
  if (rules.share === 0) return answer(false, `only for named users and groups${of}`)
  const share = `the ${percentText(rules.share)} % of this flag${of}`
  if (subject === undefined) return answer(false, `no subject, to see whether it is in ${share}`)
  return bucketOf(flag.salt, subject) < rules.share ? answer(true, `in ${share}`) : answer(false, `not in ${share}`)
}

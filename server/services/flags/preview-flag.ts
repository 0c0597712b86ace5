import { selectFlag, selectSeenUsers } from '@/db/postgres/queries/flags'
import type { Stores } from '@/server/services/context'
import { evaluateFlag, type FlagDefinition } from './evaluate-flag'
import { keptRules, type PreviewFlag } from './flags.schema'
import { noSuchFlag } from './no-such-flag'

const SEEN_MS = 7 * 24 * 3_600_000
const MOST_USERS = 5_000

/**
 * Whom a change would reach: of the users whose calls were reported in the last seven days, how many would get the flag,
 * and how many would lose it. Groups are not known of them, so that only users and the share are counted.
 */
export async function previewFlag({ db }: Pick<Stores, 'db'>, { name, tenant, rules }: PreviewFlag) {
  const flag = await selectFlag(db, name)
  if (!flag) throw noSuchFlag(name)
  const kept = rules && keptRules(rules)
  const { [tenant ?? '']: _, ...others } = flag.overrides
  const after: FlagDefinition =
    tenant === null
      ? { ...flag, ...(kept ?? {}) }
      : { ...flag, overrides: kept ? { ...flag.overrides, [tenant]: kept } : others }
  const since = new Date(Date.now() - SEEN_MS)
  const seen = await selectSeenUsers(db, { tenant, since, limit: MOST_USERS })
  const counts = { seen: seen.length, before: 0, after: 0, gained: 0, lost: 0, most: seen.length === MOST_USERS }
  for (const { tenant: of, user } of seen) {
    const was = evaluateFlag(flag, { subject: user, tenant: of }).enabled
    const is = evaluateFlag(after, { subject: user, tenant: of }).enabled
    counts.before += Number(was)
    counts.after += Number(is)
    counts.gained += Number(is && !was)
    counts.lost += Number(was && !is)
  }
  return counts
}
export type FlagPreview = Awaited<ReturnType<typeof previewFlag>>

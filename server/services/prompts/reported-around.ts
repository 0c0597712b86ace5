import { reportedVersions } from '@/db/postgres/queries/reported-versions'
import type { Stores } from '@/server/services/context'
import type { LiveAnswer } from './what-was-live.schema'

/** Half an hour on either side of an instant: long enough to see who used what, short enough to be about it. */
export const AROUND_MS = 30 * 60_000
/** A version counts as live this long before and after: a call takes its time, and clocks differ. */
const GRACE_SECONDS = 60
const MOST_VERSIONS = 200

type Asked = { at: Date; tenant: string; channel: string }

/** Which versions a tenant's calls reported around an instant, and which of them the channel did not serve then. */
export async function reportedAround(
  db: Stores['db'],
  { at, tenant, channel }: Asked,
): Promise<LiveAnswer['reported']> {
  const [from, to] = [new Date(at.getTime() - AROUND_MS), new Date(at.getTime() + AROUND_MS)]
  const asked = { from, to, tenant, channel, graceSeconds: GRACE_SECONDS, limit: MOST_VERSIONS }
  const rows = await reportedVersions(db, asked)
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    versions: rows.map(({ name, version, calls, first, last, strayFirst, strayLast, ...stray }) => ({
      name,
      version,
      calls,
      first: first.toISOString(),
      last: last.toISOString(),
      stray: strayFirst &&
        strayLast && {
          calls: stray.strayCalls,
          first: strayFirst.toISOString(),
          last: strayLast.toISOString(),
          elsewhere: stray.elsewhere,
          nowhereCalls: stray.nowhereCalls,
        },
    })),
  }
}

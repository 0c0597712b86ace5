'use client'

import { useQuery } from '@tanstack/react-query'
import { Link } from '@/components/ui/link'
import { EmptyState } from '@/components/feedback/empty-state'
import { dayTime } from '@/components/format/instant'
import { connectLines, keyPlaceholder } from '@/components/settings/connect-lines'
import { connectHref } from '@/components/shell/topics'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import type { UsageTotals } from '@/server/services/usage/usage-totals'
import { usageHref, useUsage } from './search-params'

const HALF_RANGE_MS = 3 * 3_600_000

/** Nothing in this range: either nothing was ever reported, and how to, or where the newest call is. */
export function NoUsage({ totals }: { totals: UsageTotals }) {
  return <Card>{totals.newestAt ? <Elsewhere newestAt={totals.newestAt} asOf={totals.asOf} /> : <Never />}</Card>
}

function Elsewhere({ newestAt, asOf }: { newestAt: string; asOf: string }) {
  const { scope, params } = useUsage()
  const around = (ms: number) => new Date(Date.parse(newestAt) + ms).toISOString()
  const narrowed = [scope.provider, scope.model, scope.user, scope.prompt, scope.status].some((value) => value !== null)
  return (
    <EmptyState
      title={narrowed ? 'No call in this range passes these filters.' : 'No call in this range.'}
      hint={`The newest ${scope.tenant ? `of ${scope.tenant}` : 'one'} occurred at ${dayTime(newestAt, scope.timezone, asOf)}.`}
      action={
        <Button asChild>
          <Link
            href={usageHref('/usage', {
              tenant: scope.tenant,
              tz: params.tz,
              from: around(-HALF_RANGE_MS),
              to: around(HALF_RANGE_MS),
            })}
          >
            Show the hours around it
          </Link>
        </Button>
      }
    />
  )
}

function Never() {
  const { scope } = useUsage()
  const connect = useQuery(useTRPC().settings.connect.queryOptions())
  const [curl] = connectLines({
    gatewayUrl: connect.data?.gatewayUrl ?? '',
    key: keyPlaceholder,
    tenant: scope.tenant ?? 'acme',
  })
  return (
    <EmptyState
      title="No usage was reported yet."
      hint="Every call of a model that an application reports appears here within seconds. This line reports one:"
      command={connect.data && curl?.code}
      action={
        <Button asChild variant="primary">
          <Link href={connectHref}>Connect an application</Link>
        </Button>
      }
    />
  )
}

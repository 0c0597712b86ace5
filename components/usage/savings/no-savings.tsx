'use client'

import { useQuery } from '@tanstack/react-query'
import { EmptyState } from '@/components/feedback/empty-state'
import { keyPlaceholder } from '@/components/settings/connect-lines'
import { useTRPC } from '@/components/shell/trpc'
import { Card } from '@/components/ui/card'
import { useSavings } from './savings-params'

/** No hits: how an application puts an answer with what it cost, so that hits can say what they save. */
export function NoSavings() {
  const { input } = useSavings()
  const connect = useQuery(useTRPC().settings.connect.queryOptions())
  const command = `curl -X PUT '${connect.data?.gatewayUrl ?? ''}/v1/cache/answers/hello?tenant=${input.tenant ?? 'acme'}' \\
  -H 'authorization: Bearer ${keyPlaceholder}' -H 'content-type: application/json' \\
  -d '{"value":"Hi!","ttlSeconds":3600,"costUsd":"0.0042","prompt":{"name":"greeting","version":1}}'`
  return (
    <Card>
      <EmptyState
        title="No answer came from the cache in this range."
        hint="Put each answer with what it cost and the prompt version that made it: every later GET that hits counts as saved."
        command={connect.data && command}
      />
    </Card>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/shell/trpc'
import type { ModelLatency } from '@/server/services/usage/model-latencies'
import type { Breakdown, UsageScope } from '@/server/services/usage/usage.schema'

/** How long each model took, by its name, while models are what is looked at; null until that is known. */
export function useModelLatencies(scope: UsageScope, by: Breakdown): Map<string, ModelLatency> | null {
  const { data } = useQuery(useTRPC().usage.modelLatencies.queryOptions(scope, { enabled: by === 'model' }))
  return data ? new Map(data.models.map((one) => [one.model, one])) : null
}
